"""`python -m benchmarks`: measures everything and prints the table, in a quarter of an hour at most.

With `--large` also what a million people cost; with `--quick` only whether everything can be measured.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from benchmarks.about import about
from benchmarks.bars import Line, for_a_page, for_a_program, for_people
from benchmarks.bench_paper import on_paper
from benchmarks.bench_tablet import on_a_tablet
from benchmarks.runs import on_postgresql, on_sqlite
from benchmarks.size import FULL, LARGE, QUICK

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and with `--write` put the table on its page."""
    asked = _parse(arguments)
    size = QUICK if asked.quick else LARGE if asked.large else FULL
    parts = chain(on_sqlite(size), on_postgresql(size), on_paper(size), on_a_tablet(size.rounds))
    lines = list(_as_they_come(parts))
    facts = about(size.rounds)
    print((for_a_program if asked.json else for_people)(lines, facts))
    if asked.write:
        PAGE.write_text(for_a_page(PAGE.read_text(encoding="utf-8"), lines, facts), encoding="utf-8")


def _as_they_come(lines: Iterable[Line]) -> Iterator[Line]:
    """Says on the standard error what has been measured, and how many seconds after the start."""
    start = time.monotonic()
    for line in lines:
        print(f"{time.monotonic() - start:5.0f} s  {line.what} {line.on}", file=sys.stderr, flush=True)
        yield line


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument("--json", action="store_true", help="print figures for a program to read")
    parser.add_argument("--quick", action="store_true", help="only see that everything can be measured")
    parser.add_argument("--large", action="store_true", help="a report of a million people too")
    parser.add_argument("--write", action="store_true", help=f"put the table into docs/{PAGE.name}")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
