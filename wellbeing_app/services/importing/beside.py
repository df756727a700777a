"""What a file tells beside people, episodes and surveys: wider outcomes, activities, changes of mode."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from wellbeing_app.model import Mode, OutcomeKind, Setting, Theme
from wellbeing_app.services.dataset import OUTCOMES
from wellbeing_app.services.importing.wrong import Wrong
from wellbeing_app.services.ledger import MOST_HOURS
from wellbeing_app.services.text import readable

LONGEST_NAME = 200
MODE = re.compile(f"({'|'.join(Mode)}):([0-9])")
Modes = Sequence[tuple[Mode, int]]


@dataclass(frozen=True)
class Place:
    """Somebody's place on an activity, with its hours by day."""

    provider: str
    name: str
    theme: Theme
    setting: Setting
    began_on: date
    ended_on: date | None
    hours: Sequence[tuple[date, Decimal]]


@dataclass(frozen=True)
class Ledger:
    """What stands in the ledger about an episode."""

    outcomes: Mapping[OutcomeKind, date] = field(default_factory=dict)
    places: Sequence[Place] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Ledger:
        """Out of the values of an episode's columns."""
        outcomes = {kind: values[column.name] for kind, column in OUTCOMES.items() if column.name in values}
        return cls(outcomes, values.get("activities", ()))

    def days(self) -> Iterator[tuple[str, date]]:
        """Every day in it, by the column it stands in."""
        yield from ((OUTCOMES[kind].name, on) for kind, on in self.outcomes.items())
        for place in self.places:
            for on in (place.began_on, place.ended_on, *(day for day, _hours in place.hours)):
                if on is not None:
                    yield "activities", on


def activities(text: str) -> Sequence[Place]:
    """As the export writes them; raises `Wrong`."""
    try:
        found = tuple(_place(**one) for one in json.loads(text))
    except (ValueError, TypeError, InvalidOperation) as problem:
        raise Wrong("not_activities") from problem
    if len({(alike(one.provider, one.name), one.began_on) for one in found}) < len(found):
        raise Wrong("not_activities")
    return found


def alike(*names: str) -> tuple[str, ...]:
    """Names as they are compared: capitals and blanks make no other."""
    return tuple(" ".join(name.casefold().split()) for name in names)


def _place(
    provider: str,
    theme: str,
    setting: str,
    began_on: str,
    activity: str = "",
    ended_on: str | None = None,
    hours: Sequence[tuple[str, str]] = (),
) -> Place:
    """Raises `ValueError` for what cannot be."""
    began, ended = date.fromisoformat(began_on), date.fromisoformat(ended_on) if ended_on else None
    spent = tuple((date.fromisoformat(on), Decimal(number)) for on, number in hours)
    whose, name = readable(provider).strip(), readable(activity).strip()
    if not whose or max(len(whose), len(name)) > LONGEST_NAME or (ended and ended < began):
        raise ValueError(provider)
    if not all(0 < number <= MOST_HOURS for _on, number in spent):
        raise ValueError(hours)
    return Place(whose, name, Theme(theme), Setting(setting), began, ended, spent)


def modes(text: str) -> Modes:
    """`in_person:3`: in person until three measures were answered. Raises `Wrong`."""
    found = [MODE.fullmatch(one) for one in text.split()]
    if not all(found):
        raise Wrong("not_modes")
    return tuple((Mode(one[1]), int(one[2])) for one in found if one)
