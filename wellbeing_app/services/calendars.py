"""What stands in calendars: a person's days as a file, an advisor's own as a feed with a secret address."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wellbeing_app.model import (
    CalendarFeed,
    CalendarTitles,
    ContactAttempt,
    DueRow,
    Episode,
    Pathway,
    ServiceUser,
    Staff,
    Stage,
)
from wellbeing_app.services import access, accounts, audit, clock, contacts, followups, sessions
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import NotFound
from wellbeing_app.services.ics import CALL_LASTS
from wellbeing_app.services.policy import Action

MOST = 1000


class Kind(StrEnum):
    """What is to be done on a day."""

    FOLLOW_UP = "follow_up"
    RING = "ring"
    JOINT_MEETING = "joint_meeting"
    REVIEW = "review"


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. `ends`: the last day, or the moment it is over."""

    episode_id: uuid.UUID
    kind: Kind
    person: ServiceUser
    begins: date | datetime
    ends: date | datetime


@dataclass(frozen=True)
class Feed:
    """Whose calendar it is, how people are called in it, and what stands in it."""

    owner: Staff
    titles: CalendarTitles
    entries: Sequence[Entry]


def called(person: ServiceUser, titles: CalendarTitles) -> str:
    """What stands in place of the name."""
    return person.reference if titles is CalendarTitles.REFERENCE else person.initials


def of_episode(db: Session, actor: Actor, episode_id: uuid.UUID) -> Sequence[Entry]:
    """What is to come for one episode."""
    episode = access.episode(db, actor, Action.SEE_PERSON, episode_id)
    row = db.get(DueRow, episode.id)
    return _entries(episode, row, contacts.last_of(db, [episode.id]).get(episode.id)) if row else []


def make(db: Session, actor: Actor, titles: CalendarTitles) -> str:
    """A new secret for the actor's feed; the one before stops working. Told once, and kept as a hash only."""
    access.require(actor, Action.SEE_CASELOAD)
    _revoke_all(db, actor)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        staff_id=actor.id, token_hash=sessions.digest(token), titles=titles, created_at=clock.now()
    )
    db.add(feed)
    db.flush()
    audit.record(db, actor, "calendar_made", titles=titles)
    return token


def revoke(db: Session, actor: Actor) -> bool:
    """The actor's feed stops working; whether there was one."""
    if not _revoke_all(db, actor):
        return False
    audit.record(db, actor, "calendar_revoked")
    return True


def standing(db: Session, actor: Actor) -> CalendarFeed | None:
    """The actor's feed that works now."""
    own = (CalendarFeed.staff_id == actor.id) & CalendarFeed.revoked_at.is_(None)
    return db.scalar(select(CalendarFeed).where(own))


def read(db: Session, token: str) -> Feed:
    """What the feed with this secret shows: its owner's own caseload as it is now.

    Raises `NotFound` for a secret that is unknown or revoked, or whose owner left or has no caseload.
    """
    query = select(CalendarFeed).where(CalendarFeed.token_hash == sessions.digest(token))
    feed = db.scalar(query.options(joinedload(CalendarFeed.staff)))
    if feed is None or feed.revoked_at is not None or not feed.staff.active:
        raise NotFound("a calendar")
    owner = accounts.actor_of(feed.staff)
    if not owner.may(Action.SEE_CASELOAD):
        raise NotFound("a calendar")
    entries = _of_caseload(db, owner)
    audit.record(db, owner, "calendar_read", shown=len(entries))
    return Feed(feed.staff, feed.titles, entries)


def _of_caseload(db: Session, owner: Actor) -> Sequence[Entry]:
    query = (
        select(Episode, DueRow)
        .join(DueRow, DueRow.episode_id == Episode.id)
        .options(joinedload(Episode.service_user))
        .where(DueRow.advisor_id == owner.id)
        .order_by(DueRow.sort_on)
        .limit(MOST)
    )
    found = db.execute(query).all()
    tries = contacts.last_of(db, [episode.id for episode, _row in found])
    return [entry for episode, row in found for entry in _entries(episode, row, tries.get(episode.id))]


def _entries(episode: Episode, row: DueRow, last: ContactAttempt | None) -> list[Entry]:
    """What is to come, and a follow-up whose time has passed until it is taken."""
    today, person = clock.today(), episode.service_user
    found: list[Entry] = []
    if row.stage is Stage.FOLLOW_UP and row.opens and row.closes:
        found.append(Entry(episode.id, Kind.FOLLOW_UP, person, row.opens, row.closes))
        if last and last.ring_at and last.ring_at >= clock.now():
            found.append(Entry(episode.id, Kind.RING, person, last.ring_at, last.ring_at + CALL_LASTS))
    review = episode.discharge_review_on
    if review is None and episode.pathway is Pathway.MENTAL_HEALTH and episode.discharged_on is None:
        review = followups.review_about(episode.pathway, episode.referred_on)
    for kind, on in ((Kind.JOINT_MEETING, episode.joint_meeting_on), (Kind.REVIEW, review)):
        if on is not None and on >= today:
            found.append(Entry(episode.id, kind, person, on, on))
    return found


def _revoke_all(db: Session, actor: Actor) -> bool:
    feed = standing(db, actor)
    if feed is None:
        return False
    feed.revoked_at = clock.now()
    db.flush()
    return True
