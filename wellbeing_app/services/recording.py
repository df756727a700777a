"""What saving a survey writes, statement by statement.

The app does this more than anything else, so the statements are built once and asked of the tables: no
objects are made, and it takes half as long. Who may save, and what, is decided in `surveys.record`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, literal, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from wellbeing_app.model import Draft, Episode, Occasion, Survey, SurveyRevision, Ticket
from wellbeing_app.services import bulk, clock

_TICKET, _EPISODE = cast(Table, Ticket.__table__), cast(Table, Episode.__table__)
_SURVEY, _DRAFT = cast(Table, Survey.__table__), cast(Table, Draft.__table__)
_REVISION = cast(Table, SurveyRevision.__table__)
FIRST_SAVING = "first saved"
AT_ONCE = 1_000

_REDEEM = (
    update(_TICKET)
    .where(
        _TICKET.c.id == bindparam("ticket"), _TICKET.c.redeemed_at.is_(None), _TICKET.c.voided_at.is_(None)
    )
    .values(redeemed_at=bindparam("now"))
)
_REDEEM_LOCKED = (
    update(_TICKET)
    .where(_TICKET.c.id.in_(bindparam("tickets", expanding=True)))
    .values(redeemed_at=bindparam("now"))
)
_LOCK_EPISODE = select(_EPISODE.c.id).where(_EPISODE.c.id == bindparam("episode")).with_for_update()
_BASELINE = (
    select(_SURVEY.c.id)
    .where(_SURVEY.c.episode_id == bindparam("episode"), _SURVEY.c.occasion == Occasion.BASELINE)
    .limit(1)
)
_INSERT_SURVEY = insert(_SURVEY)
# What was saved first is what the survey's row says, so the database copies it. Its id is the survey's own.
_FIRST = {
    "id": _SURVEY.c.id,
    "survey_id": _SURVEY.c.id,
    "number": literal(1),
    "reason": literal(FIRST_SAVING),
    "at": _SURVEY.c.recorded_at,
    "by_id": _SURVEY.c.recorded_by_id,
    **{name: column for name, column in _SURVEY.c.items() if name in _REVISION.c and name != "id"},
}
_INSERT_FIRST = insert(_REVISION).from_select(
    list(_FIRST), select(*_FIRST.values()).where(_SURVEY.c.id.in_(bindparam("surveys", expanding=True)))
)
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


def insert_surveys(db: Session, surveys: Sequence[Mapping[str, Any]]) -> None:
    """These rows, and the first revision of each."""
    for start in range(0, len(surveys), AT_ONCE):
        some = surveys[start : start + AT_ONCE]
        if len(some) == 1:
            db.execute(_INSERT_SURVEY, some)
        else:
            bulk.insert_rows(db, Survey, [{**survey, "revision": 1} for survey in some])
        db.execute(_INSERT_FIRST, {"surveys": [survey["id"] for survey in some]})


def redeem_locked(db: Session, tickets: Collection[uuid.UUID]) -> None:
    """Redeem tickets that the caller has locked and found open."""
    db.execute(_REDEEM_LOCKED, {"tickets": list(tickets), "now": clock.now()})


def insert_tickets(db: Session, tickets: Sequence[Mapping[str, object]]) -> None:
    """Many at once, such as were redeemed before they came here."""
    bulk.insert_rows(db, Ticket, tickets)


def drop_draft(db: Session, ticket: Ticket) -> None:
    """The draft has become a survey."""
    db.execute(_DROP_DRAFT, {"ticket": ticket.id})
    if ticket.draft is not None:
        db.expunge(ticket.draft)
    db.expire(ticket, ["draft"])
