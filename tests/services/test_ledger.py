"""The ledger: activities, places on them, hours, and wider outcomes."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.support.people import Crew, days_ago, refer
from wellbeing_app.model import Activity, ClosingReason, OutcomeKind, Setting, Theme
from wellbeing_app.services import ledger, pathway
from wellbeing_app.services.errors import Invalid, NotAllowed, NotFound, NotYours, Superseded
from wellbeing_app.services.ledger import ActivityDetails

WALKS = ActivityDetails("Northtown Ramblers", "Walks", Theme.COMMUNITY_GROUP, Setting.GROUP, capacity=12)
VISITS = ActivityDetails("Kind Callers", "Visits", Theme.BEFRIENDING_PLUS, Setting.INDIVIDUAL)


@pytest.fixture
def visits(db: Session, crew: Crew) -> Activity:
    return ledger.add_activity(db, crew.mandy, VISITS)


def test_activities_are_the_managers_to_add_and_change(db: Session, crew: Crew, visits: Activity) -> None:
    with pytest.raises(Invalid) as refusal:
        ledger.add_activity(db, crew.mandy, VISITS)
    assert refusal.value.problems == {"name": "twice"}
    with pytest.raises(Invalid):
        ledger.add_activity(db, crew.mandy, ActivityDetails(" ", "x", Theme.EDUCATION, Setting.GROUP))
    ledger.edit_activity(db, crew.mandy, visits.id, WALKS, visits.version)
    assert (visits.title, visits.capacity) == ("Walks (Northtown Ramblers)", 12)
    with pytest.raises(Superseded):
        ledger.edit_activity(db, crew.mandy, visits.id, VISITS, 1)
    with pytest.raises(NotAllowed):
        ledger.add_activity(db, crew.asha, WALKS)
    with pytest.raises(NotFound):
        ledger.edit_activity(db, crew.mandy, uuid.uuid4(), WALKS, 1)


def test_a_place_has_hours_and_an_end(db: Session, crew: Crew, visits: Activity) -> None:
    episode = refer(db, crew.asha)
    placement = ledger.place(db, crew.asha, episode.id, visits.id, days_ago(20))
    assert ledger.place(db, crew.asha, episode.id, visits.id, days_ago(19)) is placement
    assert ledger.places_taken(db) == {visits.id: 1}
    for hours in ("1.5", "2"):
        ledger.add_hours(db, crew.asha, placement.id, days_ago(3), Decimal(hours))
    assert placement.total_hours == Decimal("3.5")
    ledger.end_placement(db, crew.asha, placement.id, days_ago(1))
    assert ledger.places_taken(db) == {}
    again = ledger.place(db, crew.asha, episode.id, visits.id, days_ago(0))
    assert [one.id for one in ledger.placements(db, episode)] == [again.id, placement.id]


def test_what_cannot_be_is_refused(db: Session, crew: Crew, visits: Activity) -> None:
    episode = refer(db, crew.asha)
    placement = ledger.place(db, crew.asha, episode.id, visits.id, days_ago(20))
    with pytest.raises(Invalid):
        ledger.place(db, crew.asha, episode.id, visits.id, days_ago(31))
    with pytest.raises(Invalid):
        ledger.place(db, crew.asha, episode.id, uuid.uuid4(), days_ago(2))
    for hours in ("0", "-1", "10000"):
        with pytest.raises(Invalid):
            ledger.add_hours(db, crew.asha, placement.id, days_ago(3), Decimal(hours))
    with pytest.raises(Invalid):
        ledger.end_placement(db, crew.asha, placement.id, days_ago(21))
    with pytest.raises(Invalid):
        ledger.add_group_hours(db, crew.mandy, visits.id, days_ago(1), Decimal(2))
    with pytest.raises(NotYours):
        ledger.add_hours(db, crew.carol, placement.id, days_ago(3), Decimal(1))
    with pytest.raises(NotFound):
        ledger.end_placement(db, crew.asha, uuid.uuid4(), None)


def test_wider_outcomes_are_those_that_were_said_last(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    work, walks = OutcomeKind.EMPLOYMENT, OutcomeKind.PHYSICAL_ACTIVITY
    ledger.set_outcomes(db, crew.asha, episode.id, {work: days_ago(5), walks: days_ago(4)})
    ledger.set_outcomes(db, crew.asha, episode.id, {walks: days_ago(2)})
    assert ledger.outcomes(db, episode.id) == {walks: days_ago(2)}
    with pytest.raises(Invalid) as refusal:
        ledger.set_outcomes(db, crew.asha, episode.id, {work: days_ago(31)})
    assert refusal.value.problems == {"employment": "before_referral"}


def test_the_list_has_the_closed_episodes_in_reach(db: Session, crew: Crew) -> None:
    mine, open_one, other = refer(db, crew.asha), refer(db, crew.asha), refer(db, crew.carol)
    for actor, episode in ((crew.asha, mine), (crew.carol, other)):
        pathway.close(db, actor, episode.id, days_ago(1), ClosingReason.COMPLETED)
    listed = {
        actor.name: {one.id for one in ledger.closed_lately(db, actor)} for actor in (crew.asha, crew.mandy)
    }
    assert listed == {"Asha": {mine.id}, "Mandy": {mine.id, other.id}}
    assert open_one.id not in listed["Mandy"]
