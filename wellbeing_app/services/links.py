"""One-time links: a secret that lets its holder choose a password, once. Only a hash of it is kept."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from wellbeing_app.model import LinkKind, OneTimeLink
from wellbeing_app.services import clock, sessions
from wellbeing_app.services.errors import LinkSpent

FIRST_LINK_LASTS = timedelta(hours=1)
LINK_LASTS = timedelta(days=3)


def make_first(db: Session) -> str:
    """A link for the first administrator, who has no account yet. Older ones lapse."""
    _lapse(db, OneTimeLink.kind == LinkKind.FIRST_ADMINISTRATOR)
    return _make(db, LinkKind.FIRST_ADMINISTRATOR, None, FIRST_LINK_LASTS)


def make(db: Session, kind: LinkKind, staff_id: uuid.UUID) -> str:
    """A link for a member of staff. Older ones lapse."""
    lapse(db, staff_id)
    return _make(db, kind, staff_id, LINK_LASTS)


def lapse(db: Session, staff_id: uuid.UUID) -> None:
    """All links of a member of staff stop working."""
    _lapse(db, OneTimeLink.staff_id == staff_id)


def open_link(db: Session, token: str) -> OneTimeLink:
    """The link this token stands for; raises `LinkSpent`."""
    link = db.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == sessions.digest(token)))
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise LinkSpent
    return link


def spend(db: Session, link: OneTimeLink) -> None:
    """Use it up; of two at the same moment, one gets `LinkSpent`."""
    spent = (
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeLink.id)
    )
    if db.execute(spent).one_or_none() is None:
        raise LinkSpent


def _lapse(db: Session, which: ColumnElement[bool]) -> None:
    db.execute(update(OneTimeLink).where(which, OneTimeLink.used_at.is_(None)).values(used_at=clock.now()))


def _make(db: Session, kind: LinkKind, staff_id: uuid.UUID | None, lasts: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    now = clock.now()
    link = OneTimeLink(
        token_hash=sessions.digest(token),
        kind=kind,
        staff_id=staff_id,
        created_at=now,
        expires_at=now + lasts,
    )
    db.add(link)
    return token
