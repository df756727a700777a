"""Reading a table that somebody sends: CSV as any spreadsheet writes it, or a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from wellbeing_app.exports.cells import uncell

WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".ods")
DELIMITERS = ",;\t|"
MOST_COLUMNS = 500
LARGEST = 50_000_000


class Unreadable(Exception):
    """The file is no table. Its argument is the code of the reason."""


@dataclass(frozen=True)
class Table:
    """The headings, and the rows below them, as text."""

    header: Sequence[str]
    rows: Iterator[list[str]]


def read(name: str, content: bytes) -> Table:
    """The first sheet of a workbook, or a CSV file; raises `Unreadable`."""
    if len(content) > LARGEST:
        raise Unreadable("file_too_large")
    is_workbook = PurePath(name).suffix.lower() in WORKBOOKS or content.startswith((b"PK", b"\xd0\xcf"))
    rows = _workbook(content) if is_workbook else _csv(content)
    header = [heading.strip() for heading in next(rows, [])]
    if not any(header) or len(header) > MOST_COLUMNS:
        raise Unreadable("no_headings")
    return Table(header, rows)


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(1_000_000)
    has_quoted = "'" in text  # nearly no file has one, and to look into every cell takes a while
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [uncell(value) for value in row] if has_quoted else row
    except csv.Error as problem:
        raise Unreadable("not_a_table") from problem


def _decoded(content: bytes) -> str:
    """As UTF-8; else as Windows writes it in the UK."""
    if b"\0" in content[:1000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("not_a_table")
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _workbook(content: bytes) -> Iterator[list[str]]:
    from python_calamine import CalamineError, load_workbook  # a second to load

    try:
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        for row in sheet.iter_rows():
            yield [uncell(_text(value)) for value in row]
    except (CalamineError, ValueError, OSError) as problem:
        raise Unreadable("not_a_table") from problem


def _text(value: object) -> str:
    """As it would be typed: 4 and not 4.0, days as 2026-11-21."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
