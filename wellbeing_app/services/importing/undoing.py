"""Taking out again what a file brought in, but nobody on whom somebody has worked since."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, or_, select, update
from sqlalchemy.orm import Session

from wellbeing_app.model import (
    Agreement,
    AuditEntry,
    Base,
    Episode,
    ServiceUser,
    Survey,
    SurveyRevision,
    Ticket,
)
from wellbeing_app.services import audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.importing import batches

AT_ONCE = 500
# What hangs on a row without being anybody's work on it.
NO_WORK = frozenset({"audit_entry", "survey", "survey_revision", "due", "paired_episode", "mode_change"})
LEDGER = frozenset({"placement", "delivered_hours", "wider_outcome"})
WORK_ON_LEDGER = ("placed", "hours_added", "placement_ended", "outcomes_set")
Owners = Mapping[str, Mapping[uuid.UUID, uuid.UUID]]


def undo(db: Session, actor: Actor, batch_id: uuid.UUID) -> Sequence[str]:
    """Take it out; returns the references of those who stay as they are, since somebody worked on them.

    Raises `Invalid` for a file that was not taken in, or undone already. The trail stays; of those who are
    gone it keeps the ids of their episodes and surveys, and no longer leads to a person.
    """
    batch = batches.find(db, actor, batch_id)
    if batch.committed_at is None or batch.undone_at is not None:
        raise Invalid({"file": "nothing_to_undo"})
    owners = _owners(db, batch_id)
    stay = _worked_on(db, batch_id, owners) | set(_in_the_ledger_since(db, batch.committed_at, owners))
    _take_out(
        db, {name: [one for one, who in own.items() if who not in stay] for name, own in owners.items()}
    )
    batch.undone_at = clock.now()
    kept = [
        reference
        for some in _chunks(stay)
        for reference in db.scalars(select(ServiceUser.reference).where(ServiceUser.id.in_(some)))
    ]
    audit.record(db, actor, "import_undone", subject=f"import:{batch.id}", stay=len(kept))
    db.expire_all()
    return sorted(kept)


def _owners(db: Session, batch_id: uuid.UUID) -> Owners:
    """The rows that came with the file, each with its person."""
    person = Episode.service_user_id
    queries = {
        "service_user": select(ServiceUser.id, ServiceUser.id).where(ServiceUser.import_batch_id == batch_id),
        "agreement": select(Agreement.id, Agreement.service_user_id).where(
            Agreement.import_batch_id == batch_id
        ),
        "episode": select(Episode.id, person).where(Episode.import_batch_id == batch_id),
        "ticket": select(Ticket.id, person).join(Episode).where(Ticket.import_batch_id == batch_id),
        "survey": select(Survey.id, person)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .join(Episode, Episode.id == Survey.episode_id)
        .where(Ticket.import_batch_id == batch_id),
    }
    return {name: {one: who for one, who in db.execute(query)} for name, query in queries.items()}  # noqa: C416


def _worked_on(db: Session, batch_id: uuid.UUID, owners: Owners) -> set[uuid.UUID]:
    """Whose rows were changed since, or have something hanging on them that did not come with the file."""
    found = {owners[name][one] for name, one in _changed(db, owners)}
    for table in Base.metadata.sorted_tables:
        if table.name in NO_WORK | LEDGER:
            continue
        for key in table.foreign_keys:
            own = owners.get(key.column.table.name, {})
            found |= {own[one] for one in _pointed_at(db, table, key.parent.name, batch_id, own)}
    return found


def _in_the_ledger_since(db: Session, then: datetime, owners: Owners) -> Iterator[uuid.UUID]:
    """Whose activities or wider outcomes somebody wrote down: the trail says so."""
    whose = AuditEntry.service_user_id
    since = select(whose).where(AuditEntry.action.in_(WORK_ON_LEDGER), AuditEntry.at > then)
    for some in _chunks({person for own in owners.values() for person in own.values()}):
        yield from (person for person in db.scalars(since.where(whose.in_(some))) if person is not None)


def _changed(db: Session, owners: Owners) -> Iterator[tuple[str, uuid.UUID]]:
    for kind, version in (
        (ServiceUser, ServiceUser.version),
        (Episode, Episode.version),
        (Survey, Survey.revision),
    ):
        for some in _chunks(owners[kind.__tablename__]):
            for one in db.scalars(select(kind.id).where(kind.id.in_(some), version > 1)):
                yield kind.__tablename__, one


def _pointed_at(
    db: Session, table: Table, column: str, batch_id: uuid.UUID, own: Collection[uuid.UUID]
) -> Iterator[uuid.UUID]:
    for some in _chunks(own):
        query = select(table.c[column]).where(table.c[column].in_(some)).distinct()
        if "import_batch_id" in table.c:
            foreign = table.c.import_batch_id
            query = query.where(or_(foreign.is_(None), foreign != batch_id))
        yield from db.scalars(query)


def _take_out(db: Session, gone: Mapping[str, Sequence[uuid.UUID]]) -> None:
    def drop(name: str, column: str, ids: Sequence[uuid.UUID]) -> None:
        table = Base.metadata.tables[name]
        for some in _chunks(ids):
            db.execute(delete(table).where(table.c[column].in_(some)))

    db.flush()
    drop(SurveyRevision.__tablename__, "survey_id", gone["survey"])
    drop("survey", "id", gone["survey"])
    drop("ticket", "id", gone["ticket"])
    drop("agreement", "id", gone["agreement"])
    drop("due", "episode_id", gone["episode"])
    drop("paired_episode", "episode_id", gone["episode"])
    drop("episode", "id", gone["episode"])
    for some in _chunks(gone["service_user"]):
        trail = cast(Table, AuditEntry.__table__)
        db.execute(update(trail).where(trail.c.service_user_id.in_(some)).values(service_user_id=None))
    drop("service_user", "id", gone["service_user"])


def _chunks(ids: Collection[uuid.UUID]) -> Iterator[list[Any]]:
    every = list(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
