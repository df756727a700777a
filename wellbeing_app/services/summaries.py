"""Summaries for many people at once: who can have one, the batch's way from wanted to taken.

Whoever asked must be able to open each person when it is drawn, and still when the file is taken.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, contains_eager

from wellbeing_app.model import (
    BatchState,
    Episode,
    ServiceUser,
    Staff,
    SummaryBatch,
    SummaryOfBatch,
    Survey,
)
from wellbeing_app.services import access, accounts, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, NotFound
from wellbeing_app.services.policy import Action

MOST: Final = 300
SILENT_AFTER: Final = timedelta(seconds=30)
KEPT_FOR: Final = timedelta(hours=24)
AT_WORK = (BatchState.WAITING, BatchState.PRINTING)
STOPPED = (BatchState.CANCELLED, BatchState.FAILED)


@dataclass(frozen=True)
class Setting:
    """How the sheets are set; as in `SummaryBatch`."""

    kind: str = ""
    initials: bool = False
    drafts: bool = False
    both_sides: bool = False


def choosable(db: Session, actor: Actor) -> Sequence[Episode]:
    """The open episodes with a survey, of the people in reach, by name; at most `MOST`."""
    access.require(actor, Action.SEE_PERSON)
    query = (
        select(Episode)
        .join(Episode.service_user)
        .options(contains_eager(Episode.service_user))
        .where(Episode.closed_on.is_(None), exists().where(Survey.episode_id == Episode.id))
        .where(access.people_in_reach(actor, Action.SEE_PERSON), ServiceUser.merged_into_id.is_(None))
        .order_by(ServiceUser.search_name, Episode.referred_on)
        .limit(MOST)
    )
    found = db.scalars(query).all()
    for episode in found:
        audit.record(db, actor, "listed", person=episode.service_user_id, subject="summaries")
    return found


def make(db: Session, actor: Actor, setting: Setting, episode_ids: Iterable[uuid.UUID]) -> SummaryBatch:
    """A batch for these episodes, in their order; raises `Invalid`, and as `access.episode` does."""
    wanted = list(dict.fromkeys(episode_ids))
    if not 1 <= len(wanted) <= MOST:
        raise Invalid({"episodes": "choose_one"})
    for episode_id in wanted:
        access.episode(db, actor, Action.SEE_PERSON, episode_id)
    now = clock.now()
    batch = SummaryBatch(**vars(setting), total=len(wanted), made_at=now, touched_at=now, made_by_id=actor.id)
    db.add(batch)
    db.flush()
    rows = enumerate(wanted, start=1)
    db.add_all(SummaryOfBatch(batch_id=batch.id, episode_id=one, number=number) for number, one in rows)
    db.flush()
    audit.record(db, actor, "summaries_asked_for", subject=f"batch:{batch.id}", sheets=len(wanted))
    return batch


def see(db: Session, actor: Actor, batch_id: uuid.UUID) -> SummaryBatch:
    """A batch of one's own; raises `NotFound`."""
    access.require(actor, Action.SEE_PERSON)
    found = db.get(SummaryBatch, batch_id, populate_existing=True)
    if found is None or found.made_by_id != actor.id:
        raise NotFound(str(batch_id))
    return found


def own(db: Session, actor: Actor) -> Sequence[SummaryBatch]:
    """One's own batches that are not gone, the latest first."""
    mine = (SummaryBatch.made_by_id == actor.id) & (SummaryBatch.state != BatchState.GONE)
    return db.scalars(select(SummaryBatch).where(mine).order_by(SummaryBatch.made_at.desc()).limit(20)).all()


def sheets_of(db: Session, batch_id: uuid.UUID) -> Sequence[SummaryOfBatch]:
    """All that were wanted, in order."""
    query = select(SummaryOfBatch).where(SummaryOfBatch.batch_id == batch_id)
    return db.scalars(query.order_by(SummaryOfBatch.number)).all()


def is_silent(batch: SummaryBatch) -> bool:
    """Whether its worker has not been heard of for a while."""
    return batch.state in AT_WORK and clock.now() - batch.touched_at > SILENT_AFTER


def cancel(db: Session, actor: Actor, batch_id: uuid.UUID) -> None:
    """Stop the work; it can be taken up again."""
    batch = _locked(db, see(db, actor, batch_id).id)
    if batch.state in AT_WORK:
        batch.state = BatchState.CANCELLED
        audit.record(db, actor, "batch_cancelled", subject=f"batch:{batch.id}", done=batch.done)


def resume(db: Session, actor: Actor, batch_id: uuid.UUID) -> None:
    """Take up the work where it stopped, be it cancelled, failed or silent."""
    batch = _locked(db, see(db, actor, batch_id).id)
    if batch.state in STOPPED or is_silent(batch):
        batch.state, batch.touched_at = BatchState.WAITING, clock.now()
        audit.record(db, actor, "batch_resumed", subject=f"batch:{batch.id}", done=batch.done)


def let_go(db: Session, actor: Actor, batch_id: uuid.UUID) -> None:
    """Nobody wants it any more."""
    batch = _locked(db, see(db, actor, batch_id).id)
    batch.state = BatchState.GONE
    audit.record(db, actor, "batch_let_go", subject=f"batch:{batch.id}", done=batch.done)


def may_take(db: Session, actor: Actor, batch_id: uuid.UUID) -> bool:
    """Whether the file may be taken: it is ready, and everybody in it is still in reach."""
    batch = see(db, actor, batch_id)
    if batch.state is not BatchState.READY:
        return False
    drawn = [sheet for sheet in sheets_of(db, batch.id) if sheet.drawn_at]
    people = {sheet.episode.service_user_id for sheet in drawn}
    return all(access.reaches(db, actor, Action.SEE_PERSON, person) for person in people)


def note_taken(db: Session, actor: Actor, batch_id: uuid.UUID) -> None:
    """The file was handed out, on everybody's trail; it is there no longer."""
    batch = _locked(db, see(db, actor, batch_id).id)
    batch.state = BatchState.GONE
    for sheet in sheets_of(db, batch.id):
        if sheet.drawn_at:
            person = sheet.episode.service_user_id
            audit.record(db, actor, "summary_taken", person=person, subject=f"batch:{batch.id}")


def begin(db: Session, batch_id: uuid.UUID) -> SummaryBatch | None:
    """Take up a batch's work; None if it is done, stopped, or gone."""
    batch = _locked(db, batch_id)
    if batch.state not in AT_WORK:
        return None
    batch.state, batch.problem, batch.touched_at = BatchState.PRINTING, "", clock.now()
    return batch


def next_sheet(db: Session, batch_id: uuid.UUID) -> tuple[SummaryOfBatch, Actor] | None:
    """What is to be drawn next, and on whose behalf; None when nothing is left or somebody stopped it."""
    batch = _locked(db, batch_id)
    waiting = (SummaryOfBatch.batch_id == batch_id) & SummaryOfBatch.drawn_at.is_(None)
    query = select(SummaryOfBatch).where(waiting, SummaryOfBatch.left_out == "")
    sheet = db.scalars(query.order_by(SummaryOfBatch.number).limit(1)).first()
    if sheet is None or batch.state is not BatchState.PRINTING:
        return None
    staff = db.get_one(Staff, batch.made_by_id)
    return sheet, accounts.actor_of(staff)


def note_drawn(db: Session, sheet_id: uuid.UUID, left_out: str = "") -> None:
    """This sheet is drawn, or left out and why; so the batch is one further."""
    sheet = db.get_one(SummaryOfBatch, sheet_id)
    batch = _locked(db, sheet.batch_id)
    db.refresh(sheet)
    if sheet.drawn_at or sheet.left_out:
        return
    sheet.drawn_at, sheet.left_out = None if left_out else clock.now(), left_out
    batch.done, batch.touched_at = batch.done + 1, clock.now()


def finish(db: Session, batch_id: uuid.UUID, problem: str = "") -> None:
    """The file is there; or it failed, and why."""
    batch = _locked(db, batch_id)
    if batch.state is BatchState.PRINTING:
        batch.state = BatchState.FAILED if problem else BatchState.READY
        batch.problem, batch.touched_at = problem[:300], clock.now()


def forget_old(db: Session) -> Sequence[uuid.UUID]:
    """Let go of what nobody took within a day; returns which, for their files to be deleted."""
    old = (SummaryBatch.touched_at < clock.now() - KEPT_FOR) & (SummaryBatch.state != BatchState.GONE)
    found = db.scalars(select(SummaryBatch).where(old)).all()
    for batch in found:
        batch.state = BatchState.GONE
    return [batch.id for batch in found]


def _locked(db: Session, batch_id: uuid.UUID) -> SummaryBatch:
    query = select(SummaryBatch).where(SummaryBatch.id == batch_id).with_for_update()
    found = db.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(str(batch_id))
    return found
