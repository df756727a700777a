"""A batch's way from wanted to printed: its worker takes copies from here, and says how far it is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wellbeing_app.model import BatchState, PrintBatch, PrintedCopy
from wellbeing_app.services import audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.printing import batch, is_at_work, token_hash

SILENT_AFTER: Final = timedelta(seconds=30)
KEPT_FOR: Final = timedelta(days=7)


def next_copies(db: Session, batch_id: uuid.UUID, most: int) -> Sequence[PrintedCopy]:
    """The next copies of a batch that are not printed yet, in order."""
    query = select(PrintedCopy).where(PrintedCopy.batch_id == batch_id, PrintedCopy.printed_at.is_(None))
    return db.scalars(query.order_by(PrintedCopy.number).limit(most)).all()


def begin(db: Session, batch_id: uuid.UUID) -> PrintBatch | None:
    """Take up a batch's work; None if somebody cancelled it, or it is done."""
    found = _locked(db, batch_id)
    if found is None or not is_at_work(found):
        return None
    found.state, found.problem, found.touched_at = BatchState.PRINTING, "", clock.now()
    return found


def note_printed(
    db: Session, batch_id: uuid.UUID, copies: Sequence[PrintedCopy], tokens: Sequence[str]
) -> bool:
    """Say that these copies are drawn, with what their codes hold; whether to go on."""
    found, now = _locked(db, batch_id), clock.now()
    if found is None or found.state is not BatchState.PRINTING:
        return False
    db.add_all(copies)
    for copy, token in zip(copies, tokens, strict=True):
        copy.token_hash, copy.printed_at = token_hash(token), now
    found.done, found.touched_at = found.done + len(copies), now
    return True


def finish(db: Session, batch_id: uuid.UUID, problem: str = "") -> None:
    """The file is there; or it failed, and why."""
    found = _locked(db, batch_id)
    if found is not None and found.state is BatchState.PRINTING:
        found.state = BatchState.FAILED if problem else BatchState.READY
        found.problem, found.touched_at = problem[:300], clock.now()


def cancel(db: Session, actor: Actor, batch_id: uuid.UUID) -> PrintBatch:
    """Stop the work; what is drawn stays, and it can be taken up again."""
    found = _own(db, actor, batch_id)
    if is_at_work(found):
        found.state = BatchState.CANCELLED
        audit.record(db, actor, "batch_cancelled", subject=f"batch:{found.id}", done=found.done)
    return found


def resume(db: Session, actor: Actor, batch_id: uuid.UUID) -> PrintBatch:
    """Take up the work where it stopped, be it cancelled, failed or silent."""
    found = _own(db, actor, batch_id)
    if found.state in (BatchState.CANCELLED, BatchState.FAILED) or is_silent(found):
        found.state, found.touched_at = BatchState.WAITING, clock.now()
        audit.record(db, actor, "batch_resumed", subject=f"batch:{found.id}", done=found.done)
    return found


def let_go(db: Session, actor: Actor, batch_id: uuid.UUID) -> PrintBatch:
    """The file is no longer kept; copies that were never drawn are forgotten, those drawn still count."""
    found = _own(db, actor, batch_id)
    never = (PrintedCopy.batch_id == found.id) & PrintedCopy.printed_at.is_(None)
    db.execute(delete(PrintedCopy).where(never))
    found.state = BatchState.GONE
    audit.record(db, actor, "batch_let_go", subject=f"batch:{found.id}", done=found.done)
    return found


def too_old(db: Session) -> Sequence[PrintBatch]:
    """The batches whose files have been kept long enough."""
    query = select(PrintBatch).where(PrintBatch.touched_at < clock.now() - KEPT_FOR)
    return db.scalars(query.where(PrintBatch.state != BatchState.GONE)).all()


def is_silent(printed: PrintBatch) -> bool:
    """Whether its worker has not been heard of for a while."""
    return is_at_work(printed) and clock.now() - printed.touched_at > SILENT_AFTER


def _own(db: Session, actor: Actor, batch_id: uuid.UUID) -> PrintBatch:
    found = batch(db, actor, batch_id)
    db.refresh(found, with_for_update=True)
    return found


def _locked(db: Session, batch_id: uuid.UUID) -> PrintBatch | None:
    return db.scalars(select(PrintBatch).where(PrintBatch.id == batch_id).with_for_update()).one_or_none()
