"""What the benchmarks say must be right: arithmetic, clocks and verdicts. And they must run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.about import about
from benchmarks.bars import (
    BEGIN,
    END,
    Limit,
    Line,
    for_a_page,
    for_a_program,
    for_people,
    of_cpu,
    of_rate,
    verdict_on,
)
from benchmarks.door import Door, Unexpected
from benchmarks.hello import hello_app
from benchmarks.measure import (
    Cost,
    Spread,
    Work,
    compare,
    cpu_of,
    family,
    interleaved,
    memory,
    most_memory,
    repeated,
)
from benchmarks.runs import PAGES, on_sqlite
from benchmarks.size import QUICK

BUSY = "while True: pass"
IDLE = "import time; time.sleep(60)"


def spin(steps: int) -> None:
    for _ in range(steps):
        pass


@contextmanager
def running(code: str) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        yield process.pid
        process.kill()


def line(median: float, limit: Limit | None = None) -> Line:
    return Line("A page", "SQLite", "1.00 ms", Spread(median, median / 2, median * 2), "h", limit)


def test_a_spread_is_the_middle_and_the_ends() -> None:
    assert Spread.of([5, 1, 2]) == Spread(median=2, lowest=1, highest=5)


def test_each_turn_is_divided_by_the_yardstick_beside_it_and_not_by_another() -> None:
    slow_minute = (Cost(cpu=40, wall=90), Cost(cpu=20, wall=30))
    quick_minute = (Cost(cpu=10, wall=10), Cost(cpu=5, wall=10))
    figure = compare([slow_minute, quick_minute])
    assert figure.cpu_ratio == Spread(2, 2, 2)
    assert figure.wall_ratio == Spread(2, 1, 3)


def test_the_yardstick_has_its_turn_before_and_after_each_work_in_every_round() -> None:
    turns: list[str] = []
    works = {name: Work(lambda _times, name=name: turns.append(name)) for name in ("a", "b")}
    interleaved(Work(lambda _times: turns.append("|")), works, rounds=2)
    assert "".join(turns) == "|a|b|" * 3  # the first round is for warming up


def test_the_warm_up_is_not_counted() -> None:
    took = iter([1_000, 2, 2])
    now = 0

    def work(_times: int) -> None:
        nonlocal now
        now += next(took)

    def yardstick(_times: int) -> None:
        nonlocal now
        now += 1

    figure = interleaved(Work(yardstick), {"work": Work(work)}, rounds=2, cpu=lambda: now)["work"]
    assert figure.cpu_ratio == Spread(2, 2, 2)


def test_three_times_the_work_has_about_three_times_the_ratio_however_long_the_turns() -> None:
    yardstick = Work(repeated(lambda: spin(20_000)), turn=20)
    works = {"thrice": Work(repeated(lambda: spin(60_000)), turn=10)}
    ratio = interleaved(yardstick, works, rounds=9)["thrice"].cpu_ratio
    assert 2.2 < ratio.median < 4


def test_waiting_is_no_processor_time() -> None:
    yardstick = Work(repeated(lambda: spin(50_000)), turn=10)
    figure = interleaved(yardstick, {"wait": Work(lambda _times: time.sleep(0.05))}, rounds=3)["wait"]
    assert figure.wall.median > 50e6
    assert figure.cpu.median < 20e6


def test_the_processor_time_of_another_process_is_seen() -> None:
    with running(BUSY) as busy, running(IDLE) as idle:
        time.sleep(0.3)
        before = cpu_of(busy), cpu_of(idle)
        time.sleep(0.5)
        used = cpu_of(busy) - before[0], cpu_of(idle) - before[1]
    assert used[0] > 20e6 > used[1]


def test_a_family_is_a_process_and_all_below_it() -> None:
    with running(IDLE) as child:
        found = family(os.getpid())
        assert found[0] == os.getpid()
        assert child in found
        assert family(child) == [child]


def test_memory_is_in_megabytes_and_the_most_is_remembered() -> None:
    before = memory(os.getpid())
    block = bytearray(64_000_000)
    held = memory(os.getpid())
    del block
    assert 60 < held - before < 70
    assert most_memory(os.getpid()) > before + 60


def test_an_error_page_is_not_measured_as_a_fast_page() -> None:
    door = Door(hello_app())
    assert door.ask(door.request("/")) == "Hello"
    with pytest.raises(Unexpected, match="/nowhere answered 404"):
        door.ask(door.request("/nowhere"))


@pytest.mark.parametrize(
    ("limit", "value", "verdict"),
    [
        (Limit(3), 3.0, "met"),
        (Limit(3), 3.01, "falls short"),
        (Limit(0.2, at_most=False), 0.2, "met"),
        (Limit(0.2, at_most=False), 0.19, "falls short"),
        (None, 1000.0, ""),
    ],
)
def test_a_bar_is_met_or_falls_short(limit: Limit | None, value: float, verdict: str) -> None:
    assert line(value, limit).verdict == verdict


def test_the_summary_names_what_falls_short_and_by_how_much() -> None:
    assert verdict_on([line(2, Limit(3)), line(9)]) == "The only bar is met."
    said = verdict_on([line(2, Limit(3)), line(4, Limit(3)), line(9)])
    assert said == "1 of 2 bars are met. Falls short: A page (SQLite, 4.00 h for ≤ 3)."


def test_requests_per_second_are_a_share_of_the_yardsticks() -> None:
    figure = compare([(Cost(cpu=8, wall=4e6), Cost(cpu=4, wall=1e6))])
    assert of_rate("Submits", "SQLite", figure).cells()[2:4] == ("250 requests/s", "0.25 of hello")
    assert of_cpu("Submit", "SQLite", figure).spread.median == 2


FACTS = {"machine": "two cores"}


def test_the_table_says_the_same_on_a_terminal_and_on_a_page() -> None:
    lines = [line(4, Limit(3)), line(1)]
    on_terminal = for_people(lines, FACTS)
    on_page = for_a_page(f"{BEGIN}{END}", lines, FACTS)
    for cell in ("A page", "SQLite", "1.00 ms", "4.00 h", "2.00 to 8.00", "≤ 3 h", "falls short"):
        assert cell in on_terminal
        assert f"| {cell} |" in on_page
    for said in ("machine: two cores", verdict_on(lines)):
        assert said in on_terminal
        assert said in on_page


def test_only_the_table_is_written_anew_on_its_page() -> None:
    page = f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n"
    written = for_a_page(page, [line(4, Limit(3))], FACTS)
    assert written.startswith("Before.\n")
    assert written.endswith("\nAfter.\n")
    assert "old" not in written
    assert for_a_page(written, [line(4, Limit(3))], FACTS) == written


def test_a_program_can_read_the_same() -> None:
    told = json.loads(for_a_program([line(4, Limit(3))], FACTS))
    assert told["about"] == FACTS
    assert told["lines"][0]["spread"]["median"] == 4
    assert told["lines"][0]["verdict"] == "falls short"


def test_what_it_was_measured_on_has_no_name_of_a_machine() -> None:
    known = about(rounds=15)
    assert known["sqlite"].endswith("synchronous FULL")
    assert os.uname().nodename not in str(known)


@pytest.mark.long
def test_every_bar_can_be_measured() -> None:
    lines = list(on_sqlite(QUICK))
    said = [entry.what for entry in lines]
    for what, _ in PAGES.values():
        assert any(entry.startswith(what) for entry in said), what
    judged = [entry for entry in lines if entry.limit]
    assert len(judged) == 17
    assert all(entry.spread.median > 0 for entry in lines)
