"""Sign-ins kept on the server, so that each can be listed and ended."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from wellbeing_app.model import Staff, StaffSession
from wellbeing_app.services import audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import NotFound

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)

_SESSION, _STAFF = StaffSession.__table__.c, Staff.__table__.c
# Every request asks this, so it asks the tables: no objects are made, and it takes a quarter of the time.
_FIND = (
    select(
        _SESSION.id.label("session_id"),
        _SESSION.created_at,
        _SESSION.last_seen_at,
        _SESSION.handed_over_ticket_id,
        _STAFF.id,
        _STAFF.name,
        _STAFF.role,
        _STAFF.team_id,
        _STAFF.sees_team,
    )
    .join_from(StaffSession.__table__, Staff.__table__, _STAFF.id == _SESSION.staff_id)
    .where(_STAFF.active, _SESSION.ended_at.is_(None), _SESSION.token_hash == bindparam("token_hash"))
)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(db: Session, staff: Staff, browser: str) -> str:
    """Begin a session; returns the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.add(
        StaffSession(
            token_hash=digest(token),
            staff_id=staff.id,
            browser=browser[:200],
            created_at=now,
            last_seen_at=now,
        )
    )
    return token


def find(db: Session, token: str) -> Actor | None:
    """Whose session this is, if it still stands; notes that it was used."""
    row = db.execute(_FIND, {"token_hash": digest(token)}).one_or_none()
    if row is None:
        return None
    now = clock.now()
    if _is_over(row.created_at, row.last_seen_at, now, handed_over=row.handed_over_ticket_id is not None):
        return None
    if now - row.last_seen_at > NOTED_EVERY:
        db.execute(update(StaffSession).where(StaffSession.id == row.session_id).values(last_seen_at=now))
    return Actor(
        row.id, row.name, row.role, row.team_id, row.sees_team, row.session_id, row.handed_over_ticket_id
    )


@dataclass(frozen=True)
class LeftBehind:
    """Whose session it was, and whether it ended while somebody else had the screen."""

    staff_id: uuid.UUID
    handed_over: bool


def left_behind(db: Session, token: str) -> LeftBehind | None:
    """What is known of a session that may be over; None if there never was one."""
    query = select(StaffSession.staff_id, StaffSession.handed_over_ticket_id)
    row = db.execute(query.where(StaffSession.token_hash == digest(token))).one_or_none()
    return LeftBehind(row.staff_id, row.handed_over_ticket_id is not None) if row else None


def open_sessions(db: Session, actor: Actor) -> Sequence[StaffSession]:
    """The actor's own sessions that still stand, latest first."""
    now = clock.now()
    query = (
        select(StaffSession)
        .where(
            StaffSession.staff_id == actor.id,
            StaffSession.ended_at.is_(None),
            or_(StaffSession.last_seen_at > now - IDLE, StaffSession.handed_over_ticket_id.is_not(None)),
            StaffSession.created_at > now - ABSOLUTE,
        )
        .order_by(StaffSession.last_seen_at.desc())
    )
    return db.scalars(query).all()


def end(db: Session, actor: Actor, session_id: uuid.UUID | None, action: str = "session_ended") -> None:
    """End one of the actor's own sessions; raises `NotFound`. `action` is what the trail calls it."""
    ended = db.execute(
        update(StaffSession)
        .where(
            StaffSession.id == session_id, StaffSession.staff_id == actor.id, StaffSession.ended_at.is_(None)
        )
        .values(ended_at=clock.now())
        .returning(StaffSession.id)
    )
    if ended.one_or_none() is None:
        raise NotFound(str(session_id))
    audit.record(db, actor, action)


def end_others(db: Session, actor: Actor) -> None:
    """End all of the actor's own sessions but the one in use."""
    end_all(db, actor.id, except_for=actor.session_id)
    audit.record(db, actor, "other_sessions_ended")


def end_all(db: Session, staff_id: uuid.UUID, except_for: uuid.UUID | None = None) -> None:
    """End every session of a member of staff, but one if asked."""
    query = update(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
    if except_for is not None:
        query = query.where(StaffSession.id != except_for)
    db.execute(query.values(ended_at=clock.now()))


def hand_over(db: Session, actor: Actor, ticket_id: uuid.UUID | None) -> None:
    """From now on this browser opens that one survey only; None takes the tablet back."""
    db.execute(
        update(StaffSession)
        .where(StaffSession.id == actor.session_id)
        .values(handed_over_ticket_id=ticket_id, last_seen_at=clock.now())
    )
    audit.record(
        db, actor, "handed_over" if ticket_id else "handed_back", subject=f"ticket:{ticket_id or ''}"
    )


def _is_over(created_at: datetime, last_seen_at: datetime, now: datetime, *, handed_over: bool) -> bool:
    # Somebody answering slowly is not idle; and a handed-over browser opens nothing but that one form.
    return now - created_at > ABSOLUTE or (now - last_seen_at > IDLE and not handed_over)
