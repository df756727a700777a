"""What the report counts: whose pairs, from when, and by which choices."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, select, true
from sqlalchemy.orm import Session

from wellbeing_app.evaluation.cells import Cohort, count
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import PairedEpisode, Pathway, Staff
from wellbeing_app.services import clock, pairing

YEAR_BEGINS = (4, 1)
"""Financial years begin in April."""


class FollowUp(StrEnum):
    """Which follow-up of an episode makes its pair."""

    FIRST = "first"
    LATEST = "latest"
    NEAREST = "nearest"


class Dated(StrEnum):
    """Which day of an episode has to lie in the period for its scores to be counted."""

    BASELINE = "baseline"
    REFERRAL = "referral"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class Period:
    """From one day to another, both included. Without a first or last day, as far as there is anything."""

    since: date | None = None
    until: date | None = None

    def holds(self, column: Any) -> ColumnElement[bool]:
        """The condition that a day lies in it."""
        ends = [column >= self.since] if self.since else []
        ends += [column <= self.until] if self.until else []
        return and_(column.is_not(None), *ends)

    def before(self) -> Period:
        """As long a period, ending the day before this one begins; in whole months if this one is."""
        if self.since is None or self.until is None:
            return ALL_TIME
        after = self.until + timedelta(days=1)
        months = 12 * (after.year - self.since.year) + after.month - self.since.month
        whole = clock.months_after(self.since, months) == after
        since = clock.months_after(self.since, -months) if whole else self.since - (after - self.since)
        return Period(since, self.since - timedelta(days=1))

    def years(self, first: date, today: date) -> Sequence[tuple[str, Period]]:
        """The financial years that it touches, cut to it, by name ("2015_16")."""
        since, until = self.since or first, self.until or max(today, first)
        begins = since.year - ((since.month, since.day) < YEAR_BEGINS)
        found = []
        while (start := date(begins, *YEAR_BEGINS)) <= until:
            end = date(begins + 1, *YEAR_BEGINS) - timedelta(days=1)
            found.append((f"{begins}_{(begins + 1) % 100:02}", Period(max(start, since), min(end, until))))
            begins += 1
        return found


ALL_TIME = Period()


def this_year(today: date) -> Period:
    """The financial year so far."""
    began = date(today.year, *YEAR_BEGINS)
    return Period(began if began <= today else date(today.year - 1, *YEAR_BEGINS), today)


@dataclass(frozen=True)
class Choices:
    """What a report is about. `alike`: only pairs whose two surveys were taken the same way.

    `with_proxies` and `with_not_agreed` count those too whom the report else leaves out: where somebody else
    answered, and who has not agreed to the use of their answers for evaluation.
    """

    period: Period = ALL_TIME
    dated: Dated = Dated.BASELINE
    pathway: Pathway | None = None
    team_id: uuid.UUID | None = None
    follow_up: FollowUp = FollowUp.FIRST
    alike: bool = False
    with_proxies: bool = False
    with_not_agreed: bool = False


@dataclass(frozen=True)
class Measured:
    """The scores that count. `eligible` people have a counting baseline; `pairs` of them a follow-up too.

    The others, with a baseline in the period too, are left out for the first of these reasons that they give.
    """

    cohort: Cohort
    eligible: int
    pairs: int
    not_agreed: int
    by_proxy: int
    not_alike: int


def measured(db: Session, choices: Choices) -> Measured:
    """Count the pairs, after a look whether anything changed since they were packed."""
    pairing.freshen(db)
    cells, on = _of(choices, "cells"), _of(choices, "on")
    reasons = _reasons(choices)
    counted = (
        not_(case(*((reason, true()) for reason in reasons.values()), else_=~true())) if reasons else true()
    )
    sums = {name: func.sum(case((condition, 1), else_=0)) for name, condition in _first_only(reasons).items()}
    query = select(
        func.aggregate_strings(case((counted, cells)), "").label("cells"),
        func.sum(case((and_(counted, on.is_not(None)), 1), else_=0)).label("pairs"),
        *(one.label(name) for name, one in sums.items()),
    ).where(cells.is_not(None), *_conditions(choices))
    row = db.execute(query).mappings().one()
    cohort = count(INSTRUMENT.keys, [row["cells"] or ""])
    left_out = {name: row.get(name) or 0 for name in ("not_agreed", "by_proxy", "not_alike")}
    return Measured(cohort, cohort.people, row["pairs"] or 0, **left_out)


def _conditions(choices: Choices) -> list[ColumnElement[bool]]:
    days = {
        Dated.BASELINE: PairedEpisode.baseline_on,
        Dated.REFERRAL: PairedEpisode.referred_on,
        Dated.FOLLOW_UP: _of(choices, "on"),
    }
    found = [choices.period.holds(days[choices.dated])]
    if choices.pathway:
        found.append(PairedEpisode.pathway == choices.pathway)
    if choices.team_id:
        found.append(PairedEpisode.advisor_id.in_(of_team(choices.team_id)))
    return found


def of_team(team_id: uuid.UUID) -> Any:
    """The staff of a team, as a question."""
    return select(Staff.id).where(Staff.team_id == team_id)


def _reasons(choices: Choices) -> dict[str, ColumnElement[bool]]:
    """Why a pair is left out, the first reason first."""
    found: dict[str, ColumnElement[bool]] = {}
    if not choices.with_not_agreed:
        found["not_agreed"] = not_(PairedEpisode.agreed)
    if not choices.with_proxies:
        found["by_proxy"] = _of(choices, "proxy")
    if choices.alike:
        found["not_alike"] = and_(_of(choices, "on").is_not(None), not_(_of(choices, "alike")))
    return found


def _first_only(reasons: dict[str, ColumnElement[bool]]) -> dict[str, ColumnElement[bool]]:
    """Each reason for those to whom none before it applies."""
    names = list(reasons)
    return {
        name: and_(reasons[name], *(not_(reasons[before]) for before in names[:place]))
        for place, name in enumerate(names)
    }


def _of(choices: Choices, name: str) -> Any:
    """The packed column of the chosen follow-up."""
    return getattr(PairedEpisode, f"{choices.follow_up}_{name}")
