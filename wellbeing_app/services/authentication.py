"""Who is it: signing in, showing once more that it is you, and changing one's own password."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wellbeing_app.model import Staff
from wellbeing_app.services import accounts, audit, sessions, throttle
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, NotFound
from wellbeing_app.services.passwords import Passwords


@dataclass(frozen=True)
class SignedIn:
    """The right password: the cookie's token."""

    token: str
    staff: Staff


@dataclass(frozen=True)
class Refused:
    """`why` is `wrong` or `too_many`."""

    why: str


def sign_in(
    db: Session, kept: Passwords, key: str, email: str, password: str, address: str, browser: str
) -> SignedIn | Refused:
    """Check a password, slowly and not too often, and start a session.

    Commits as it goes: an attempt must count even if this request dies, and nobody should wait for Argon2.
    """
    account = throttle.target(key, "account", email.strip())
    network = throttle.target(key, "address", throttle.network(address))
    if throttle.too_many(db, {account: throttle.PER_ACCOUNT, network: throttle.PER_ADDRESS}):
        return Refused("too_many")
    staff = db.scalar(select(Staff).where(Staff.email == email.strip().casefold(), Staff.active))
    db.commit()
    if not kept.matches(staff.password_hash if staff else None, password) or staff is None:
        audit.record(db, None, "sign_in_failed", subject=f"staff:{staff.id}" if staff else "")
        return Refused("wrong")
    throttle.forget(db, account)
    _renew_hash(db, kept, staff, password)
    return SignedIn(begin(db, staff, browser), staff)


def _renew_hash(db: Session, kept: Passwords, staff: Staff, password: str) -> None:
    """Keep the password at today's cost; of two sign-ins at once, one does it and neither fails."""
    old = staff.password_hash
    if old is not None and kept.is_outdated(old):
        unchanged = (Staff.id == staff.id) & (Staff.password_hash == old)
        renew = update(Staff).where(unchanged).values(password_hash=kept.hash(password))
        db.execute(renew.execution_options(synchronize_session=False))


def begin(db: Session, staff: Staff, browser: str) -> str:
    """Start a session for somebody who has just shown who they are; returns the cookie's token."""
    token = sessions.start(db, staff, browser)
    audit.record(db, accounts.actor_of(staff), "signed_in")
    return token


def sign_out(db: Session, actor: Actor) -> None:
    """End the session that the actor is using, if it is not over already."""
    with suppress(NotFound):
        sessions.end(db, actor, actor.session_id, "signed_out")


def confirm(db: Session, actor: Actor, kept: Passwords, key: str, password: str) -> Refused | None:
    """Ask the actor for their own password once more; None if it is right. Wrong tries count as in `sign_in`.

    Commits, as that does.
    """
    staff = db.get_one(Staff, actor.id)
    account = throttle.target(key, "account", staff.email)
    if throttle.too_many(db, {account: throttle.PER_ACCOUNT}):
        return Refused("too_many")
    if not kept.matches(staff.password_hash, password):
        return Refused("wrong")
    throttle.forget(db, account)
    return None


def change_password(db: Session, actor: Actor, kept: Passwords, key: str, old: str, new: str) -> None:
    """Change the actor's own password and end their other sessions; raises `Invalid` of `old` or `new`."""
    staff = db.get_one(Staff, actor.id)
    problem = accounts.password_problem(db, staff, new)
    if problem:
        raise Invalid({"new": problem})
    refused = confirm(db, actor, kept, key, old)
    if refused:
        raise Invalid({"old": refused.why})
    staff.password_hash = kept.hash(new)
    sessions.end_all(db, staff.id, except_for=actor.session_id)
    audit.record(db, actor, "password_changed")
