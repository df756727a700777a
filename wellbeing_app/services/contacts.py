"""Reaching somebody: what came of each try, when it is safe to ring, and what to try next."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wellbeing_app.model import ContactAttempt, ContactOutcome, Episode, FollowUpEnd, SafetyFlag, ServiceUser
from wellbeing_app.services import access, audit, clock, moving, safety
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action

WORKING_DAYS = "12345"
DAY_BEGINS, DAY_ENDS = time(9), time(18)
MORNING, AFTERNOON, NOON = time(10), time(15), 13
TRIES = 3
LOOKED_AHEAD = 14
LONGEST_WAIT = timedelta(days=90)
LONGEST_NOTE = 2000
BEFORE_WINDOW = timedelta(days=60)
SENT_TWICE = timedelta(minutes=1)
NOT_REACHED = (ContactOutcome.NO_ANSWER, ContactOutcome.LEFT_MESSAGE)


class Try(StrEnum):
    """What to try next."""

    RING = "ring"
    CHECK_NUMBER = "check_number"
    POST = "post"
    ASK = "ask"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Proposal:
    """What to try next, and when; `tries` were made in a row without reaching them."""

    what: Try
    at: datetime | None = None
    tries: int = 0


@dataclass(frozen=True)
class Made:
    """What a try came to; `flag` is the safety flag that it raised."""

    attempt: ContactAttempt
    flag: SafetyFlag | None = None


def add(
    db: Session,
    actor: Actor,
    episode_id: uuid.UUID,
    outcome: ContactOutcome,
    note: str = "",
    ring_at: datetime | None = None,
) -> Made:
    """Write down a try. Declined ends the follow-up; a worry about safety raises a flag, with the note.

    Raises `Invalid`: a message where none may be left, a time to ring back that is missing or not safe, a
    worry without words. The same twice within a minute is one.
    """
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    person, now, note = episode.service_user, clock.now(), note.strip()
    db.refresh(episode, with_for_update=True)
    problems = _problems(person, outcome, note, ring_at, now)
    if problems:
        raise Invalid(problems)
    before = last_of(db, [episode.id]).get(episode.id)
    same = before and (before.by_id, before.outcome, before.note) == (actor.id, outcome, note)
    if before and same and now - before.at < SENT_TWICE:
        return Made(before)
    if outcome is not ContactOutcome.CALL_BACK:
        ring_at = next_try(person, outcome, now)
    attempt = ContactAttempt(
        episode_id=episode.id, outcome=outcome, note=note, ring_at=ring_at, at=now, by_id=actor.id
    )
    db.add(attempt)
    db.flush()
    _log(db, actor, "contact_tried", episode, outcome=outcome)
    if outcome is ContactOutcome.DECLINED:
        moving.end_of(db, actor, episode, FollowUpEnd.DECLINED)
    flag = safety.flag_person(db, actor, person, note) if outcome is ContactOutcome.SAFEGUARDING else None
    return Made(attempt, flag)


def undo(db: Session, actor: Actor, episode_id: uuid.UUID) -> ContactOutcome | None:
    """Take back the last try: it was a slip. A safety flag stays, to be closed with what came of it."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    last = last_of(db, [episode.id]).get(episode.id)
    if last is None:
        return None
    last.undone_at = clock.now()
    db.flush()
    _log(db, actor, "contact_undone", episode, outcome=last.outcome)
    if last.outcome is ContactOutcome.DECLINED and episode.follow_up_ended is FollowUpEnd.DECLINED:
        moving.resume(db, actor, episode)
    return last.outcome


def of_episode(db: Session, episode: Episode) -> Sequence[ContactAttempt]:
    """The tries that stand, the latest first; for somebody already through the door."""
    query = select(ContactAttempt).options(joinedload(ContactAttempt.by))
    query = query.where(ContactAttempt.episode_id == episode.id, ContactAttempt.undone_at.is_(None))
    return db.scalars(query.order_by(ContactAttempt.at.desc())).all()


def last_of(db: Session, episode_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, ContactAttempt]:
    """The last try that stands of each of these episodes."""
    query = select(ContactAttempt).where(
        ContactAttempt.episode_id.in_(episode_ids), ContactAttempt.undone_at.is_(None)
    )
    return {one.episode_id: one for one in db.scalars(query.order_by(ContactAttempt.at))}


def about(attempts: Sequence[ContactAttempt], opens: date | None) -> Sequence[ContactAttempt]:
    """The tries that are about the follow-up whose window opens then."""
    return [one for one in attempts if opens is None or one.at.date() >= opens - BEFORE_WINDOW]


def propose(
    person: ServiceUser, attempts: Sequence[ContactAttempt], now: datetime, opens: date | None = None
) -> Proposal:
    """What to try next, after these tries (the latest first). A first one waits until the window `opens`."""
    last = attempts[0] if attempts else None
    tries = next((n for n, one in enumerate(attempts) if one.outcome not in NOT_REACHED), len(attempts))
    if last and last.outcome in (ContactOutcome.SPOKE, ContactOutcome.DECLINED, ContactOutcome.SAFEGUARDING):
        return Proposal(Try.NOTHING)
    if last and last.outcome is ContactOutcome.WRONG_NUMBER:
        return Proposal(Try.CHECK_NUMBER)
    if not person.may_telephone or not person.telephone or tries >= TRIES:
        return Proposal(Try.POST if person.may_post and person.address else Try.ASK, tries=tries)
    planned = last.ring_at if last else None
    if planned is None and opens is not None:
        planned = datetime.combine(opens, DAY_BEGINS, clock.LOCAL)
    return Proposal(Try.RING, safe_from(person, max(planned or now, now)), tries)


def next_try(person: ServiceUser, outcome: ContactOutcome, now: datetime) -> datetime | None:
    """When to ring again: the next working day at another time of day, or two days after a message."""
    if outcome not in NOT_REACHED or not person.may_telephone:
        return None
    local = now.astimezone(clock.LOCAL)
    later = 2 if outcome is ContactOutcome.LEFT_MESSAGE else 1
    at = AFTERNOON if local.hour < NOON else MORNING
    return safe_from(person, datetime.combine(local.date() + timedelta(days=later), at, clock.LOCAL))


def safe_from(person: ServiceUser, moment: datetime) -> datetime | None:
    """The first moment from then on at which it is safe to ring; without wishes, in working hours."""
    local = moment.astimezone(clock.LOCAL)
    first, last = person.ring_from or DAY_BEGINS, person.ring_until or DAY_ENDS
    for later in range(LOOKED_AHEAD):
        day = local.date() + timedelta(days=later)
        at = max(local.time().replace(second=0, microsecond=0), first)
        if later and at >= last:
            at = first
        if str(day.isoweekday()) in (person.ring_days or WORKING_DAYS) and at < last:
            return max(datetime.combine(day, at, clock.LOCAL).astimezone(clock.now().tzinfo), moment)
    return None


def is_safe(person: ServiceUser, moment: datetime) -> bool:
    """Whether they have said nothing against being rung at that moment."""
    local = moment.astimezone(clock.LOCAL)
    first, last = person.ring_from or time.min, person.ring_until or time.max
    return str(local.isoweekday()) in (person.ring_days or "1234567") and first <= local.time() < last


def _problems(
    person: ServiceUser, outcome: ContactOutcome, note: str, ring_at: datetime | None, now: datetime
) -> dict[str, str]:
    if len(note) > LONGEST_NOTE:
        return {"note": "note_too_long"}
    if outcome is ContactOutcome.LEFT_MESSAGE and not person.may_leave_message:
        return {"outcome": "no_message"}
    if outcome is ContactOutcome.SAFEGUARDING and not note:
        return {"note": "concern"}
    if outcome is not ContactOutcome.CALL_BACK:
        return {}
    if ring_at is None:
        return {"ring_on": "ring_at_missing"}
    if not now < ring_at <= now + LONGEST_WAIT:
        return {"ring_on": "ring_at_passed" if ring_at <= now else "ring_at_too_far"}
    return {} if is_safe(person, ring_at) else {"ring_on": "not_safe"}


def _log(db: Session, actor: Actor, action: str, episode: Episode, **detail: object) -> None:
    audit.record(db, actor, action, person=episode.service_user_id, subject=f"episode:{episode.id}", **detail)
