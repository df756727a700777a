"""Files that somebody sent to be read: whose turn it is, which page, and what became of each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.model import Reading, ReadingState
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, NotFound
from wellbeing_app.services.policy import Action

SILENT_AFTER: Final = timedelta(seconds=60)
KEPT_FOR: Final = timedelta(days=7)
MOST_FILES: Final = 200
AT_WORK: Final = (ReadingState.WAITING, ReadingState.READING)


def begin(db: Session, actor: Actor, reading_id: uuid.UUID, names: Sequence[str]) -> Reading:
    """Have files read that are kept below this id, in this order; raises `Invalid` for none or too many."""
    access.require(actor, Action.OPEN_FORM_BY_CODE)
    if not 1 <= len(names) <= MOST_FILES:
        raise Invalid({"files": "how_many"})
    now = clock.now()
    files = [{"name": name[:100], "pages": 1} for name in names]
    made = Reading(id=reading_id, files=files, refused=[], made_at=now, touched_at=now, made_by_id=actor.id)
    db.add(made)
    db.flush()
    audit.record(db, actor, "reading_begun", subject=f"reading:{made.id}", files=len(files))
    return made


def reading(db: Session, actor: Actor, reading_id: uuid.UUID) -> Reading:
    """One of the actor's own; raises `NotFound`."""
    access.require(actor, Action.OPEN_FORM_BY_CODE)
    found = db.get(Reading, reading_id)
    if found is None or found.made_by_id != actor.id or found.state is ReadingState.GONE:
        raise NotFound(str(reading_id))
    return found


def own(db: Session, actor: Actor) -> Sequence[Reading]:
    """The actor's own, the latest first."""
    of_actor = (Reading.made_by_id == actor.id) & (Reading.state != ReadingState.GONE)
    return db.scalars(select(Reading).where(of_actor).order_by(Reading.made_at.desc()).limit(20)).all()


def cancel(db: Session, actor: Actor, reading_id: uuid.UUID) -> None:
    """Stop; what is read stays, and it can be taken up again."""
    found = _own(db, actor, reading_id)
    if found.state in AT_WORK:
        found.state = ReadingState.CANCELLED
        audit.record(db, actor, "reading_cancelled", subject=f"reading:{found.id}", done=found.done)


def resume(db: Session, actor: Actor, reading_id: uuid.UUID) -> None:
    """Go on where it stopped."""
    found = _own(db, actor, reading_id)
    if found.state in (ReadingState.CANCELLED, ReadingState.FAILED) or is_silent(found):
        found.state, found.touched_at = ReadingState.WAITING, clock.now()
        audit.record(db, actor, "reading_resumed", subject=f"reading:{found.id}", done=found.done)


def let_go(db: Session, actor: Actor, reading_id: uuid.UUID) -> None:
    """What was not read yet is forgotten; pages that were read still wait to be confirmed."""
    found = _own(db, actor, reading_id)
    found.state = ReadingState.GONE
    audit.record(db, actor, "reading_let_go", subject=f"reading:{found.id}", done=found.done)


def take_next(db: Session) -> Reading | None:
    """The oldest that waits or whose worker fell silent; None while another is being read: one at a time."""
    live = select(Reading).where(Reading.state.in_(AT_WORK)).order_by(Reading.made_at)
    for found in db.scalars(live.with_for_update()).all():
        if found.state is ReadingState.READING and not is_silent(found):
            return None
        found.state, found.problem, found.touched_at = ReadingState.READING, "", clock.now()
        return found
    return None


def counted(db: Session, reading_id: uuid.UUID, pages: Sequence[int]) -> bool:
    """How many pages each file has; whether to go on."""
    found = _at_work(db, reading_id)
    if found is not None:
        found.files = [{**file, "pages": some} for file, some in zip(found.files, pages, strict=True)]
        found.touched_at = clock.now()
    return found is not None


def note_page(db: Session, reading_id: uuid.UUID, page: int, reason: str = "") -> bool:
    """A page of the file at hand is kept, or refused with a reason; whether to go on."""
    found = _at_work(db, reading_id)
    if found is None:
        return False
    if reason:
        name = found.files[found.file]["name"]
        found.refused = [*found.refused, {"name": name, "page": page, "reason": reason}]
    found.page, found.done, found.touched_at = page, found.done + 1, clock.now()
    return True


def note_file(db: Session, reading_id: uuid.UUID) -> bool:
    """The file at hand is read to its end; whether to go on."""
    found = _at_work(db, reading_id)
    if found is None:
        return False
    # What could not be read to its end has fewer pages than it claims.
    found.files = [
        {**file, "pages": found.page} if at == found.file else file for at, file in enumerate(found.files)
    ]
    found.file, found.page, found.touched_at = found.file + 1, 0, clock.now()
    return True


def finish(db: Session, reading_id: uuid.UUID, problem: str = "") -> None:
    """All is read; or it stopped, and why (a word that the page explains)."""
    found = _at_work(db, reading_id)
    if found is not None:
        found.state = ReadingState.FAILED if problem else ReadingState.DONE
        found.problem, found.touched_at = problem, clock.now()


def too_old(db: Session) -> Sequence[Reading]:
    """Those that nobody has touched for so long that what is left of their files goes."""
    query = select(Reading).where(Reading.touched_at < clock.now() - KEPT_FOR)
    found = db.scalars(query.where(Reading.state != ReadingState.GONE)).all()
    for one in found:
        one.state = ReadingState.GONE
    return found


def known(db: Session) -> Sequence[uuid.UUID]:
    """The readings whose files are still wanted."""
    return db.scalars(select(Reading.id).where(Reading.state != ReadingState.GONE)).all()


def is_silent(one: Reading) -> bool:
    """Whether its worker has not been heard of for a while."""
    return one.state in AT_WORK and clock.now() - one.touched_at > SILENT_AFTER


def _own(db: Session, actor: Actor, reading_id: uuid.UUID) -> Reading:
    found = reading(db, actor, reading_id)
    db.flush()
    db.refresh(found, with_for_update=True)
    return found


def _at_work(db: Session, reading_id: uuid.UUID) -> Reading | None:
    of_id = (Reading.id == reading_id) & (Reading.state == ReadingState.READING)
    return db.scalars(select(Reading).where(of_id).with_for_update()).one_or_none()
