"""What whoever has the machine itself may do when nobody can get in, or nobody should be in."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wellbeing_app.model import LinkKind, OneTimeLink, Role, Staff, StaffSession
from wellbeing_app.services import audit, clock, links
from wellbeing_app.services.errors import NotFound


def new_password_link(db: Session, email: str) -> str:
    """A one-time link's token for an administrator who is locked out; raises `NotFound`.

    Only for administrators: they make the links for everybody else.
    """
    who = (Staff.email == email.strip().casefold(), Staff.role == Role.ADMINISTRATOR, Staff.active)
    staff = db.scalar(select(Staff).where(*who))
    if staff is None:
        raise NotFound(email)
    audit.record(db, None, "rescue_link_made", subject=f"staff:{staff.id}")
    return links.make(db, LinkKind.NEW_PASSWORD, staff.id)


def administrators(db: Session) -> list[str]:
    """The addresses of those who administer the service."""
    query = select(Staff.email).where(Staff.role == Role.ADMINISTRATOR, Staff.active).order_by(Staff.email)
    return list(db.scalars(query))


def end_every_session(db: Session) -> int:
    """Sign everybody out, on every browser; returns how many sign-ins that ended."""
    standing = StaffSession.ended_at.is_(None)
    ended = db.scalar(select(func.count()).select_from(StaffSession).where(standing)) or 0
    db.execute(update(StaffSession).where(standing).values(ended_at=clock.now()))
    audit.record(db, None, "every_session_ended", ended=ended)
    return ended


def lapse_every_link(db: Session) -> None:
    """No one-time link that was made so far works any more."""
    unused = update(OneTimeLink).where(OneTimeLink.used_at.is_(None))
    db.execute(unused.values(used_at=clock.now()))
    audit.record(db, None, "every_link_lapsed")
