"""The tables as a workbook. Every text is written as a text: none becomes a formula, a link or a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from wellbeing_app.exports import codebook, tables
from wellbeing_app.exports.records import Records
from wellbeing_app.services.dataset import Part

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767

Row = Sequence[str | int | float]


class TooLong(Exception):
    """More rows than a sheet can hold."""


def write(out: IO[bytes], records: Records, layout: str, parts: Iterable[Part]) -> None:
    """A sheet with the data and one with the codebook; raises `TooLong`."""
    sheets(
        out,
        {
            "Data": (tables.header(records, layout), tables.rows(records, layout, parts)),
            "Codebook": (codebook.HEADER, codebook.lines(records)),
        },
    )


def sheets(out: IO[bytes], named: dict[str, tuple[Sequence[str], Iterable[Row]]]) -> None:
    """A workbook of these sheets, each a header and rows; written as they come, in little memory."""
    from xlsxwriter import Workbook  # loaded when it is wanted

    with Workbook(out, {"constant_memory": True, "in_memory": False}) as book:
        bold = book.add_format({"bold": True})
        for name, (header, rows) in named.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, heading in enumerate(header):
                sheet.write_string(0, column, heading, bold)
            _fill(sheet, rows)


def _fill(sheet: Worksheet, rows: Iterable[Row]) -> None:
    for number, row in enumerate(rows, start=1):
        if number >= MOST_ROWS:
            raise TooLong
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, value[:LONGEST_TEXT])
