"""Days of an episode that are moved, with a reason; and a follow-up that will not be."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wellbeing_app.model import Episode, FollowUpEnd, MovedDate, Pathway
from wellbeing_app.services import access, audit, clock, due, journey, pathway, schedules, surveys
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.followups import moved_key
from wellbeing_app.services.policy import Action

FOLLOW_UP = "follow_up"
MEETINGS = {"joint_meeting": "joint_meeting_on", "discharge_review": "discharge_review_on"}
PHASES = tuple(pathway.phase_key(number) for number in range(1, len(pathway.PHASE_WEEKS) + 1))
SHORTEST_REASON, LONGEST_REASON = 3, 500


def can_be_moved(episode: Episode) -> Sequence[str]:
    """Which days of this episode can be moved: the phases are the mental health pathway's."""
    own = (*MEETINGS, *PHASES) if episode.pathway is Pathway.MENTAL_HEALTH else ()
    return (FOLLOW_UP, *own)


def move(
    db: Session, actor: Actor, episode_id: uuid.UUID, which: str, to: date | None, reason: str
) -> Episode:
    """Move a day; `to` None puts the usual one back. Raises `Invalid`, by field: `which`, `to`, `reason`.

    A moved follow-up keeps the length of its window. Nothing is moved before the referral, and a follow-up
    not into the past.
    """
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    db.refresh(episode, with_for_update=True)
    reason = reason.strip()
    key = _key(db, episode, which)
    problems = _problem(episode, which, to)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        problems["reason"] = "reason_missing" if len(reason) < SHORTEST_REASON else "reason_too_long"
    if problems:
        raise Invalid(problems)
    was = _set(episode, key, to)
    db.add(
        MovedDate(
            episode_id=episode.id,
            which=key,
            was=was,
            moved_to=to,
            reason=reason,
            at=clock.now(),
            by_id=actor.id,
        )
    )
    due.refresh(db, episode.id)
    _log(db, actor, "date_moved", episode, which=key)
    return episode


def moves(db: Session, episode: Episode) -> Sequence[MovedDate]:
    """What was moved in this episode, the latest first; for somebody already through the door."""
    of_episode = select(MovedDate).where(MovedDate.episode_id == episode.id).options(joinedload(MovedDate.by))
    return db.scalars(of_episode.order_by(MovedDate.at.desc())).all()


def end(db: Session, actor: Actor, episode_id: uuid.UUID, why: FollowUpEnd) -> Episode:
    """Say that there will be no follow-up, as of today. The episode stays open."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    end_of(db, actor, episode, why)
    return episode


def end_of(db: Session, actor: Actor, episode: Episode, why: FollowUpEnd) -> None:
    """The same for an episode that is open in one's hands."""
    episode.follow_up_ended, episode.follow_up_ended_on = why, clock.today()
    due.refresh(db, episode.id)
    _log(db, actor, "follow_up_ended", episode, why=why)


def take_up_again(db: Session, actor: Actor, episode_id: uuid.UUID) -> Episode:
    """There will be a follow-up after all."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    resume(db, actor, episode)
    return episode


def resume(db: Session, actor: Actor, episode: Episode) -> None:
    """The same for an episode that is open in one's hands."""
    if episode.follow_up_ended is None:
        return
    episode.follow_up_ended = episode.follow_up_ended_on = None
    due.refresh(db, episode.id)
    _log(db, actor, "follow_up_resumed", episode)


def _key(db: Session, episode: Episode, which: str) -> str:
    if which not in can_be_moved(episode):
        raise Invalid({"which": "not_movable"})
    if which != FOLLOW_UP:
        return which
    reckoned = journey.reckoned(episode, schedules.read(db))
    if surveys.counting_baseline(episode.surveys) is None:
        raise Invalid({"which": "baseline_first"})
    return moved_key(reckoned.number + (reckoned.opens is None and episode.follow_up_ended is None))


def _problem(episode: Episode, which: str, to: date | None) -> dict[str, str]:
    if to is None:
        return {"to": "required"} if which in MEETINGS else {}
    problem = clock.problem_with(to, clock.today(), planned=True)
    if problem is None and to < episode.referred_on:
        problem = "before_referral"
    if problem is None and which == FOLLOW_UP and to < clock.today():
        problem = "in_past"
    if problem is None and which in PHASES:
        ends = list(pathway.phase_ends(episode.referred_on, episode.moved))
        ends[PHASES.index(which)] = to
        problem = "out_of_order" if ends != sorted(set(ends)) else None
    return {"to": problem} if problem else {}


def _set(episode: Episode, key: str, to: date | None) -> date | None:
    """Write the day where it belongs; what it was before."""
    if key in MEETINGS:
        was: date | None = getattr(episode, MEETINGS[key])
        setattr(episode, MEETINGS[key], to)
        return was
    before = dict(episode.moved or {})
    old = before.pop(key, None)
    episode.moved = {**before, key: to.isoformat()} if to else before
    return date.fromisoformat(old) if old else None


def _log(db: Session, actor: Actor, action: str, episode: Episode, **detail: object) -> None:
    audit.record(db, actor, action, person=episode.service_user_id, subject=f"episode:{episode.id}", **detail)
