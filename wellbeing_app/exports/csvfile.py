"""CSV as spreadsheets and statistics programs read it: UTF-8 with its mark, and commas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from wellbeing_app.exports import tables
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
                writer.writerow(tables._wide(records, episode))
            else:
                for survey in episode:
                    writer.writerows(tables.long_rows(records, survey))
        yield out.getvalue()


def line(values: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
