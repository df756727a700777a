"""Who works for the invented service."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from wellbeing_app.model import Purpose, Role
from wellbeing_app.services import accounts, clock, codes, settings
from wellbeing_app.services.access import Actor
from wellbeing_app.services.accounts import Details
from wellbeing_app.services.demo import words
from wellbeing_app.services.passwords import Passwords
from wellbeing_app.services.settings import HelpLine

FOUNDED = timedelta(days=500)
NORTH, SOUTH = "North", "South"

STAFF = (
    ("Alma Hazel", Role.ADMINISTRATOR, "", False),
    ("Martin Oakes", Role.MANAGER, "", False),
    ("Priya Fern", Role.ADVISOR, NORTH, True),
    ("Callum Reed", Role.ADVISOR, NORTH, False),
    ("Zofia Birch", Role.ADVISOR, SOUTH, False),
    ("Dot Hawthorn", Role.DATA_ENTRY, "", False),
    ("Emeka Sedge", Role.EVALUATOR, "", False),
)


@dataclass(frozen=True)
class SignIn:
    """How one of them signs in."""

    name: str
    role: Role
    team: str
    email: str
    password: str


@dataclass(frozen=True)
class Crew:
    """Those who do something in the stories."""

    administrator: Actor
    manager: Actor
    advisors: Sequence[Actor]
    data_entry: Actor


def hire(db: Session, kept: Passwords) -> tuple[Crew, Sequence[SignIn]]:
    """Found the service, and give everybody an account with a password nobody else has."""
    sign_ins = [_sign_in(*member) for member in STAFF]
    with clock.at(clock.now() - FOUNDED):
        administrator = _first(db, kept, sign_ins[0])
        actors = {one.email: _employ(db, kept, administrator, one) for one in sign_ins[1:]}
        _choose_settings(db, administrator)
    of_role = {role: [actors[one.email] for one in sign_ins[1:] if one.role is role] for role in Role}
    crew = Crew(administrator, of_role[Role.MANAGER][0], of_role[Role.ADVISOR], of_role[Role.DATA_ENTRY][0])
    return crew, sign_ins


def _sign_in(name: str, role: Role, team: str, sees_team: bool) -> SignIn:
    sees = f"{team}, sees the team's people" if sees_team else team
    return SignIn(name, role, sees, f"{name.split()[0].lower()}@demo.example", _password())


def _password() -> str:
    return "-".join("".join(secrets.choice(codes.ALPHABET.lower()) for _ in range(4)) for _ in range(3))


def _first(db: Session, kept: Passwords, one: SignIn) -> Actor:
    token = accounts.first_administrator_link(db)
    assert token is not None
    return accounts.actor_of(accounts.use_link(db, kept, token, one.password, one.name, one.email))


def _employ(db: Session, kept: Passwords, administrator: Actor, one: SignIn) -> Actor:
    team, sees_team = next((team, sees) for name, _role, team, sees in STAFF if name == one.name)
    details = Details(one.name, one.email, one.role, team, sees_team)
    _staff, token = accounts.invite(db, administrator, details)
    return accounts.actor_of(accounts.use_link(db, kept, token, one.password))


def _choose_settings(db: Session, administrator: Actor) -> None:
    chosen = replace(
        settings.read(db),
        name=words.SERVICE,
        agreements={Purpose(purpose): wording for purpose, wording in words.AGREEMENTS.items()},
        safety_contact=words.SAFETY_CONTACT,
        referral_terms=words.REFERRAL_TERMS,
        help_lines=tuple(HelpLine(*line) for line in words.HELP_LINES),
    )
    settings.change(db, administrator, chosen)
