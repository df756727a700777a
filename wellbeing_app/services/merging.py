"""Joining two records that turned out to be of one person. Nothing that either of them says gets lost."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.model import Agreement, BreakGlass, Episode, SafetyFlag, ServiceUser
from wellbeing_app.services import access, agreements, audit, people
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.policy import Action

FILLED_WHERE_EMPTY = (
    *("last_name", "date_of_birth", "telephone", "address"),
    *("ring_days", "ring_from", "ring_until"),
)
ADDED_UP = ("needs_interpreter", "needs_bsl", "needs_large_print")
ALLOWED_BY_BOTH = ("may_telephone", "may_leave_message", "may_post")
PUT_TOGETHER = ("access_notes", "safe_times")


def merge(db: Session, actor: Actor, kept_reference: str, duplicate_reference: str) -> ServiceUser:
    """Move everything of the duplicate to the person who is kept; the duplicate's reference then leads there.

    Where both records say something, the kept one's stands; its gaps are filled from the other, needs and
    notes add up, and of two wishes about contact the more careful one stands. Both must be in reach. Raises
    `Invalid` when they are one and the same, `Superseded` when somebody changed one of them meanwhile.
    """
    if kept_reference == duplicate_reference:
        raise Invalid({"reference": "same_person"})
    kept = access.person(db, actor, Action.MERGE_PEOPLE, kept_reference)
    duplicate = access.person(db, actor, Action.MERGE_PEOPLE, duplicate_reference)
    _carry_over(kept, duplicate)
    duplicate.merged_into_id = kept.id
    try:
        db.flush()
    except StaleDataError as lost_race:
        raise Superseded(None) from lost_race
    for table in (Episode, Agreement, SafetyFlag, BreakGlass):
        move = update(table).where(table.service_user_id == duplicate.id)
        versions = {"version": Episode.version + 1} if table is Episode else {}
        db.execute(move.values(service_user_id=kept.id, **versions))
    db.execute(
        update(ServiceUser).where(ServiceUser.merged_into_id == duplicate.id).values(merged_into_id=kept.id)
    )
    db.expire_all()
    agreements.settle(actor, kept)
    db.flush()
    audit.record(db, actor, "merged", person=kept.id, subject=f"person:{duplicate.id}")
    audit.record(db, actor, "merged_away", person=duplicate.id, subject=f"person:{kept.id}")
    return kept


def _carry_over(kept: ServiceUser, duplicate: ServiceUser) -> None:
    for name in FILLED_WHERE_EMPTY + ADDED_UP:
        setattr(kept, name, getattr(kept, name) or getattr(duplicate, name))
    for name in ALLOWED_BY_BOTH:
        setattr(kept, name, getattr(kept, name) and getattr(duplicate, name))
    for name in PUT_TOGETHER:
        texts = dict.fromkeys(filter(None, (getattr(kept, name), getattr(duplicate, name))))
        setattr(kept, name, "\n".join(texts))
    kept.search_name = people.searchable(kept.first_name, kept.last_name)
