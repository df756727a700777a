"""What could not be read when it came, judged once more: after an update, or when a key is here again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from wellbeing_app.model import Custody, ItemKind, SyncItem
from wellbeing_app.services import access, audit, contents, held, intake, judging, surveys, sync
from wellbeing_app.services.access import Actor
from wellbeing_app.services.judging import Verdict
from wellbeing_app.services.policy import Action
from wellbeing_app.services.sync import Item, Opened

COULD_NOT_BE_READ = ("unreadable", "other_schema", "not_understood", "other_form")


def judge_again(db: Session, actor: Actor) -> int:
    """Read them all again as if they came now; returns how many are no longer held, or for another reason.

    The author's rights count, as at a delivery, not the actor's: a manager makes nothing right by it.
    """
    access.require(actor, Action.DECIDE_HELD)
    keys = intake.private_keys(db)
    tried = _unread(db, actor)
    settled = sum(_again(db, one, sync.open_one(keys, _item(one))) for one in tried)
    audit.record(db, actor, "held_again", subject="held", tried=len(tried), settled=settled)
    return settled


def _unread(db: Session, actor: Actor) -> Sequence[SyncItem]:
    query = (
        select(SyncItem)
        .options(undefer(SyncItem.sealed), joinedload(SyncItem.device))
        .where(SyncItem.state == Custody.HELD, SyncItem.reason.in_(COULD_NOT_BE_READ))
        .where(SyncItem.sealed.is_not(None), held.visible(actor))
        .order_by(SyncItem.received_at)
        .with_for_update(of=SyncItem)
    )
    return db.scalars(query).all()


def _item(kept: SyncItem) -> Item:
    return Item(kept.item_id, kept.sha256, kept.sealed or b"")


def _again(db: Session, kept: SyncItem, opened: Opened) -> bool:
    """One of them; each by itself, since they came from different devices at different times."""
    verdict = _verdict(db, kept, opened)
    if verdict.reason == kept.reason:
        return False
    surveys.record_all(db, [verdict.ready] if verdict.ready else [])
    _write(kept, opened, verdict)
    db.flush()
    sync.tell(db, kept.device, [opened], [verdict], [kept.id])
    return True


def _verdict(db: Session, kept: SyncItem, opened: Opened) -> Verdict:
    if opened.said is None or opened.reason:
        return Verdict(opened.reason)
    offset = timedelta(seconds=kept.offset_seconds or 0)
    return judging.prepare(db, kept.device, offset, [opened.said]).judge(opened.said)


def _write(kept: SyncItem, opened: Opened, verdict: Verdict) -> None:
    said = opened.said
    kept.reason, kept.kind = verdict.reason, said.kind if said else ItemKind.UNREAD
    kept.author_id, kept.ticket_id = (said.author_id, said.ticket_id) if said else (None, None)
    kept.survey_id = verdict.ready.survey_id if verdict.ready else verdict.survey_id
    kept.content = contents.tidy(opened.plain) if verdict.reason and opened.plain else None
    if not verdict.reason:
        kept.state, kept.sealed = Custody.RECORDED, None
