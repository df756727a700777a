"""The people in the tests: seven who work for the service, and those they support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.config import PasswordCost
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    Episode,
    Mode,
    Occasion,
    Pathway,
    Respondent,
    Role,
    ServiceUser,
    Staff,
    Survey,
    Team,
)
from wellbeing_app.services import accounts, clock, pathway, people, surveys, tickets
from wellbeing_app.services.access import Actor
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.passwords import Passwords

CHEAP = PasswordCost(time=1, memory_kib=8, lanes=1)
PASSWORD = "seven otters paint the brass door"
NORTH, SOUTH = "North", "South"


@dataclass(frozen=True)
class Crew:
    """Everybody who works here. Ben sees his team's caseload, so Asha's too; Asha sees only her own."""

    asha: Actor
    ben: Actor
    carol: Actor
    mandy: Actor
    dev: Actor
    eve: Actor
    adam: Actor


ROLES: dict[str, tuple[Role, str | None, bool]] = {
    "asha": (Role.ADVISOR, NORTH, False),
    "ben": (Role.ADVISOR, NORTH, True),
    "carol": (Role.ADVISOR, SOUTH, False),
    "mandy": (Role.MANAGER, None, False),
    "dev": (Role.DATA_ENTRY, None, False),
    "eve": (Role.EVALUATOR, None, False),
    "adam": (Role.ADMINISTRATOR, None, False),
}


def hire(db: Session, cost: PasswordCost = CHEAP) -> Crew:
    """Give everybody an account, with `PASSWORD` and the address that `email` tells. Not committed."""
    teams = {name: Team(name=name) for name in (NORTH, SOUTH)}
    password_hash = Passwords(cost).hash(PASSWORD)
    staff = {name: _member(name, teams, password_hash) for name in ROLES}
    db.add_all(staff.values())
    db.flush()
    return Crew(**{item.name: accounts.actor_of(staff[item.name]) for item in fields(Crew)})


def email(actor: Actor) -> str:
    """The address an actor signs in with."""
    return f"{actor.name.lower()}@service.example"


def staff_of(db: Session, actor: Actor) -> Staff:
    """The actor's own row."""
    return db.scalars(select(Staff).where(Staff.id == actor.id)).one()


def _member(name: str, teams: dict[str, Team], password_hash: str) -> Staff:
    role, team, sees_team = ROLES[name]
    return Staff(
        name=name.title(),
        email=f"{name}@service.example",
        role=role,
        team=teams[team] if team else None,
        sees_team=sees_team,
        password_hash=password_hash,
        created_at=clock.now(),
    )


def refer(db: Session, advisor: Actor, first_name: str = "Grace", **details: Any) -> Episode:
    """A person with an open episode on the advisor's caseload; `details` of the person or the episode."""
    of_person = {item.name for item in fields(people.PersonDetails)}
    person = people.add(
        db, advisor, people.PersonDetails(first_name, **{k: v for k, v in details.items() if k in of_person})
    )
    return begin_episode(db, advisor, person, **{k: v for k, v in details.items() if k not in of_person})


def begin_episode(db: Session, advisor: Actor, person: ServiceUser, **details: Any) -> Episode:
    """An episode. Unless `details` say otherwise: referred 30 days ago, with a long-term condition."""
    usual = {
        "pathway": Pathway.LONG_TERM_CONDITIONS,
        "referred_on": days_ago(30),
        "advisor_id": advisor.id,
    }
    return pathway.open_episode(db, advisor, person, pathway.EpisodeDetails(**{**usual, **details}))


def answers(scores: Mapping[str, int] | None = None, **details: Any) -> SurveyAnswers:
    """Whole answers: 3 everywhere but where `scores` or `unanswered` say otherwise, taken today in person."""
    unanswered = details.pop("unanswered", {})
    usual = {
        "completed_on": clock.today(),
        "mode": Mode.IN_PERSON,
        "respondent": Respondent.SELF,
    }
    everywhere = dict.fromkeys(INSTRUMENT.keys, 3) | dict(scores or {})
    given = {key: score for key, score in everywhere.items() if key not in unanswered}
    return SurveyAnswers(scores=given, unanswered=unanswered, **{**usual, **details})


def record_survey(
    db: Session,
    actor: Actor,
    episode: Episode,
    occasion: Occasion = Occasion.BASELINE,
    scores: Mapping[str, int] | None = None,
    **details: Any,
) -> Survey:
    """A recorded survey, planned and redeemed as the app does it; `details` as in `answers`."""
    given = answers(scores, **details)
    ticket = tickets.plan(db, actor, episode.id, occasion, given.completed_on)
    receipt = surveys.record(db, actor, ticket.id, given)
    return db.get_one(Survey, receipt.survey_id)


def days_ago(days: int) -> date:
    return clock.today() - timedelta(days=days)
