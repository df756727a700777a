"""What an export holds at each level: its columns, and from the database's rows their values."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from wellbeing_app.exports import privacy
from wellbeing_app.exports.cells import cell
from wellbeing_app.model import SCORE_COLUMNS
from wellbeing_app.services import dataset
from wellbeing_app.services.dataset import (
    AT,
    BESIDE_EPISODE,
    EPISODE,
    FIRST_SCORE,
    MODE_BEFORE,
    NOTES,
    OF_EPISODE,
    OF_PERSON,
    OF_SURVEY,
    OUTCOMES,
    PERSON,
    PROMPTS,
    PURPOSES,
    SURVEY,
    UNANSWERED,
    Beside,
    Column,
    Kind,
    Part,
)
from wellbeing_app.services.levels import Level

Sessions = Callable[[], Session]
Value = str | int | float
Told = Callable[[int], None]

ANSWERED = "answered"
EMPTY: tuple[Any, ...] = ("{}", {}, None)
BASELINE, FOLLOW_UP = "baseline", "follow_up"
LEFT_OUT = {
    Level.FULL: frozenset[Kind](),
    Level.NO_FREE_TEXT: frozenset({Kind.FREE_TEXT}),
    Level.NO_IDENTIFIERS: frozenset({Kind.FREE_TEXT, Kind.IDENTIFIER}),
}


@dataclass(frozen=True)
class Answered:
    """One survey; or an episode, or a person, without one. `common`: the values under `Records.header`."""

    common: list[Value]
    row: Sequence[Any]

    @property
    def is_survey(self) -> bool:
        return self.row[SURVEY] is not None

    @property
    def has_words(self) -> bool:
        """Whether anything stands beside a score: a prompt that mattered, or a note."""
        return self.row[PROMPTS] not in EMPTY or self.row[NOTES] not in EMPTY

    def bare(self) -> list[tuple[str, Value, str]]:
        """Of each measure: key, score or "", status."""
        scores = self.row[FIRST_SCORE:UNANSWERED]
        if None not in scores:
            return [(key, score, ANSWERED) for key, score in zip(SCORE_COLUMNS, scores, strict=True)]
        reasons = _object(self.row[UNANSWERED])
        return [
            (key, "", reasons.get(key, "")) if score is None else (key, score, ANSWERED)
            for key, score in zip(SCORE_COLUMNS, scores, strict=True)
        ]


class Records:
    """The data at one level. `rare`: the groups that are told without age and care cluster.

    `guard`: what is done to every text; `cell` for whatever a spreadsheet may open.
    """

    def __init__(
        self,
        level: Level,
        rare: frozenset[privacy.Group] = frozenset(),
        guard: Callable[[str], str] = cell,
    ) -> None:
        self.level = level
        self.guard = guard
        self.is_pseudonymous = level is Level.NO_IDENTIFIERS
        self.has_notes = Kind.FREE_TEXT not in LEFT_OUT[level]
        self._rare = rare
        self._day = _month if self.is_pseudonymous else str
        kept = [self._kept(columns, level) for columns in (OF_PERSON, OF_EPISODE, OF_SURVEY)]
        self._of_person, self._of_episode, self._of_survey = (self._readers(some) for some in kept)
        person, episode, survey = ([column.name for column in some] for some in kept)
        beside = [one.name for one in BESIDE_EPISODE if one.kind not in LEFT_OUT[level]]
        self._has_activities = beside[-1] == BESIDE_EPISODE[-1].name
        more = ["age_band"] if self.is_pseudonymous else [f"agreed_{purpose}" for purpose in PURPOSES]
        self.of_person = ["person", *person, *more]
        self.of_episode = ["episode", *episode, *beside]
        self.of_survey = ["survey", *survey, MODE_BEFORE.name, "weeks_since_baseline"]
        self.header = [*self.of_person, *self.of_episode, *self.of_survey]

    def of(self, part: Part) -> Iterator[list[Answered]]:
        """Episode by episode, each with its surveys in order; pseudonymous people in no order at all."""
        people = [list(rows) for _id, rows in groupby(part.rows, itemgetter(PERSON))]
        if self.is_pseudonymous:
            among = privacy.agreed(part)
            people = [rows for rows in people if rows[0][PERSON] in among]
            secrets.SystemRandom().shuffle(people)
        for rows in people:
            person = self._person(rows[0], part)
            for number, (_id, surveys) in enumerate(groupby(rows, itemgetter(EPISODE)), start=1):
                yield list(self._episode(person, number, list(surveys), part.beside))

    def answers(self, row: Any) -> Iterator[tuple[str, Value, str, str, str]]:
        """Of each measure: key, score or "", status, keys of the prompts that mattered, note."""
        prompts, notes = _object(row[PROMPTS]), _object(row[NOTES])
        for key, score, status in Answered([], row).bare():
            ticked = " ".join(prompts[key]) if key in prompts else ""
            note = self.guard(notes[key]) if key in notes else ""
            yield key, score, status, ticked, note

    def _person(self, row: Any, part: Part) -> list[Value]:
        values = _read(self._of_person, row)
        if self.is_pseudonymous:
            return [privacy.pseudonym(), *values]
        given = part.beside.agreed.get(row[PERSON], {})
        return [row[dataset.REFERENCE], *values, *(str(given.get(purpose) or "") for purpose in PURPOSES)]

    def _episode(
        self, person: list[Value], number: int, rows: list[Any], beside: Beside
    ) -> Iterator[Answered]:
        first = rows[0]
        values = _read(self._of_episode, first) + self._ledger(first[EPISODE], beside)
        if self.is_pseudonymous:
            rare = privacy.group_of(first) in self._rare
            person = [*person, "" if rare else privacy.age_band(first)]
            if rare:
                values[self.of_episode.index("care_cluster") - 1] = ""
        start = [*person, number if first[EPISODE] else "", *values]
        for place, row in enumerate(rows, start=1):
            if row[SURVEY] is None:
                yield Answered([*start, *[""] * len(self.of_survey)], row)
            else:
                since = weeks_since_baseline(row, rows)
                before = " ".join(f"{mode}:{number}" for mode, number in beside.modes.get(row[SURVEY], ()))
                yield Answered([*start, place, *_read(self._of_survey, row), before, since], row)

    def _ledger(self, episode: Any, beside: Beside) -> list[Value]:
        """The values of `BESIDE_EPISODE`."""
        had, places = beside.outcomes.get(episode, {}), beside.places.get(episode, ())
        days: list[Value] = [self._day(had[kind]) if kind in had else "" for kind in OUTCOMES]
        hours = sum((number for place in places for _on, number in place.hours), Decimal(0))
        counted: list[Value] = [len(places), _number(hours)] if episode else ["", ""]
        if not self._has_activities:
            return [*days, *counted]
        told = json.dumps([place.plain() for place in places], ensure_ascii=False) if places else ""
        return [*days, *counted, told]

    def _kept(self, columns: Sequence[Column], level: Level) -> list[Column]:
        return [column for column in columns if column.kind not in LEFT_OUT[level]]

    def _readers(self, columns: Sequence[Column]) -> list[tuple[int, Callable[[Any], Value]]]:
        read: dict[Kind, Callable[[Any], Value]] = {
            Kind.PLAIN: _plain,
            Kind.DAY: self._day,
            Kind.IDENTIFIER: self.guard,
            Kind.FREE_TEXT: self.guard,
        }
        return [(AT[one.name], read[one.kind]) for one in columns]


def _read(readers: Sequence[tuple[int, Callable[[Any], Value]]], row: Any) -> list[Value]:
    return [read(value) if (value := row[at]) else "" for at, read in readers]


def _number(hours: Decimal) -> Value:
    return int(hours) if hours == int(hours) else float(hours)


def _plain(value: Any) -> Value:
    return value if type(value) is int else str(value)


def _object(value: Any) -> dict[str, Any]:
    """What a JSON column holds: PostgreSQL's driver reads it itself."""
    if isinstance(value, str):
        return json.loads(value) if len(value) > len("{}") else {}
    return value or {}


def _month(value: Any) -> str:
    return str(value)[:7]


def parts(sessions: Sessions, told: Told = lambda _people: None) -> Iterator[Part]:
    """All the data, part by part, each read in a transaction of its own; `told` how many people are done."""
    last, done = "", 0
    while True:
        with sessions() as db:
            part = dataset.part_after(db, last)
        if part is None:
            return
        yield part
        last = part.last
        done += dataset.AT_ONCE
        told(done)


def weeks_since_baseline(row: Any, rows: Sequence[Any]) -> Value:
    """Whole weeks from the counting baseline to this follow-up; "" for a baseline, or if it lies before."""
    baseline = counting_baseline(rows)
    if row[AT["occasion"]] != FOLLOW_UP or baseline is None:
        return ""
    days = (_completed(row) - _completed(baseline)).days
    return days // 7 if days >= 0 else ""


def counting_baseline(rows: Sequence[Any]) -> Any | None:
    """Of an episode's rows, the baseline that counts."""
    at = AT["occasion"], AT["counts"]
    return next((row for row in rows if row[at[0]] == BASELINE and row[at[1]] == "yes"), None)


def _completed(row: Any) -> date:
    return date.fromisoformat(str(row[AT["completed_on"]]))
