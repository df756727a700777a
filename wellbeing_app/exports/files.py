"""The files there are: what each is called, which levels it comes in, and how it is written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from wellbeing_app.exports import csvfile, fhir, jsonfile, privacy, scripts, tables, workbook, xlsform
from wellbeing_app.exports.records import Records, Sessions, Told, parts
from wellbeing_app.services.dataset import Part
from wellbeing_app.services.levels import Level

RECORDS = (Level.FULL, Level.NO_FREE_TEXT, Level.NO_IDENTIFIERS)
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Data = Callable[[], Iterator[Part]]
Write = Callable[[IO[bytes], Records, Data], None]


@dataclass(frozen=True)
class Kind:
    """A kind of file. `raw`: no spreadsheet opens it, so its texts stay as they are."""

    name: str
    ending: str
    media_type: str
    write: Write
    raw: bool = False


def _text(pieces: Callable[[Records, Iterable[Part]], Iterator[str]]) -> Write:
    def write(out: IO[bytes], records: Records, data: Data) -> None:
        for piece in pieces(records, data()):
            out.write(piece.encode())

    return write


def _csv(layout: str) -> Write:
    return _text(lambda records, data: csvfile.pieces(records, layout, data))


def _xlsx(layout: str) -> Write:
    return lambda out, records, data: workbook.write(out, records, layout, data())


def _for_statistics(out: IO[bytes], records: Records, data: Data) -> None:
    """Both tables, the codebook, and the scripts that load them."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for layout in tables.LAYOUTS:
            with bundle.open(f"{layout}.csv", "w", force_zip64=True) as file:
                _csv(layout)(file, records, data)
        bundle.writestr("codebook.csv", csvfile.codebook(records))
        bundle.writestr("load.sps", "\ufeff" + scripts.spss(records))
        bundle.writestr("load.R", scripts.r(records))


KINDS = {
    kind.name: kind
    for kind in (
        Kind("csv_long", "csv", CSV, _csv("long")),
        Kind("csv_wide", "csv", CSV, _csv("wide")),
        Kind("xlsx_long", "xlsx", XLSX, _xlsx("long")),
        Kind("xlsx_wide", "xlsx", XLSX, _xlsx("wide")),
        Kind("statistics", "zip", "application/zip", _for_statistics),
        Kind("json", "json", "application/json", _text(jsonfile.pieces), raw=True),
        Kind("fhir", "json", "application/fhir+json", _text(fhir.pieces), raw=True),
    )
}
"""With people in them, at three levels."""


def _codebook(out: IO[bytes], records: Records, _data: Data) -> None:
    out.write(csvfile.codebook(records).encode())


def _form(out: IO[bytes], _records: Records, _data: Data) -> None:
    xlsform.write(out)


WITHOUT_PEOPLE = {
    kind.name: kind
    for kind in (
        Kind("codebook", "csv", CSV, _codebook),
        Kind("xlsform", "xlsx", XLSX, _form),
    )
}
"""With nobody in them."""


def write(
    out: IO[bytes], kind: Kind, level: Level, sessions: Sessions, told: Told = lambda _done: None
) -> None:
    """Write a file of this kind and level, in memory that does not grow with it; raises `TooLong`."""
    rare: frozenset[privacy.Group] = frozenset()
    if level is Level.NO_IDENTIFIERS and kind.name in KINDS:
        rare = privacy.rare_groups(parts(sessions))
    records = Records(level, rare, str) if kind.raw else Records(level, rare)
    kind.write(out, records, lambda: parts(sessions, told))
