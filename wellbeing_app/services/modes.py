"""A survey that is begun in one way and goes on in another: by telephone after a visit, say."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, ModeChange, Ticket
from wellbeing_app.services import audit, bulk, clock
from wellbeing_app.services.access import Actor

FIELD = "mode"


@dataclass(frozen=True)
class Change:
    """How a survey was done until that moment, by the server's clock, and for how many measures."""

    mode: Mode
    answered: int
    at: datetime


def note(
    db: Session, actor: Actor, ticket: Ticket, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Remember how it was done until now, if it goes on in another way half-way.

    One that goes straight back, with nothing answered in between, was a slip and is forgotten.
    """
    was, now = before.get(FIELD), after.get(FIELD)
    answered = sum(bool(before.get(f"answer-{key}")) for key in INSTRUMENT.keys)
    if was == now or was not in set(Mode) or now not in set(Mode) or not 0 < answered < len(INSTRUMENT.keys):
        return
    known = of_ticket(db, ticket.id)
    if known and (known[-1].mode, known[-1].answered) == (now, answered):
        db.delete(known[-1])
        return
    db.add(ModeChange(ticket_id=ticket.id, mode=Mode(was), answered=answered, at=clock.now(), by_id=actor.id))
    person = ticket.episode.service_user_id
    audit.record(db, actor, "mode_changed", person=person, subject=f"ticket:{ticket.id}", before=was, now=now)


def note_past(
    db: Session, actor: Actor, past: Sequence[tuple[uuid.UUID, Sequence[tuple[Mode, int]], datetime]]
) -> None:
    """What a file tells of them, by ticket, each a moment after the one before. The trail has its survey."""
    rows = [
        {
            "id": uuid.uuid4(),
            "ticket_id": ticket,
            "mode": mode,
            "answered": answered,
            "at": at + timedelta(microseconds=place),
            "by_id": actor.id,
        }
        for ticket, changes, at in past
        for place, (mode, answered) in enumerate(changes)
    ]
    bulk.insert_rows(db, ModeChange, rows)


def keep(
    db: Session, actor: Actor, person_id: uuid.UUID, ticket_id: uuid.UUID, changes: Iterable[Change]
) -> None:
    """Keep what a tablet noted, of a survey that it finished and that is recorded."""
    for one in changes:
        db.add(
            ModeChange(ticket_id=ticket_id, mode=one.mode, answered=one.answered, at=one.at, by_id=actor.id)
        )
        audit.record(
            db, actor, "mode_changed", person=person_id, subject=f"ticket:{ticket_id}", before=one.mode
        )


def of_ticket(db: Session, ticket_id: uuid.UUID) -> Sequence[ModeChange]:
    """How the survey of this ticket was done before, in order; for somebody already through the door."""
    changes = select(ModeChange).where(ModeChange.ticket_id == ticket_id)
    return db.scalars(changes.order_by(ModeChange.at)).all()
