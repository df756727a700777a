"""What happens in the office while a tablet is out, and what the database says in the end."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import select, update

from tests.support.people import Crew, answers, refer, staff_of
from tests.support.server import LiveServer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Custody, Device, Episode, Occasion, Staff, Survey, SyncItem, Ticket
from wellbeing_app.services import answers as stored
from wellbeing_app.services import clock, merging, sessions, surveys, tickets
from wellbeing_app.services.access import Actor

FAULTS = {
    "nothing": 12,
    "person reassigned": 2,
    "person merged": 2,
    "visit withdrawn": 2,
    "recorded otherwise": 2,
    "account disabled": 1,
    "tablet revoked": 1,
    "server killed": 1,
}
ENDS_THE_PACKING = ("account disabled", "tablet revoked")
NEVER_RECORDED = ("visit withdrawn", "recorded otherwise")


def plan_visits(server: LiveServer, crew: Crew, number: int) -> list[tuple[str, uuid.UUID]]:
    """People with a planned baseline, by a name that no other has."""
    with server.database() as db:
        found = []
        for _ in range(number):
            name = f"P{uuid.uuid4().hex[:10]}"
            episode = refer(db, crew.asha, name)
            found.append((name, tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today()).id))
        return found


def session_token(server: LiveServer, actor: Actor) -> str:
    with server.database() as db:
        return sessions.start(db, staff_of(db, actor), "A tablet in the tests")


def wait(server: LiveServer, crew: Crew, fault: str, ticket: uuid.UUID) -> None:
    """Nothing happens yet, or any more."""


def happen(server: LiveServer, crew: Crew, fault: str, ticket_id: uuid.UUID) -> None:
    """This is done in the office now."""
    if fault == "server killed":
        server.kill()
        return server.start()
    with server.database() as db:
        ticket = db.get_one(Ticket, ticket_id)
        if fault == "person reassigned":
            ticket.episode.advisor_id = crew.carol.id
        elif fault == "person merged":
            kept = refer(db, crew.asha, "Kept").service_user
            merging.merge(db, crew.asha, kept.reference, ticket.episode.service_user.reference)
        elif fault == "visit withdrawn" and ticket.is_open:
            tickets.void(db, crew.asha, ticket_id)
        elif fault == "recorded otherwise" and ticket.is_open:
            surveys.record(db, crew.asha, ticket_id, answers({INSTRUMENT.keys[0]: 5}, helper="by telephone"))
        elif fault == "account disabled":
            db.execute(update(Staff).where(Staff.id == crew.asha.id).values(active=False))
        elif fault == "tablet revoked":
            db.execute(update(Device).values(revoked_at=clock.now()))
    return None


def make_good(server: LiveServer, crew: Crew) -> None:
    """The account is open again and the tablet allowed, so that it can be packed anew."""
    with server.database() as db:
        db.execute(update(Device).values(revoked_at=None))
        db.execute(update(Staff).where(Staff.id == crew.asha.id).values(active=True))


def assert_arrived(server: LiveServer, ticket: uuid.UUID, given: Mapping[str, str], fault: str) -> None:
    """One item is in custody, with these answers; and there is one survey at most."""
    with server.database() as db:
        items = db.scalars(select(SyncItem).where(SyncItem.ticket_id == ticket)).all()
        found = db.scalars(select(Survey).where(Survey.ticket_id == ticket)).all()
        episode = db.get_one(Episode, db.get_one(Ticket, ticket).episode_id)
        strays = db.scalars(select(SyncItem).where(SyncItem.ticket_id.is_(None))).all()
        assert strays == [], [(item.reason, item.kind) for item in strays]
        assert len(items) == 1, [(item.state, item.reason) for item in items]
        assert len(found) <= 1
        assert _said(items[0], found[0] if found else None) == dict(given)
        if fault == "nothing":
            assert episode.surveys or items[0].reason == "answers", items[0].reason


def _said(item: SyncItem, survey: Survey | None) -> dict[str, str]:
    if item.state is Custody.HELD:
        assert item.content is not None
        return {key: str(value) for key, value in item.content["answers"].items()}
    assert survey is not None
    assert item.survey_id == survey.id
    kept = stored.of_row(survey)
    return {key: str(score) for key, score in {**kept.scores, **kept.unanswered}.items()}
