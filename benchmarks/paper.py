"""`python -m benchmarks.paper`: printing forms, one and many, against the cost of their codes alone.

Each figure is taken in a process of its own, because memory that was once taken is not given back.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from wellbeing_app.paper import codes as paper_codes
from wellbeing_app.paper import press, sheets, stamp
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.paper.press import Copy
from wellbeing_app.services import codes

URL, SHEET, LANGUAGE = "https://wellbeing.example.org", sheets.FORMS["survey"], "en"
TURNS = 5


def main() -> None:
    """Print the figures; or, called with a number, those of a pile of so many."""
    if len(sys.argv) > 1:
        _pile(int(sys.argv[1]))
        return
    _single()
    for number in ("500", "5000"):
        subprocess.run([sys.executable, "-m", "benchmarks.paper", number], check=True)


def _single() -> None:
    copy = Copy(codes.new_token(), codes.new_form_code())
    seconds = [_seconds(lambda: press.one(SHEET, LANGUAGE, copy, URL)) for _ in range(TURNS + 1)][1:]
    print(f"one tagged form, warm: {sorted(seconds)[TURNS // 2]:.2f} s of processor time (bar 0.4)")


def _pile(number: int) -> None:
    copies = [Copy(codes.new_token(), codes.new_form_code()) for _ in range(number)]
    stamp.blank(SHEET, LANGUAGE, for_nobody=True)
    before = _resident()
    alone = _seconds(lambda: [_code(copy) for copy in copies])
    with tempfile.TemporaryFile() as file:
        whole = _seconds(lambda: _print(copies, cast(BinaryIO, file)))
        size = file.tell()
    more = _resident() - before
    print(
        f"{number} forms: {whole:.1f} s, their codes alone {alone:.1f} s, {whole / alone:.2f} times "
        f"(bar 1.3); {more / 1e6:.0f} MB more (bar 60); {size / number / 1000:.1f} kB a form"
    )


def _print(copies: list[Copy], file: BinaryIO) -> None:
    form = stamp.blank(SHEET, LANGUAGE, for_nobody=True)
    stamp.write(form, (stamp.stamps(form, SHEET, LANGUAGE, copy, URL) for copy in copies), file)


def _code(copy: Copy) -> list[list[bool]]:
    return paper_codes.modules(paper_codes.address(URL, SheetCode("S", 1, 1, LANGUAGE, copy.token)))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
