"""Disclosure control for what leaves the service: nobody can be worked out from a published page.

NHS Digital's rule for areas below the whole country: counts of 1 to 7 are shown as `*`, other counts to the
nearest 5, means only of 8 people or more. None stays 0. Rounding alone would leave some small counts to be
found by taking the other parts from their total, so where only one number of a sum is kept back, a second is
too. That no reader can work one out is tried in `tests/unit/test_sharing.py`: for a sum by brute force, for
the whole report with a solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wellbeing_app.evaluation.disclosure import FLOOR

HIDDEN = "*"
STEP = 5

Shared = int | str
"""A count to the nearest 5, or `*`."""


@dataclass(frozen=True)
class Sum:
    """A total and the parts that add up to it, by name: what a reader can take from each other."""

    total: str
    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


def rounded(count: int) -> int:
    """To the nearest 5."""
    return STEP * ((count + STEP // 2) // STEP)


def shared(
    counts: Mapping[str, int],
    sums: Sequence[Sum] = (),
    floor: int = FLOOR,
    follows: Iterable[tuple[str, str]] = (),
) -> Mapping[str, Shared]:
    """The counts as they may leave the service.

    `sums` says which of them add up to which; `follows`, which is not told where another is not, unless none.
    """
    hidden = {name for name, count in counts.items() if 0 < count < floor}
    pairs = tuple(follows)
    while more := (
        {name for name, other in pairs if other in hidden and counts[name]} - hidden
        or _also_hidden(counts, sums, hidden, floor)
    ):
        hidden |= more
    return {name: HIDDEN if name in hidden else rounded(count) for name, count in counts.items()}


def shared_mean(mean: float | None, people: int, floor: int = FLOOR) -> float | None:
    """The mean to one decimal, or None where too few people are behind it."""
    return None if mean is None or people < floor else round(mean, 1)


def shared_percent(part: Shared, whole: Shared) -> int | None:
    """A share in percent, of what is published and nothing finer; None where either is kept back."""
    if isinstance(part, str) or isinstance(whole, str) or not whole:
        return None
    return min(100, round(100 * part / whole))


def _also_hidden(counts: Mapping[str, int], sums: Iterable[Sum], hidden: set[str], floor: int) -> set[str]:
    """For the first sum of which a single number is hidden, or whose hidden ones are cornered: one more."""
    for one in sums:
        inside = [name for name in one.names if name in hidden]
        if not inside or len(inside) == len(one.names):
            continue
        if len(inside) == 1 or _cornered(counts, one, hidden, floor):
            told = [name for name in one.names if name not in hidden]
            return {min(told, key=lambda name: (counts[name] == 0, name == one.total, counts[name]))}
    return set()


def _cornered(counts: Mapping[str, int], one: Sum, hidden: set[str], floor: int) -> bool:
    """Whether what is told leaves the hidden parts no room: their sum is at one end of what it could be."""
    parts = [name for name in one.parts if name in hidden]
    if one.total in hidden or not parts:
        return False
    slack = STEP // 2 * sum(1 for name in one.names if name not in hidden and counts[name])
    told = sum(rounded(counts[name]) for name in one.parts if name not in hidden)
    room = rounded(counts[one.total]) - told
    return room + slack < len(parts) + 2 or room - slack > (floor - 1) * len(parts) - 2
