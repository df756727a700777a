"""`python -m benchmarks`: measures everything and prints the table. Takes minutes; with `--quick` less."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.about import about
from benchmarks.bars import for_a_page, for_a_program, for_people
from benchmarks.bench_tablet import on_a_tablet
from benchmarks.runs import on_postgresql, on_sqlite
from benchmarks.size import FULL, QUICK

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and with `--write` put the table on its page."""
    asked = _parse(arguments)
    size = QUICK if asked.quick else FULL
    lines = [*on_sqlite(size), *on_postgresql(size), *on_a_tablet(size.rounds)]
    facts = about(size.rounds)
    print((for_a_program if asked.json else for_people)(lines, facts))
    if asked.write:
        PAGE.write_text(for_a_page(PAGE.read_text(encoding="utf-8"), lines, facts), encoding="utf-8")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument("--json", action="store_true", help="print figures for a program to read")
    parser.add_argument("--quick", action="store_true", help="only see that everything can be measured")
    parser.add_argument("--write", action="store_true", help=f"put the table into docs/{PAGE.name}")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
