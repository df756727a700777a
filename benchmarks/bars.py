"""The table: what was measured, what it was to be, and whether it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.measure import Figure, Spread

HEADINGS = ("what", "on", "figure", "ratio", "lowest to highest", "bar", "")
MET, SHORT = "met", "falls short"
BEGIN, END = "<!-- written by python -m benchmarks --write -->", "<!-- end of what it wrote -->"


@dataclass(frozen=True)
class Limit:
    """What a figure must not exceed; or, unless `at_most`, must reach."""

    value: float
    at_most: bool = True

    def is_met(self, value: float) -> bool:
        return value <= self.value if self.at_most else value >= self.value

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.value:g}"


@dataclass(frozen=True)
class Line:
    """One line of the table. `spread` is what the limit is about, in `unit`."""

    what: str
    on: str
    figure: str
    spread: Spread
    unit: str
    limit: Limit | None = None

    @property
    def verdict(self) -> str:
        """Whether the bar is met; nothing where there is none."""
        if self.limit is None:
            return ""
        return MET if self.limit.is_met(self.spread.median) else SHORT

    def cells(self) -> tuple[str, ...]:
        """The line as words, below `HEADINGS`."""
        middle, lowest, highest = (_number(value) for value in asdict(self.spread).values())
        around = "" if lowest == highest else f"{lowest} to {highest}"
        bar = f"{self.limit} {self.unit}" if self.limit else ""
        return self.what, self.on, self.figure, f"{middle} {self.unit}", around, bar, self.verdict

    def where_it_stands(self) -> tuple[str, str]:
        """On what, and how far it is from its bar."""
        return self.on, f"{_number(self.spread.median)} {self.unit} for {self.limit}"

    def plain(self) -> dict[str, Any]:
        """The line for a program to read."""
        return asdict(self) | {"verdict": self.verdict}


def of_cpu(what: str, on: str, figure: Figure, limit: Limit | None = None, unit: str = "h") -> Line:
    """A line about processor time, in the yardstick's."""
    words = f"{_milliseconds(figure.cpu)} CPU, {_milliseconds(figure.wall)} wall"
    return Line(what, on, words, figure.cpu_ratio, unit, limit)


def of_rate(what: str, on: str, figure: Figure, limit: Limit | None = None) -> Line:
    """A line about requests per second, as a share of hello's."""
    ratio = figure.wall_ratio
    share = Spread(1 / ratio.median, 1 / ratio.highest, 1 / ratio.lowest)
    return Line(what, on, f"{1e9 / figure.wall.median:.0f} requests/s", share, "of hello", limit)


def of_memory(what: str, megabytes: float, limit: Limit | None = None, figure: str = "resident") -> Line:
    """A line about memory."""
    return Line(what, "", figure, Spread(megabytes, megabytes, megabytes), "MB", limit)


def for_people(lines: Sequence[Line], facts: Mapping[str, str]) -> str:
    """The table for a terminal, on what it was measured, and what falls short."""
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    table = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
    known = (f"{name}: {words}" for name, words in facts.items())
    return "\n".join([*table, "", *known, "", verdict_on(lines)])


def for_a_program(lines: Sequence[Line], facts: Mapping[str, str]) -> str:
    """The same as JSON."""
    return json.dumps({"about": facts, "lines": [line.plain() for line in lines]}, indent=1)


def for_a_page(page: str, lines: Sequence[Line], facts: Mapping[str, str]) -> str:
    """The page with the same between its two marks, and nothing else changed."""
    before, _, rest = page.partition(BEGIN)
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(line.cells() for line in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    known = "\n".join(f"- {name}: {words}" for name, words in facts.items())
    return before + "\n\n".join((BEGIN, known, table, verdict_on(lines), END)) + rest.partition(END)[2]


def verdict_on(lines: Sequence[Line]) -> str:
    """In a sentence, how many bars are met and which are not."""
    judged = [line for line in lines if line.limit]
    short = [line for line in judged if line.verdict != MET]
    if not short:
        return "The only bar is met." if len(judged) == 1 else f"All {len(judged)} bars are met."
    missed = "; ".join(f"{line.what} ({', '.join(filter(None, line.where_it_stands()))})" for line in short)
    return f"{len(judged) - len(short)} of {len(judged)} bars are met. Falls short: {missed}."


def _milliseconds(spread: Spread) -> str:
    return f"{spread.median / 1e6:.2f} ms"


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}" if value >= 100 else f"{value:.1f}"
