"""Accounts: who works for the service, invitations, roles, leaving."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.model import LinkKind, Role, Staff, Team
from wellbeing_app.services import audit, clock, links, passwords, sessions, settings
from wellbeing_app.services.access import Actor, require
from wellbeing_app.services.errors import Invalid, LinkSpent, NotFound, Superseded
from wellbeing_app.services.passwords import Passwords
from wellbeing_app.services.policy import Action


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


@dataclass(frozen=True)
class Welcomed:
    """Whom a one-time link is for; without a `name` it is for the first administrator, who says it."""

    expires_at: datetime
    name: str = ""
    email: str = ""

    @property
    def is_first(self) -> bool:
        return not self.name


def actor_of(staff: Staff) -> Actor:
    """The member of staff as an actor."""
    return Actor(staff.id, staff.name, staff.role, staff.team_id, staff.sees_team)


def first_administrator_link(db: Session) -> str | None:
    """A fresh one-hour link's token while nobody administers the service, else None. Older ones lapse."""
    return None if db.scalars(_administrators()).first() else links.make_first(db)


def invite(db: Session, actor: Actor, details: Details) -> tuple[Staff, str]:
    """Add a member of staff and a link to choose a password; raises `Invalid` if the address is taken."""
    require(actor, Action.MANAGE_STAFF)
    staff = Staff(id=uuid.uuid4(), active=True, created_at=clock.now())
    _describe(db, staff, details)
    with _all_or_nothing(db, "email"):
        db.add(staff)
    audit.record(db, actor, "invited", subject=f"staff:{staff.id}", role=details.role)
    return staff, links.make(db, LinkKind.INVITATION, staff.id)


def new_link(db: Session, actor: Actor, staff_id: uuid.UUID) -> tuple[Staff, str]:
    """Another link, for a lost one or a forgotten password; the old password works until it is used."""
    require(actor, Action.MANAGE_STAFF)
    staff = _staff(db, staff_id)
    if not staff.active:
        raise Invalid({"active": "not_active"})
    audit.record(db, actor, "link_made", subject=f"staff:{staff.id}")
    kind = LinkKind.NEW_PASSWORD if staff.password_hash else LinkKind.INVITATION
    return staff, links.make(db, kind, staff.id)


def whom_link_is_for(db: Session, token: str) -> Welcomed:
    """Whom to welcome; raises `LinkSpent`."""
    link = links.open_link(db, token)
    if link.staff_id is None:
        return Welcomed(link.expires_at)
    staff = _staff(db, link.staff_id)
    if not staff.active:
        raise LinkSpent
    return Welcomed(link.expires_at, staff.name, staff.email)


def use_link(
    db: Session, kept: Passwords, token: str, password: str, name: str = "", email: str = ""
) -> Staff:
    """Choose a password with a one-time link; the first administrator also says who they are.

    Ends every other session of that account. Raises `LinkSpent` or `Invalid`, and then the link still works.
    """
    link = links.open_link(db, token)
    staff = _staff(db, link.staff_id) if link.staff_id else _first_administrator(name, email)
    if not staff.active:
        raise LinkSpent
    problem = password_problem(db, staff, password)
    if problem:
        raise Invalid({"password": problem})
    password_hash = kept.hash(password)
    with _all_or_nothing(db, "email"):
        links.spend(db, link)
        staff.password_hash = password_hash
        db.add(staff)
    sessions.end_all(db, staff.id)
    audit.record(db, actor_of(staff), "password_chosen", kind=link.kind)
    return staff


def password_problem(db: Session, staff: Staff, password: str) -> str | None:
    """The code of what is wrong with this person's new password, or None."""
    near_by = (staff.name, staff.email, settings.read(db).name)
    guesses = [guess for text in near_by for guess in (text, *text.replace("@", " ").split())]
    return passwords.problem_with(password, *guesses)


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


def teams(db: Session) -> Sequence[str]:
    """The names of all teams."""
    return db.scalars(select(Team.name).order_by(Team.name)).all()


def myself(db: Session, actor: Actor) -> Staff:
    """The actor's own row."""
    return db.get_one(Staff, actor.id, options=[joinedload(Staff.team)])


def member(db: Session, actor: Actor, staff_id: uuid.UUID) -> Staff:
    """One member of staff, for an administrator; raises `NotFound`."""
    require(actor, Action.MANAGE_STAFF)
    return _staff(db, staff_id)


def edit(db: Session, actor: Actor, staff_id: uuid.UUID, details: Details) -> Staff:
    """Change who somebody is or what they may do; another role, or leaving, ends their sessions.

    Raises `Invalid` (address taken, last administrator) or `Superseded` with the row as it stands.
    """
    require(actor, Action.MANAGE_STAFF)
    staff = _staff(db, staff_id)
    if staff.version != details.version:
        raise Superseded(staff)
    stays = details.role is Role.ADMINISTRATOR and details.active
    if not stays and _is_last_administrator(db, staff):
        raise Invalid({"role": "last_administrator"})
    changed = staff.role is not details.role or staff.active is not details.active
    try:
        with _all_or_nothing(db, "email"):
            _describe(db, staff, details)
    except StaleDataError as lost_race:
        raise Superseded(_staff(db, staff_id)) from lost_race
    if changed:
        sessions.end_all(db, staff.id, except_for=actor.session_id)
    audit.record(
        db, actor, "staff_edited", subject=f"staff:{staff.id}", role=details.role, active=details.active
    )
    return staff


def _describe(db: Session, staff: Staff, details: Details) -> None:
    staff.team = _team(db, details.team.strip())
    staff.name, staff.email = details.name.strip(), details.email.strip().casefold()
    staff.role, staff.sees_team, staff.active = details.role, details.sees_team, details.active


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


def _staff(db: Session, staff_id: uuid.UUID) -> Staff:
    staff = db.get(Staff, staff_id)
    if staff is None:
        raise NotFound(str(staff_id))
    return staff


def _team(db: Session, name: str) -> Team | None:
    """The team of that name, however it is capitalised; a new one if there is none."""
    if not name:
        return None
    with db.no_autoflush:
        found = db.scalar(select(Team).where(func.lower(Team.name) == name.lower()))
    return found or Team(name=name)


def _administrators() -> Select[uuid.UUID]:
    """Those who can sign in and administer the service."""
    return select(Staff.id).where(
        Staff.role == Role.ADMINISTRATOR, Staff.active, Staff.password_hash.is_not(None)
    )


def _is_last_administrator(db: Session, staff: Staff) -> bool:
    # Locked, for two administrators could be taking away each other's role at the same moment.
    return set(db.scalars(_administrators().with_for_update())) == {staff.id}


@contextmanager
def _all_or_nothing(db: Session, unique: str) -> Iterator[None]:
    """What is changed inside is kept as a whole or not at all; raises `Invalid` if `unique` is taken."""
    try:
        with db.begin_nested():
            yield
    except IntegrityError as taken:
        raise Invalid({unique: "taken"}) from taken
