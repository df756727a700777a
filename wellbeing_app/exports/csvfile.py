"""CSV as spreadsheets and statistics programs read it: UTF-8 with its mark, and commas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from wellbeing_app.exports import codebook as codebooks
from wellbeing_app.exports import tables
from wellbeing_app.exports.cells import cell
from wellbeing_app.exports.records import Answered, Records
from wellbeing_app.services.dataset import Part

MARK = "\ufeff"
END = "\r\n"


def pieces(records: Records, layout: str, parts: Iterable[Part]) -> Iterator[str]:
    """The file, piece by piece."""
    yield MARK + line(tables.header(records, layout))
    for part in parts:
        out = io.StringIO()
        if layout == "wide":
            csv.writer(out).writerows(tables.wide_row(records, episode) for episode in records.of(part))
        else:
            out.writelines(_long(records, survey) for episode in records.of(part) for survey in episode)
        yield out.getvalue()


def _long(records: Records, survey: Answered) -> str:
    """The rows of `tables.long_rows`, what they share being put into words once."""
    if not survey.is_survey:
        return "".join(map(line, tables.long_rows(records, survey)))
    shared = line(survey.common)[: -len(END)]
    if not survey.has_words:
        last = "," * (2 if records.has_notes else 1) + END
        return "".join(f"{shared},{key},{score},{status}{last}" for key, score, status in survey.bare())
    lines = []
    for key, score, status, prompts, note in records.answers(survey.row):
        beside = f",{line([note])[: -len(END)] if note else ''}" if records.has_notes else ""
        lines.append(f"{shared},{key},{score},{status},{prompts}{beside}{END}")
    return "".join(lines)


def safe_line(values: Iterable[str]) -> str:
    """A row of texts that somebody else wrote."""
    return line([cell(value) for value in values])


def line(values: Iterable[object]) -> str:
    """A row."""
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def codebook(records: Records) -> str:
    """The codebook as a table."""
    lines = [codebooks.HEADER, *codebooks.lines(records)]
    return MARK + "".join(line(values) for values in lines)
