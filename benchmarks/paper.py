"""Prints forms in a process of its own: `python -m benchmarks.paper` one, or with a number a pile of so many.

What it took is said as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from benchmarks.measure import memory, most_memory
from wellbeing_app.paper import codes as paper_codes
from wellbeing_app.paper import press, sheets, stamp
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.paper.press import Copy
from wellbeing_app.services import codes

URL, SHEET, LANGUAGE = "https://wellbeing.example.org", sheets.FORMS["survey"], "en"
TURNS = 7


def main() -> None:
    """Say the figures."""
    print(json.dumps(_pile(int(sys.argv[1])) if len(sys.argv) > 1 else _single()))


def _single() -> list[float]:
    """The seconds of processor time for one tagged form, several times, warm."""
    copy = Copy(codes.new_token(), codes.new_form_code())
    return [_seconds(lambda: press.one(SHEET, LANGUAGE, copy, URL)) for _ in range(TURNS + 1)][1:]


def _pile(number: int) -> dict[str, float]:
    """The seconds of processor time for the pile and for its codes alone, and the megabytes at most more."""
    copies = [Copy(codes.new_token(), codes.new_form_code()) for _ in range(number)]
    stamp.blank(SHEET, LANGUAGE, for_nobody=True)
    alone = _seconds(lambda: [_code(copy) for copy in copies])
    before = memory(os.getpid())
    Path("/proc/self/clear_refs").write_text("5")  # from here on the most memory is this pile's
    with tempfile.TemporaryFile() as file:
        whole = _seconds(lambda: _print(copies, cast(BinaryIO, file)))
    return {"whole": whole, "alone": alone, "more": most_memory(os.getpid()) - before}


def _print(copies: list[Copy], file: BinaryIO) -> None:
    form = stamp.blank(SHEET, LANGUAGE, for_nobody=True)
    stamp.write(form, (stamp.stamps(form, SHEET, LANGUAGE, copy, URL) for copy in copies), file)


def _code(copy: Copy) -> list[list[bool]]:
    return paper_codes.modules(paper_codes.address(URL, SheetCode("S", 1, 1, LANGUAGE, copy.token)))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
