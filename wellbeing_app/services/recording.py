"""What saving a survey writes, statement by statement.

The app does this more than anything else, so the statements are built once and asked of the tables: no
objects are made, and it takes half as long. Who may save, and what, is decided in `surveys.record`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from wellbeing_app.model import Draft, Episode, Occasion, Survey, SurveyRevision, Ticket
from wellbeing_app.services import clock

_TICKET, _EPISODE = cast(Table, Ticket.__table__), cast(Table, Episode.__table__)
_SURVEY, _DRAFT = cast(Table, Survey.__table__), cast(Table, Draft.__table__)

_REDEEM = (
    update(_TICKET)
    .where(
        _TICKET.c.id == bindparam("ticket"), _TICKET.c.redeemed_at.is_(None), _TICKET.c.voided_at.is_(None)
    )
    .values(redeemed_at=bindparam("now"))
)
_LOCK_EPISODE = select(_EPISODE.c.id).where(_EPISODE.c.id == bindparam("episode")).with_for_update()
_BASELINE = (
    select(_SURVEY.c.id)
    .where(_SURVEY.c.episode_id == bindparam("episode"), _SURVEY.c.occasion == Occasion.BASELINE)
    .limit(1)
)
_INSERT_TICKET = insert(_TICKET)
_INSERT_SURVEY = insert(_SURVEY)
_INSERT_REVISION = insert(cast(Table, SurveyRevision.__table__))
_DROP_DRAFT = delete(_DRAFT).where(_DRAFT.c.ticket_id == bindparam("ticket"))


def redeem(db: Session, ticket: Ticket) -> bool:
    """Whether this call is the one that redeems the ticket; of two at once, the database lets one through."""
    result = db.execute(_REDEEM, {"ticket": ticket.id, "now": clock.now()})
    db.expire(ticket, ["redeemed_at", "voided_at"])
    return cast("CursorResult[Any]", result).rowcount == 1


def has_baseline(db: Session, episode_id: uuid.UUID) -> bool:
    """Whether the episode has one. Locks it, so that of two recorded at once only the first counts."""
    db.execute(_LOCK_EPISODE, {"episode": episode_id})
    return db.execute(_BASELINE, {"episode": episode_id}).one_or_none() is not None


def insert_survey(
    db: Session, survey: Mapping[str, object], revision: Mapping[str, object], answers: Mapping[str, object]
) -> None:
    """The survey and its first revision: what each has of its own, and the answers of both."""
    db.execute(_INSERT_SURVEY, {**survey, **answers})
    db.execute(_INSERT_REVISION, {**revision, **answers})


def redeem_locked(db: Session, tickets: Collection[uuid.UUID]) -> None:
    """Redeem tickets that the caller has locked and found open."""
    db.execute(update(_TICKET).where(_TICKET.c.id.in_(tickets)).values(redeemed_at=clock.now()))


def insert_surveys(
    db: Session, rows: Sequence[tuple[Mapping[str, object], Mapping[str, object], Mapping[str, object]]]
) -> None:
    """What `insert_survey` writes for one, for many at once."""
    if not rows:
        return
    db.execute(_INSERT_SURVEY, [{**survey, **answers} for survey, _revision, answers in rows])
    db.execute(_INSERT_REVISION, [{**revision, **answers} for _survey, revision, answers in rows])


def insert_tickets(db: Session, tickets: Sequence[Mapping[str, object]]) -> None:
    """Many at once, such as were redeemed before they came here."""
    if tickets:
        db.execute(_INSERT_TICKET, tickets)


def drop_draft(db: Session, ticket: Ticket) -> None:
    """The draft has become a survey."""
    db.execute(_DROP_DRAFT, {"ticket": ticket.id})
    if ticket.draft is not None:
        db.expunge(ticket.draft)
    db.expire(ticket, ["draft"])
