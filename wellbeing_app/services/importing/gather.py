"""A file's rows put together: people, their episodes, their surveys; and what is wrong, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import SCORE_COLUMNS, Purpose
from wellbeing_app.services.importing import columns, values
from wellbeing_app.services.importing.quietly import quietly
from wellbeing_app.services.importing.values import Parser
from wellbeing_app.services.importing.wrong import Wrong
from wellbeing_app.services.text import readable

FIRST_ROW = 2
ANSWERED = "answered"
NOT_ASKED = "not_asked"
MOST_PROBLEMS = 10_000
REASONS = frozenset(reason.key for reason in INSTRUMENT.reasons)
PROMPTS = {
    measure.key: frozenset(prompt.key for prompt in measure.prompts) for measure in INSTRUMENT.measures
}


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell; rows are counted as a spreadsheet does, the header being the first."""

    row: int
    column: str
    code: str
    value: str = ""


@dataclass
class FileSurvey:
    """One survey of the file."""

    row: int
    values: dict[str, Any]
    scores: dict[str, int] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)
    prompts: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass
class FileEpisode:
    """One episode of the file, with its surveys by what tells them apart."""

    row: int
    values: dict[str, Any]
    surveys: dict[tuple[str, ...], FileSurvey] = field(default_factory=dict)


@dataclass
class FilePerson:
    """One person of the file, with their episodes by what tells them apart."""

    row: int
    key: str
    values: dict[str, Any]
    agreed: dict[Purpose, date | None]
    episodes: dict[str, FileEpisode] = field(default_factory=dict)


@dataclass
class Gathered:
    """All of them. `columns`: what the file's columns mean."""

    columns: frozenset[str]
    people: dict[str, FilePerson] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0


@quietly
def gather(header: Sequence[str], mapping: Mapping[str, str], rows: Iterable[Sequence[str]]) -> Gathered:
    """Read all rows; what is wrong in one does not stop the others."""
    return _Gatherer(columns.places(header, mapping)).all(rows)


class _Gatherer:
    def __init__(self, at: Mapping[str, int]) -> None:
        self._at = at
        self._gathered = Gathered(frozenset(at))
        self._row = 0
        self._cells: Sequence[str] = ()
        self._measures = [key for key in SCORE_COLUMNS if key in at]
        self._person_parsers = {name: parse for name, parse in values.OF_PERSON.items() if name in at}
        self._episode_parsers = {name: parse for name, parse in values.OF_EPISODE.items() if name in at}
        self._survey_parsers = {name: parse for name, parse in values.OF_SURVEY.items() if name in at}

    def all(self, rows: Iterable[Sequence[str]]) -> Gathered:
        for self._row, self._cells in enumerate(rows, start=FIRST_ROW):
            if any(self._cells):
                self._gathered.rows += 1
                self._one()
        return self._gathered

    def _one(self) -> None:
        key = self._text("person") or self._by_name()
        if not key:
            self._wrong("person", "required")
            return
        person = self._gathered.people.get(key)
        if person is None:
            person = FilePerson(self._row, key, self._parse(self._person_parsers), self._agreements())
            self._gathered.people[key] = person
        which = self._text("episode") or self._text("referred_on")
        episode = person.episodes.get(which)
        if episode is None:
            if "episode" in self._at and not which:
                return  # a person of the export who has no episode
            episode = person.episodes[which] = FileEpisode(self._row, self._parse(self._episode_parsers))
        told_apart = (self._text("survey"), columns.plain(self._text("occasion")), self._text("completed_on"))
        if told_apart == ("", "", "") and not self._text("measure"):
            return
        survey = episode.surveys.get(told_apart)
        if survey is None:
            survey = episode.surveys[told_apart] = FileSurvey(self._row, self._parse(self._survey_parsers))
        self._answers(survey)

    def _by_name(self) -> str:
        names = (self._text(name) for name in ("first_name", "last_name", "date_of_birth"))
        return " ".join(filter(None, names))

    def _agreements(self) -> dict[Purpose, date | None]:
        """What they agreed to: a day, or yes without one."""
        found: dict[Purpose, date | None] = {}
        for name, purpose in columns.AGREED.items():
            text = self._text(name)
            if text.casefold() in values.YES:
                found[purpose] = None
            elif text and text.casefold() not in values.NO:
                given = self._value(name, text, values.day)
                if given is not None:
                    found[purpose] = given
        return found

    def _answers(self, survey: FileSurvey) -> None:
        if "measure" not in self._at:
            for key in self._measures:
                self._answer(survey, key, self._text(key), "", key)
            return
        said = self._text("measure")
        key = said if said in PROMPTS else _titled(said)
        if key not in PROMPTS:
            self._wrong("measure", "unknown_measure", said)
        elif key in survey.scores or key in survey.unanswered:
            self._wrong("measure", "answered_twice", said)
        else:
            self._answer(survey, key, self._text("score"), self._text("status"), "score")
            self._beside(survey, key)

    def _answer(self, survey: FileSurvey, key: str, text: str, status: str, column: str) -> None:
        status = status.casefold()
        if column == key and text.casefold() in REASONS:  # a file without a column for the reason
            status, text = text.casefold(), ""
        if text:
            if status and status != ANSWERED:
                self._wrong("status", "score_and_reason", status)
            found = self._value(column, text, values.score)
            if found is not None:
                survey.scores[key] = found
        elif status == ANSWERED:
            self._wrong(column, "score_missing")
        elif status and status not in REASONS:
            self._wrong("status", "unknown_word", status)
        else:
            survey.unanswered[key] = status or NOT_ASKED

    def _beside(self, survey: FileSurvey, key: str) -> None:
        if prompts := self._text("prompts").split():
            unknown = [one for one in prompts if one not in PROMPTS[key]]
            if unknown:
                self._wrong("prompts", "unknown_word", unknown[0])
            survey.prompts[key] = prompts
        if note := self._text("note"):
            survey.notes[key] = readable(note)

    def _parse(self, parsers: Mapping[str, Parser]) -> dict[str, Any]:
        found = {}
        for name, parse in parsers.items():
            text = self._text(name)
            if text and (value := self._value(name, text, parse)) is not None:
                found[name] = value
        return found

    def _value(self, column: str, text: str, parse: Parser) -> Any:
        try:
            return parse(text)
        except Wrong as problem:
            self._wrong(column, str(problem), text)
            return None

    def _text(self, target: str) -> str:
        at = self._at.get(target)
        return self._cells[at].strip() if at is not None and at < len(self._cells) else ""

    def _wrong(self, column: str, code: str, value: str = "") -> None:
        if len(self._gathered.problems) < MOST_PROBLEMS:
            self._gathered.problems.append(Problem(self._row, column, code, value[:80]))


def _titled(said: str) -> str:
    return next((key for key in columns.guess([said]) if key in PROMPTS), "")
