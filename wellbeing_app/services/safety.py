"""Worries about a person's safety: raised, acted on, and closed only with what came of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from wellbeing_app.model import SafetyAction, SafetyFlag, ServiceUser
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, NotFound
from wellbeing_app.services.policy import Action

SENT_TWICE = timedelta(minutes=1)


def raise_flag(db: Session, actor: Actor, reference: str, concern: str, told: str = "") -> SafetyFlag:
    """Open a flag; raises `Invalid` without a concern."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    return flag_person(db, actor, person, concern, told)


def flag_person(
    db: Session,
    actor: Actor,
    person: ServiceUser,
    concern: str,
    told: str = "",
    flag_id: uuid.UUID | None = None,
) -> SafetyFlag:
    """Open a flag on somebody who is already through the door; the same words sent twice open one.

    So does the same `flag_id`, that a device gave it.
    """
    _require_words("concern", concern)
    sent_before = db.get(SafetyFlag, flag_id) if flag_id else _just_raised(db, actor, person, concern, told)
    if sent_before is not None and sent_before.service_user_id == person.id:
        return sent_before
    flag = SafetyFlag(
        id=flag_id if flag_id and sent_before is None else uuid.uuid4(),
        service_user_id=person.id,
        concern=concern.strip(),
        told=told.strip(),
        raised_at=clock.now(),
        raised_by_id=actor.id,
    )
    person.safety_flags.append(flag)
    db.flush()
    audit.record(db, actor, "safety_flag_raised", person=person.id, subject=f"flag:{flag.id}")
    return flag


def _just_raised(
    db: Session, actor: Actor, person: ServiceUser, concern: str, told: str
) -> SafetyFlag | None:
    db.execute(select(ServiceUser.id).where(ServiceUser.id == person.id).with_for_update(key_share=True))
    same_words = (SafetyFlag.concern == concern.strip()) & (SafetyFlag.told == told.strip())
    query = select(SafetyFlag).where(
        SafetyFlag.service_user_id == person.id,
        SafetyFlag.raised_by_id == actor.id,
        SafetyFlag.raised_at > clock.now() - SENT_TWICE,
        SafetyFlag.closed_at.is_(None),
        same_words,
    )
    return db.scalars(query.limit(1)).first()


def see(db: Session, actor: Actor, reference: str, flag_id: uuid.UUID) -> tuple[ServiceUser, SafetyFlag]:
    """A flag and whose it is; raises `NotFound` if it is not this person's."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    flag = db.get(SafetyFlag, flag_id)
    if flag is None or flag.service_user_id != person.id:
        raise NotFound(str(flag_id))
    return person, flag


def act(db: Session, actor: Actor, reference: str, flag_id: uuid.UUID, what: str) -> None:
    """Add what was done about a flag; raises `Invalid` or `NotFound`."""
    _person, flag = see(db, actor, reference, flag_id)
    _require_words("what", what)
    flag.actions.append(SafetyAction(at=clock.now(), by_id=actor.id, what=what.strip()))
    db.flush()
    audit.record(db, actor, "safety_flag_acted_on", person=flag.service_user_id, subject=f"flag:{flag.id}")


def close(db: Session, actor: Actor, reference: str, flag_id: uuid.UUID, outcome: str) -> None:
    """Close a flag with its outcome; raises `Invalid` or `NotFound`. Closing it again changes nothing."""
    _person, flag = see(db, actor, reference, flag_id)
    _require_words("outcome", outcome)
    still_open = (SafetyFlag.id == flag.id) & SafetyFlag.closed_at.is_(None)
    closing = {"closed_at": clock.now(), "closed_by_id": actor.id, "outcome": outcome.strip()}
    closed = db.execute(update(SafetyFlag).where(still_open).values(closing).returning(SafetyFlag.id))
    if closed.one_or_none() is None:
        return
    db.refresh(flag)
    audit.record(db, actor, "safety_flag_closed", person=flag.service_user_id, subject=f"flag:{flag.id}")


def open_flags(db: Session, actor: Actor) -> Sequence[tuple[SafetyFlag, ServiceUser]]:
    """The flags still open among the people in reach, oldest first."""
    query = (
        select(SafetyFlag, ServiceUser)
        .join(ServiceUser, ServiceUser.id == SafetyFlag.service_user_id)
        .options(joinedload(SafetyFlag.raised_by))
        .where(SafetyFlag.closed_at.is_(None), access.people_in_reach(actor, Action.SEE_PERSON))
        .order_by(SafetyFlag.raised_at)
    )
    found = [(flag, person) for flag, person in db.execute(query)]
    for flag, person in found:
        audit.record(db, actor, "listed", person=person.id, subject=f"flag:{flag.id}")
    return found


def _require_words(field: str, text: str) -> None:
    if not text.strip():
        raise Invalid({field: "required"})
