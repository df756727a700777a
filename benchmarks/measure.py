"""Clocks and arithmetic: what a piece of work costs, as a multiple of a yardstick measured beside it.

Seconds differ from machine to machine and from minute to minute; how many times the yardstick's processor
time a piece of work takes hardly does. So the two take turns, and each turn of the work is divided by the
mean of the two turns of the yardstick around it. What is reported is the median of these ratios.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Clock = Callable[[], int]
PROC = Path("/proc")


@dataclass(frozen=True)
class Work:
    """Something to measure: `run` does it as often as it is told, which is `turn` times in each round."""

    run: Callable[[int], object]
    turn: int = 1


@dataclass(frozen=True)
class Cost:
    """What one call took, in nanoseconds."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Spread:
    """The middle of several rounds, and the furthest that any was from it."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        found = sorted(values)
        return cls(statistics.median(found), found[0], found[-1])


@dataclass(frozen=True)
class Figure:
    """What a piece of work takes: nanoseconds a call, and how many times the yardstick's."""

    cpu: Spread
    wall: Spread
    cpu_ratio: Spread
    wall_ratio: Spread


def interleaved(
    yardstick: Work, works: Mapping[str, Work], rounds: int, cpu: Clock = time.process_time_ns
) -> dict[str, Figure]:
    """Each work between two turns of the yardstick, in every round; one round before that is for warming up.

    `cpu` tells the processor time of every process that takes part: this one's, unless said otherwise.
    """
    turns: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in works}
    for _ in range(rounds + 1):
        before = cost(yardstick, cpu)
        for name, work in works.items():
            taken, after = cost(work, cpu), cost(yardstick, cpu)
            turns[name].append((taken, mean(before, after)))
            before = after
    return {name: compare(taken[1:]) for name, taken in turns.items()}


def cost(work: Work, cpu: Clock = time.process_time_ns) -> Cost:
    """One turn of this work, by the call."""
    cpu_before, wall_before = cpu(), time.perf_counter_ns()
    work.run(work.turn)
    wall, used = time.perf_counter_ns() - wall_before, cpu() - cpu_before
    return Cost(used / work.turn, wall / work.turn)


def repeated(call: Callable[[], object]) -> Callable[[int], None]:
    """What `Work.run` wants, of something that is done once a call."""

    def run(times: int) -> None:
        for _ in range(times):
            call()

    return run


def mean(one: Cost, other: Cost) -> Cost:
    """Halfway between two costs."""
    return Cost((one.cpu + other.cpu) / 2, (one.wall + other.wall) / 2)


def compare(turns: Sequence[tuple[Cost, Cost]]) -> Figure:
    """Each turn of the work beside the yardstick's of the same moment."""
    return Figure(
        cpu=Spread.of(taken.cpu for taken, _ in turns),
        wall=Spread.of(taken.wall for taken, _ in turns),
        cpu_ratio=Spread.of(taken.cpu / yardstick.cpu for taken, yardstick in turns),
        wall_ratio=Spread.of(taken.wall / yardstick.wall for taken, yardstick in turns),
    )


def cpu_of(*pids: int) -> int:
    """The processor time that running processes have used so far, in nanoseconds (Linux)."""
    return sum(_cpu_of_thread(thread) for pid in pids for thread in (PROC / str(pid) / "task").iterdir())


def family(pid: int) -> list[int]:
    """A process and all below it."""
    children = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and _parent(entry) == pid]
    return [pid, *(below for child in children for below in family(child))]


def memory(pid: int) -> float:
    """The megabytes (10⁶ bytes) a process has resident."""
    return _status(pid, "VmRSS")


def most_memory(pid: int) -> float:
    """The most megabytes a process ever had resident."""
    return _status(pid, "VmHWM")


def _cpu_of_thread(thread: Path) -> int:
    try:
        return int((thread / "schedstat").read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has ended meanwhile


def _parent(process: Path) -> int | None:
    try:
        after_the_name = (process / "stat").read_text().rpartition(")")[2]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(after_the_name.split()[1])


def _status(pid: int, name: str) -> float:
    lines = (PROC / str(pid) / "status").read_text().splitlines()
    kibibytes = next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
    return kibibytes * 1024 / 1e6
