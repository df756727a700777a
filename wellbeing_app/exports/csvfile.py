"""CSV as spreadsheets and statistics programs read it: UTF-8 with its mark, and commas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from wellbeing_app.exports import codebook as codebooks
from wellbeing_app.exports import tables
from wellbeing_app.exports.cells import cell
from wellbeing_app.exports.records import Records
from wellbeing_app.services.dataset import Part

MARK = "\ufeff"


def pieces(records: Records, layout: str, parts: Iterable[Part]) -> Iterator[str]:
    """The file, piece by piece."""
    yield MARK + line(tables.header(records, layout))
    for part in parts:
        out = io.StringIO()
        writer = csv.writer(out)
        for episode in records.of(part):
            if layout == "wide":
                writer.writerow(tables.wide_row(records, episode))
            else:
                for survey in episode:
                    writer.writerows(tables.long_rows(records, survey))
        yield out.getvalue()


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
