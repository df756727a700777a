"""Accounts: invitations, signing in, changing a password, leaving."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.model import LinkKind, OneTimeLink, Role, Staff, Team
from wellbeing_app.services import audit, clock, passwords, sessions, throttle
from wellbeing_app.services.access import Actor, require
from wellbeing_app.services.errors import Invalid, LinkSpent, NotFound, Superseded
from wellbeing_app.services.passwords import Passwords
from wellbeing_app.services.policy import Action

FIRST_LINK_LASTS = timedelta(hours=1)
LINK_LASTS = timedelta(days=3)


@dataclass(frozen=True)
class SignedIn:
    """The right password: the cookie's token."""

    token: str
    staff: Staff


@dataclass(frozen=True)
class Refused:
    """`why` is `wrong` or `too_many`."""

    why: str


@dataclass(frozen=True)
class Details:
    """What an administrator says of a member of staff."""

    name: str
    email: str
    role: Role
    team: str = ""
    sees_team: bool = False
    active: bool = True
    version: int = 1


def sign_in(
    db: Session, kept: Passwords, key: str, email: str, password: str, address: str, browser: str
) -> SignedIn | Refused:
    """Check a password, slowly and not too often, and start a session.

    Commits as it goes: an attempt must count even if this request dies, and nobody should wait for Argon2.
    """
    account = throttle.target(key, "account", email.strip())
    network = throttle.target(key, "address", address)
    if throttle.too_many(db, {account: throttle.PER_ACCOUNT, network: throttle.PER_ADDRESS}):
        return Refused("too_many")
    staff = db.scalar(select(Staff).where(Staff.email == email.strip().casefold(), Staff.active))
    db.commit()
    if not kept.matches(staff.password_hash if staff else None, password) or staff is None:
        audit.record(db, None, "sign_in_failed")
        return Refused("wrong")
    throttle.forget(db, account)
    if staff.password_hash is None or kept.is_outdated(staff.password_hash):
        staff.password_hash = kept.hash(password)
    token = sessions.start(db, staff, browser)
    audit.record(db, actor_of(staff), "signed_in")
    return SignedIn(token, staff)


def actor_of(staff: Staff) -> Actor:
    """The member of staff as an actor."""
    return Actor(staff.id, staff.name, staff.role, staff.team_id, staff.sees_team)


def first_administrator_link(db: Session) -> str | None:
    """A fresh one-hour link's token while nobody administers the service, else None. Older ones lapse."""
    administrators = select(func.count()).select_from(Staff).where(Staff.role == Role.ADMINISTRATOR)
    if db.scalar(administrators.where(Staff.password_hash.is_not(None))):
        return None
    now = clock.now()
    lapse = update(OneTimeLink).where(
        OneTimeLink.kind == LinkKind.FIRST_ADMINISTRATOR, OneTimeLink.used_at.is_(None)
    )
    db.execute(lapse.values(used_at=now))
    return _make_link(db, LinkKind.FIRST_ADMINISTRATOR, None, FIRST_LINK_LASTS)


def invite(db: Session, actor: Actor, details: Details) -> tuple[Staff, str]:
    """Add a member of staff and a link to choose a password; raises `Invalid` if the address is taken."""
    require(actor, Action.MANAGE_STAFF)
    staff = Staff(
        name=details.name.strip(),
        email=details.email.strip().casefold(),
        role=details.role,
        team=_team(db, details.team),
        sees_team=details.sees_team,
        created_at=clock.now(),
    )
    db.add(staff)
    _flush_unique(db, "email")
    audit.record(db, actor, "invited", subject=f"staff:{staff.id}", role=details.role)
    return staff, _make_link(db, LinkKind.INVITATION, staff.id, LINK_LASTS)


def new_link(db: Session, actor: Actor, staff_id: uuid.UUID) -> tuple[Staff, str]:
    """Another link, for a lost one or a forgotten password; the old password works until it is used."""
    require(actor, Action.MANAGE_STAFF)
    staff = _staff(db, staff_id)
    if not staff.active:
        raise Invalid({"active": "not_active"})
    lapse = update(OneTimeLink).where(OneTimeLink.staff_id == staff.id, OneTimeLink.used_at.is_(None))
    db.execute(lapse.values(used_at=clock.now()))
    audit.record(db, actor, "link_made", subject=f"staff:{staff.id}")
    kind = LinkKind.NEW_PASSWORD if staff.password_hash else LinkKind.INVITATION
    return staff, _make_link(db, kind, staff.id, LINK_LASTS)


def open_link(db: Session, token: str) -> OneTimeLink:
    """The link this token stands for; raises `LinkSpent`."""
    link = db.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == sessions.digest(token)))
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise LinkSpent
    return link


def use_link(
    db: Session, kept: Passwords, token: str, password: str, name: str = "", email: str = ""
) -> Staff:
    """Choose a password with a one-time link; the first administrator also says who they are.

    Ends every other session of that account. Raises `LinkSpent` or `Invalid`.
    """
    link = open_link(db, token)
    first = link.kind is LinkKind.FIRST_ADMINISTRATOR
    staff = _first_administrator(name, email) if first else _staff(db, link.staff_id)
    if not staff.active:
        raise LinkSpent
    _set_password(staff, kept, password)
    _spend(db, link)
    if first:
        db.add(staff)
        _flush_unique(db, "email")
    sessions.end_all(db, staff.id)
    audit.record(db, actor_of(staff), "password_chosen", kind=link.kind)
    return staff


def change_password(db: Session, actor: Actor, kept: Passwords, old: str, new: str) -> None:
    """Change the actor's own password and end their other sessions; raises `Invalid`."""
    staff = _staff(db, actor.id)
    if not kept.matches(staff.password_hash, old):
        raise Invalid({"old": "wrong_password"})
    _set_password(staff, kept, new)
    sessions.end_all(db, staff.id, except_for=actor.session_id)
    audit.record(db, actor, "password_changed")


def is_own_password(db: Session, actor: Actor, kept: Passwords, password: str) -> bool:
    """Whether this is the actor's own password."""
    return kept.matches(_staff(db, actor.id).password_hash, password)


def everybody(db: Session) -> Sequence[Staff]:
    """All staff, those at work first, by name."""
    return db.scalars(
        select(Staff).options(joinedload(Staff.team)).order_by(Staff.active.desc(), Staff.name)
    ).all()


def advisors(db: Session) -> Sequence[Staff]:
    """Staff who may hold a caseload, by name."""
    return db.scalars(
        select(Staff).where(Staff.role == Role.ADVISOR, Staff.active).order_by(Staff.name)
    ).all()


def member(db: Session, actor: Actor, staff_id: uuid.UUID) -> Staff:
    """One member of staff, for an administrator; raises `NotFound`."""
    require(actor, Action.MANAGE_STAFF)
    return _staff(db, staff_id)


def edit(db: Session, actor: Actor, staff_id: uuid.UUID, details: Details) -> Staff:
    """Change role, team or whether somebody still works here; leaving ends their sessions.

    Raises `Invalid` (address taken, last administrator) or `Superseded`.
    """
    require(actor, Action.MANAGE_STAFF)
    staff = _staff(db, staff_id)
    if staff.version != details.version:
        raise Superseded(staff)
    if _is_last_administrator(db, staff) and (details.role is not Role.ADMINISTRATOR or not details.active):
        raise Invalid({"role": "last_administrator"})
    changed = staff.role is not details.role or staff.active is not details.active
    staff.name, staff.email = details.name.strip(), details.email.strip().casefold()
    staff.role, staff.team = details.role, _team(db, details.team)
    staff.sees_team, staff.active = details.sees_team, details.active
    _flush_unique(db, "email")
    if changed:
        sessions.end_all(db, staff.id, except_for=actor.session_id)
    audit.record(
        db, actor, "staff_edited", subject=f"staff:{staff.id}", role=details.role, active=details.active
    )
    return staff


def _first_administrator(name: str, email: str) -> Staff:
    problems = {field: "required" for field, value in (("name", name), ("email", email)) if not value.strip()}
    if problems:
        raise Invalid(problems)
    return Staff(
        id=uuid.uuid4(),
        name=name.strip(),
        email=email.strip().casefold(),
        role=Role.ADMINISTRATOR,
        active=True,
        created_at=clock.now(),
    )


def _set_password(staff: Staff, kept: Passwords, password: str) -> None:
    problem = passwords.problem_with(password, staff.name, *staff.email.split("@"))
    if problem:
        raise Invalid({"password": problem})
    staff.password_hash = kept.hash(password)


def _spend(db: Session, link: OneTimeLink) -> None:
    spent = (
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeLink.id)
    )
    if db.execute(spent).one_or_none() is None:
        raise LinkSpent


def _make_link(db: Session, kind: LinkKind, staff_id: uuid.UUID | None, lasts: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.add(
        OneTimeLink(
            token_hash=sessions.digest(token),
            kind=kind,
            staff_id=staff_id,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    return token


def _staff(db: Session, staff_id: uuid.UUID | None) -> Staff:
    staff = db.get(Staff, staff_id) if staff_id else None
    if staff is None:
        raise NotFound(str(staff_id))
    return staff


def _team(db: Session, name: str) -> Team | None:
    if not name.strip():
        return None
    team = db.scalar(select(Team).where(Team.name == name.strip()))
    return team or Team(name=name.strip())


def _is_last_administrator(db: Session, staff: Staff) -> bool:
    others = select(func.count()).select_from(Staff)
    others = others.where(Staff.role == Role.ADMINISTRATOR, Staff.active, Staff.id != staff.id)
    return staff.role is Role.ADMINISTRATOR and not db.scalar(others)


def _flush_unique(db: Session, field: str) -> None:
    try:
        with db.begin_nested():
            db.flush()
    except IntegrityError as taken:
        raise Invalid({field: "taken"}) from taken
    except StaleDataError as lost_race:
        raise Superseded(None) from lost_race
