"""The two layouts: long, a row for each answer; wide, a row for each episode with baseline and follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wellbeing_app.exports.records import Answered, Records, Value, counting_baseline
from wellbeing_app.model import SCORE_COLUMNS
from wellbeing_app.services.dataset import AT, FIRST_SCORE, Part

LAYOUTS = ("long", "wide")
SCORES = range(FIRST_SCORE, FIRST_SCORE + len(SCORE_COLUMNS))
Row = Sequence[Value]


def header(records: Records, layout: str) -> list[str]:
    """The names of the columns."""
    return _wide_header(records) if layout == "wide" else long_header(records)


def rows(records: Records, layout: str, parts: Iterable[Part]) -> Iterator[Row]:
    """All rows of a layout, as they are read."""
    for part in parts:
        for episode in records.of(part):
            if layout == "wide":
                yield wide_row(records, episode)
            else:
                for survey in episode:
                    yield from long_rows(records, survey)


def long_header(records: Records) -> list[str]:
    notes = ["note"] if records.has_notes else []
    return [*records.header, "measure", "score", "status", "prompts", *notes]


def long_rows(records: Records, survey: Answered) -> Iterator[Row]:
    """A row for each measure. An episode without a survey has one row, blank where the survey would be."""
    length = 5 if records.has_notes else 4
    if not survey.is_survey:
        yield [*survey.common, *[""] * length]
        return
    for answer in records.answers(survey.row):
        yield [*survey.common, *answer[:length]]


def _wide_header(records: Records) -> list[str]:
    names = [*records.of_person, *records.of_episode]
    for number in (1, 2):
        names += [f"{name}_{number}" for name in records.of_survey]
        for key in SCORE_COLUMNS:
            names += [f"{key}_{number}", f"{key}_status_{number}"]
    return [*names, *(f"{key}_change" for key in SCORE_COLUMNS)]


def wide_row(records: Records, episode: Sequence[Answered]) -> Row:
    start = len(records.of_person) + len(records.of_episode)
    pair = _pair(episode)
    values = list(episode[0].common[:start])
    for survey in pair:
        if survey is None:
            values += [""] * (len(records.of_survey) + 2 * len(SCORE_COLUMNS))
        else:
            values += survey.common[start:]
            for _key, score, status in survey.bare():
                values += [score, status]
    return [*values, *_changes(pair)]


def _pair(episode: Sequence[Answered]) -> tuple[Answered | None, Answered | None]:
    """The baseline that counts, and the first follow-up after it."""
    rows = [one.row for one in episode]
    baseline = counting_baseline(rows)
    if baseline is None:
        return None, None
    at = next(place for place, row in enumerate(rows) if row is baseline)
    later = (one for one in episode[at + 1 :] if one.row[AT["occasion"]] == "follow_up")
    return episode[at], next(later, None)


def _changes(pair: tuple[Answered | None, Answered | None]) -> list[Value]:
    before, after = pair
    if before is None or after is None:
        return [""] * len(SCORE_COLUMNS)
    scores = ((before.row[at], after.row[at]) for at in SCORES)
    return ["" if one is None or two is None else two - one for one, two in scores]
