"""The numbers of the service's own record: referrals, take-up, reviews and discharges, by financial year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, case, func, select
from sqlalchemy.orm import Session

from wellbeing_app.model import Episode
from wellbeing_app.services import clock
from wellbeing_app.services.reporting import Choices, Period, of_team

TOTAL = "total"
A_YEAR = 12


@dataclass(frozen=True)
class Steps:
    """How many came how far. A joint meeting or review that is only planned has not been held.

    `met` and `took_up` are of those referred in the period; `discharged`, and `re_referred` after that, of
    those whose review was held in it.
    """

    referred: int = 0
    met: int = 0
    took_up: int = 0
    reviewed: int = 0
    discharged: int = 0
    re_referred: int = 0

    def __add__(self, other: Steps) -> Steps:
        return Steps(*(one + another for one, another in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Held:
    """How long discharges held: of those discharged in the period, a year or more ago, who was not back."""

    observed_a_year: int
    a_year: int


def steps(db: Session, choices: Choices) -> Mapping[str, Steps]:
    """By financial year ("2015_16") and in `TOTAL`. An index holds all that is asked of each year."""
    referred, reviewed = _referred(choices), _reviewed(choices)
    by_year = {
        name: Steps(*db.execute(referred, vars(year)).one(), *db.execute(reviewed, vars(year)).one())
        for name, year in years_of(db, choices)
    }
    return {**by_year, TOTAL: sum(by_year.values(), Steps())}


def held(db: Session, choices: Choices) -> Held:
    """Whether discharges held. Only who came back is fetched; the others are counted where they are."""
    last = clock.months_after(clock.today(), -A_YEAR)
    of_period = (
        *of_whom(choices),
        choices.period.holds(Episode.discharged_on),
        Episode.discharged_on <= last,
    )
    observed = db.scalar(select(func.count()).select_from(Episode).where(*of_period)) or 0
    came_back = select(Episode.discharged_on, Episode.re_referred_on).where(
        *of_period, Episode.re_referred_on.is_not(None)
    )
    within = sum(
        back < clock.months_after(left, A_YEAR)
        for left, back in db.execute(came_back)
        if left is not None and back is not None and back >= left
    )
    return Held(observed, observed - within)


def of_whom(choices: Choices) -> Sequence[ColumnElement[bool]]:
    """The conditions on the episode that do not depend on a period."""
    found: list[ColumnElement[bool]] = []
    if choices.pathway:
        found.append(Episode.pathway == choices.pathway)
    if choices.team_id:
        found.append(Episode.advisor_id.in_(of_team(choices.team_id)))
    return found


def years_of(db: Session, choices: Choices) -> Sequence[tuple[str, Period]]:
    """The financial years of the report's period."""
    return choices.period.years(_first(db), clock.today())


def _referred(choices: Choices) -> Any:
    return select(
        func.count(Episode.referred_on),
        func.count(case((Episode.joint_meeting_on <= clock.today(), 1))),
        func.count(Episode.took_up_on),
    ).where(in_year(Episode.referred_on), *of_whom(choices))


def _reviewed(choices: Choices) -> Any:
    return select(
        func.count(Episode.discharge_review_on),
        func.count(Episode.discharged_on),
        func.count(case((Episode.re_referred_on >= Episode.discharged_on, 1))),
    ).where(
        in_year(Episode.discharge_review_on),
        Episode.discharge_review_on <= clock.today(),
        *of_whom(choices),
    )


def in_year(column: Any) -> ColumnElement[bool]:
    """The condition that a day lies in a year, which is filled in when the question is asked."""
    return column.between(bindparam("since", type_=Date), bindparam("until", type_=Date))  # type: ignore[no-any-return]


def _first(db: Session) -> date:
    return db.scalar(select(func.min(Episode.referred_on))) or clock.today()
