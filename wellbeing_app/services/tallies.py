"""The ledger in numbers: places and hours of each activity, and wider outcomes of closed episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from wellbeing_app.model import (
    Activity,
    DeliveredHours,
    Episode,
    OutcomeKind,
    Placement,
    Setting,
    Theme,
    WiderOutcome,
)
from wellbeing_app.services.counting import TOTAL, in_year, of_whom, years_of
from wellbeing_app.services.reporting import Choices


@dataclass(frozen=True)
class Offer:
    """One activity in the report's period: how many people had a place, and its hours.

    A group's hours are those of all together, so they are not counted by pathway or team.
    """

    provider: str
    name: str
    theme: Theme
    setting: Setting
    people: int
    hours: Decimal


@dataclass(frozen=True)
class Closed:
    """Episodes closed in a year, and how many of them had each wider outcome."""

    episodes: int
    outcomes: Mapping[OutcomeKind, int]


def offers(db: Session, choices: Choices) -> Sequence[Offer]:
    """The activities on which somebody had a place or that had hours in the period, by setting and theme."""
    people = dict(db.execute(_people(choices)).all())
    hours_of = dict(zip(Setting, (dict(db.execute(query).all()) for query in _hours(choices)), strict=True))
    query = select(Activity).order_by(Activity.provider, Activity.name)
    found = [
        Offer(one.provider, one.name, one.theme, one.setting, people.get(one.id, 0), hours)
        for one in db.scalars(query)
        if (hours := Decimal(hours_of[one.setting].get(one.id) or 0)) or people.get(one.id)
    ]
    settings, themes = list(Setting), list(Theme)
    return sorted(found, key=lambda one: (settings.index(one.setting), themes.index(one.theme)))


def closed(db: Session, choices: Choices) -> Mapping[str, Closed]:
    """By the financial year of the closing, and in `TOTAL` (table 3.2)."""
    episodes_of, outcomes_of = _closed(choices)
    by_year: dict[str, Closed] = {}
    for name, year in years_of(db, choices):
        found = dict(db.execute(outcomes_of, vars(year)).all())
        counted = {kind: found.get(kind, 0) for kind in OutcomeKind}
        by_year[name] = Closed(db.scalar(episodes_of, vars(year)) or 0, counted)
    episodes = sum(one.episodes for one in by_year.values())
    outcomes = {kind: sum(one.outcomes[kind] for one in by_year.values()) for kind in OutcomeKind}
    return {**by_year, TOTAL: Closed(episodes, outcomes)}


def _closed(choices: Choices) -> tuple[Any, Any]:
    """How many episodes were closed in a year, and how many of them had each outcome."""
    in_it = (in_year(Episode.closed_on), *of_whom(choices))
    outcomes = select(WiderOutcome.kind, func.count()).join(Episode, Episode.id == WiderOutcome.episode_id)
    return (
        select(func.count()).select_from(Episode).where(*in_it),
        outcomes.where(*in_it).group_by(WiderOutcome.kind),
    )


def _people(choices: Choices) -> Any:
    """Of each activity, how many people had a place on some day of the period."""
    period = choices.period
    overlaps = [Placement.began_on <= period.until] if period.until else []
    if period.since:
        overlaps.append(or_(Placement.ended_on.is_(None), Placement.ended_on >= period.since))
    return (
        select(Placement.activity_id, func.count(Episode.service_user_id.distinct()))
        .join(Episode, Episode.id == Placement.episode_id)
        .where(*overlaps, *of_whom(choices))
        .group_by(Placement.activity_id)
    )


def _hours(choices: Choices) -> tuple[Any, Any]:
    """Of each activity, the hours of its people, and the hours of its group: in the order of `Setting`."""
    total = select(DeliveredHours.activity_id, func.sum(DeliveredHours.hours)).where(
        choices.period.holds(DeliveredHours.on)
    )
    own = (
        total.join(Placement, Placement.id == DeliveredHours.placement_id)
        .join(Episode, Episode.id == Placement.episode_id)
        .where(*of_whom(choices))
    )
    group = total.where(DeliveredHours.placement_id.is_(None))
    return own.group_by(DeliveredHours.activity_id), group.group_by(DeliveredHours.activity_id)
