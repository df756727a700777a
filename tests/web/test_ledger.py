"""The ledger's pages: from the record, from the list of closed episodes, and the manager's activities."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, days_ago, refer
from wellbeing_app.model import (
    Activity,
    ClosingReason,
    DeliveredHours,
    OutcomeKind,
    Placement,
    Setting,
    Theme,
)
from wellbeing_app.services import clock, ledger, pathway
from wellbeing_app.services.ledger import ActivityDetails

VISITS = {"provider": "Kind Callers", "name": "Visits", "theme": "befriending_plus", "setting": "individual"}
WALKS = ActivityDetails("Ramblers", "Walks", Theme.COMMUNITY_GROUP, Setting.GROUP)


def test_from_the_record_outcomes_places_hours_and_ends(client: Client, db: Session, crew: Crew) -> None:
    client.sign_in(crew.mandy)
    assert client.submit("/activities", {**VISITS, "active": "y"}).location == "/activities"
    activity = db.scalars(select(Activity)).one()
    episode = refer(db, crew.asha)
    client.sign_in(crew.asha)
    page = f"/episodes/{episode.id}/ledger"
    client.submit(
        page,
        {"do": "outcomes", "employment": "y", "training": "y", "training_on": f"{days_ago(3):%F}"},
    )
    assert ledger.outcomes(db, episode.id) == {
        OutcomeKind.EMPLOYMENT: clock.today(),
        OutcomeKind.TRAINING: days_ago(3),
    }
    client.submit(page, {"do": "place", "activity_id": str(activity.id), "began_on": f"{days_ago(9):%F}"})
    placement = db.scalars(select(Placement)).one()
    of_it = {"placement_id": str(placement.id)}
    client.submit(page, {"do": "hours", "hours": "1.5", "on": f"{days_ago(2):%F}", **of_it})
    client.submit(page, {"do": "end", "ended_on": f"{days_ago(1):%F}", **of_it})
    db.refresh(placement)
    assert (placement.began_on, placement.ended_on, float(placement.total_hours)) == (
        days_ago(9),
        days_ago(1),
        1.5,
    )
    shown = client.get(page).text
    assert "Hours so far: 1.5." in shown
    assert "Visits (Kind Callers)" in shown


def test_what_is_wrong_is_said_and_nothing_is_saved(client: Client, db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    client.sign_in(crew.asha)
    page = f"/episodes/{episode.id}/ledger"
    early = client.submit(page, {"do": "outcomes", "employment": "y", "employment_on": f"{days_ago(31):%F}"})
    assert early.status_code == 422
    assert "This is before the referral. Check the day." in early.text
    assert ledger.outcomes(db, episode.id) == {}
    assert (
        client.submit(
            page, {"do": "hours", "hours": "1", "on": f"{days_ago(1):%F}", "placement_id": "none"}
        ).status_code
        == 404
    )


def test_from_the_list_of_closed_episodes(client: Client, db: Session, crew: Crew) -> None:
    episodes = [refer(db, crew.asha, name) for name in ("Ada", "Bo")]
    for one in episodes:
        pathway.close(db, crew.asha, one.id, days_ago(1), ClosingReason.COMPLETED)
    ledger.set_outcomes(db, crew.asha, episodes[1].id, {OutcomeKind.TRAINING: days_ago(9)})
    client.sign_in(crew.asha)
    ticks = {"episodes": " ".join(str(one.id) for one in episodes)}
    ticks |= {
        f"{episodes[0].id}-employment": "y",
        f"{episodes[1].id}-training": "y",
        f"{episodes[1].id}-volunteering": "y",
    }
    assert client.submit("/outcomes", ticks).location == "/outcomes"
    assert ledger.outcomes(db, episodes[0].id) == {OutcomeKind.EMPLOYMENT: days_ago(1)}
    assert ledger.outcomes(db, episodes[1].id) == {
        OutcomeKind.TRAINING: days_ago(9),
        OutcomeKind.VOLUNTEERING: days_ago(1),
    }


def test_a_groups_hours_are_the_managers_to_write(client: Client, db: Session, crew: Crew) -> None:
    walks = ledger.add_activity(db, crew.mandy, WALKS)
    client.sign_in(crew.mandy)
    page = f"/activities/{walks.id}"
    assert "Please write a number." in client.submit(page, {"do": "hours", "hours": "many"}).text
    client.submit(page, {"do": "hours", "hours": "2", "on": f"{days_ago(1):%F}"})
    assert float(db.scalars(select(DeliveredHours.hours)).one()) == 2
    client.submit(page, {**VISITS, "active": "y", "version": str(walks.version)})
    db.refresh(walks)
    assert walks.title == "Visits (Kind Callers)"
