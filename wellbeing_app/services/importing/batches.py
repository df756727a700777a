"""The files themselves: kept until they are taken in or let go, and remembered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from wellbeing_app.model import ImportBatch, Pathway
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import NotFound
from wellbeing_app.services.importing.columns import guess
from wellbeing_app.services.importing.plan import Options
from wellbeing_app.services.policy import Action

MOST_LISTED = 50
KEPT_FOR = timedelta(days=14)


def keep(db: Session, actor: Actor, name: str, content: bytes, header: Sequence[str]) -> ImportBatch:
    """Keep a file to be looked at, with a guess at its columns: as the last such file was read, if any."""
    access.require(actor, Action.IMPORT_RECORDS)
    batch = ImportBatch(
        id=uuid.uuid4(),
        file_name=name[:200],
        content=content,
        mapping=guess(header, _remembered(db, header)),
        choices=as_choices(Options()),
        at=clock.now(),
        by_id=actor.id,
    )
    db.add(batch)
    db.flush()
    audit.record(db, actor, "import_begun", subject=f"import:{batch.id}", file=batch.file_name)
    return batch


def find(db: Session, actor: Actor, batch_id: uuid.UUID) -> ImportBatch:
    """The batch, for whoever may take files in; raises `NotAllowed` or `NotFound`."""
    access.require(actor, Action.IMPORT_RECORDS)
    batch = db.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(str(batch_id))
    return batch


def waiting(db: Session, actor: Actor, batch_id: uuid.UUID) -> ImportBatch:
    """The same, if it was neither taken in nor let go."""
    batch = find(db, actor, batch_id)
    if batch.content is None:
        raise NotFound(str(batch_id))
    return batch


def expire(db: Session) -> int:
    """Throw away what nobody took in for `KEPT_FOR`; returns how many files that were."""
    old = ImportBatch.at < clock.now() - KEPT_FOR
    waiting = old & ImportBatch.content.is_not(None) & ImportBatch.committed_at.is_(None)
    gone = db.scalars(select(ImportBatch.id).where(waiting)).all()
    for batch_id in gone:
        db.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(content=None))
        audit.record(db, None, "import_let_go", subject=f"import:{batch_id}", after_days=KEPT_FOR.days)
    return len(gone)


def listed(db: Session, actor: Actor) -> Sequence[ImportBatch]:
    """The last files, newest first, without those that were let go. Those too old are, now."""
    access.require(actor, Action.IMPORT_RECORDS)
    expire(db)
    kept = or_(ImportBatch.content.is_not(None), ImportBatch.committed_at.is_not(None))
    return db.scalars(
        select(ImportBatch).where(kept).order_by(ImportBatch.at.desc()).limit(MOST_LISTED)
    ).all()


def choose(batch: ImportBatch, mapping: Mapping[str, str], options: Options) -> None:
    """Say what its columns mean, and what it does not say itself."""
    batch.mapping, batch.choices = dict(mapping), as_choices(options)


def let_go(db: Session, actor: Actor, batch: ImportBatch) -> None:
    """Throw a file away that was not taken in."""
    batch.content = None
    audit.record(db, actor, "import_let_go", subject=f"import:{batch.id}")


def as_choices(options: Options) -> dict[str, Any]:
    """The options as they are kept."""
    chosen = asdict(options)
    return {**chosen, "advisor_id": str(options.advisor_id) if options.advisor_id else None}


def options_of(batch: ImportBatch) -> Options:
    """What was chosen for it."""
    chosen = dict(batch.choices)
    advisor, pathway = chosen.pop("advisor_id", None), chosen.pop("pathway", None)
    return Options(
        pathway=Pathway(pathway) if pathway else None,
        advisor_id=uuid.UUID(advisor) if advisor else None,
        **chosen,
    )


def _remembered(db: Session, header: Sequence[str]) -> Mapping[str, str] | None:
    """How the last file with all these columns was read."""
    taken_in = select(ImportBatch.mapping).where(ImportBatch.committed_at.is_not(None))
    for mapping in db.scalars(taken_in.order_by(ImportBatch.committed_at.desc()).limit(MOST_LISTED)):
        if mapping and set(mapping.values()) <= set(header):
            return {target: str(heading) for target, heading in mapping.items()}
    return None
