"""What stands in other tables beside people, episodes and surveys, for one part of an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from typing import cast as cast_to

from sqlalchemy import Select, Table, select

from wellbeing_app.model import Activity, Agreement, DeliveredHours, ModeChange, Placement, WiderOutcome
from wellbeing_app.services.dataset.columns import episodes, surveys

Rows = Sequence[Sequence[Any]]
ABOUT_PLACE = ("provider", "activity", "theme", "setting", "began_on", "ended_on")
_agreements, _wider, _placements, _activities, _delivered, _changes = (
    cast_to(Table, kind.__table__)
    for kind in (Agreement, WiderOutcome, Placement, Activity, DeliveredHours, ModeChange)
)


@dataclass(frozen=True)
class Place:
    """Somebody's place on an activity: what of `ABOUT_PLACE` is known, and its hours by day."""

    about: Mapping[str, str]
    hours: Sequence[tuple[str, Decimal]]

    def plain(self) -> dict[str, Any]:
        """As JSON can say it."""
        return {**self.about, "hours": [[on, plainly(number)] for on, number in self.hours]}


def plainly(number: Decimal) -> str:
    """2.50 as 2.5, and 10.00 as 10: the same on both databases."""
    return f"{number.normalize():f}"


@dataclass(frozen=True)
class Beside:
    """By person what they `agreed` to; by episode its `outcomes` and `places`; by survey `modes` before.

    Keys and days are the driver's own values.
    """

    agreed: Mapping[Any, Mapping[str, Any]]
    outcomes: Mapping[Any, Mapping[str, Any]]
    places: Mapping[Any, Sequence[Place]]
    modes: Mapping[Any, Sequence[tuple[str, int]]]

    @classmethod
    def of(cls, found: Mapping[str, Rows]) -> Beside:
        """Out of the answers to `questions`."""
        modes: dict[Any, list[tuple[str, int]]] = {}
        for survey, mode, answered in found["modes"]:
            modes.setdefault(survey, []).append((mode, answered))
        agreed, outcomes = _by_name(found["agreed"]), _by_name(found["outcomes"])
        return cls(agreed, outcomes, _placed(found["places"], found["hours"]), modes)


def questions(some: Select[Any]) -> Mapping[str, Select[Any]]:
    """The questions behind it, for these people."""
    agreement = _agreements.c
    agreed = select(agreement.service_user_id, agreement.purpose, agreement.given_on).where(
        agreement.withdrawn_on.is_(None), agreement.service_user_id.in_(some)
    )
    theirs = episodes.c.service_user_id.in_(some)
    return {
        "agreed": agreed.order_by(agreement.given_on),
        "outcomes": _outcomes().where(theirs),
        "places": _places().where(theirs),
        "hours": _hours().where(theirs),
        "modes": _modes().where(theirs),
    }


def _outcomes() -> Select[Any]:
    outcome = _wider.c
    return select(outcome.episode_id, outcome.kind, outcome.on).join(
        episodes, episodes.c.id == outcome.episode_id
    )


def _places() -> Select[Any]:
    place, activity = _placements.c, _activities.c
    about = (activity.provider, activity.name, activity.theme, activity.setting)
    return (
        select(place.episode_id, place.id, *about, place.began_on, place.ended_on)
        .join(episodes, episodes.c.id == place.episode_id)
        .join(_activities, activity.id == place.activity_id)
        .order_by(place.began_on, activity.provider, activity.name)
    )


def _hours() -> Select[Any]:
    place, hours = _placements.c, _delivered.c
    return (
        select(hours.placement_id, hours.on, hours.hours)
        .join(_placements, place.id == hours.placement_id)
        .join(episodes, episodes.c.id == place.episode_id)
        .order_by(hours.on, hours.hours)
    )


def _modes() -> Select[Any]:
    return (
        select(surveys.c.id, _changes.c.mode, _changes.c.answered)
        .join(surveys, surveys.c.ticket_id == _changes.c.ticket_id)
        .join(episodes, episodes.c.id == surveys.c.episode_id)
        .order_by(_changes.c.at)
    )


def _by_name(rows: Rows) -> Mapping[Any, Mapping[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for whose, name, day in rows:
        found.setdefault(whose, {})[name] = day
    return found


def _placed(places: Rows, hours: Rows) -> Mapping[Any, Sequence[Place]]:
    of_place: dict[Any, list[tuple[str, Decimal]]] = {}
    for place, on, number in hours:
        of_place.setdefault(place, []).append((str(on), Decimal(str(number))))
    found: dict[Any, list[Place]] = {}
    for episode, place, *about in places:
        named = {
            name: str(value) for name, value in zip(ABOUT_PLACE, about, strict=True) if value is not None
        }
        found.setdefault(episode, []).append(Place(named, of_place.get(place, ())))
    return found
