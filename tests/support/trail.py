"""What the audit trail says, and how many queries something took."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from wellbeing_app.model import AuditEntry
from wellbeing_app.services.access import Actor


def trail(db: Session, person: uuid.UUID | None = None, actor: Actor | None = None) -> list[str]:
    """The actions on a person's record, or by an actor, in order."""
    query = select(AuditEntry.action).order_by(AuditEntry.at)
    if person is not None:
        query = query.where(AuditEntry.service_user_id == person)
    if actor is not None:
        query = query.where(AuditEntry.actor_id == actor.id)
    return list(db.scalars(query))


@contextmanager
def queries(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SAVEPOINT" not in statement:  # the tests' own
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
