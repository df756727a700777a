"""What changed for one person between two occasions.

The reading is the source report's (Dayson and Bennett 2017, section 3.1): follow-up score minus
baseline score, measure by measure, and only where both are there. A missing answer is never a
number. There is no total over the measures: they are not parts of one quantity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Scores = Mapping[str, int | None]
"""Measure key to score; `None`, or no entry at all, where there is no score."""


class Direction(StrEnum):
    """Which way a measure moved. The order of the members is the order of telling: good news first."""

    UP = "up"
    SAME = "same"
    LOWER = "lower"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class MeasureChange:
    """One measure's scores on the two occasions."""

    key: str
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """Points moved, follow-up minus baseline; `None` where either score is missing."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def direction(self) -> Direction:
        """Up, same or lower; unknown where either score is missing."""
        if self.difference is None:
            return Direction.UNKNOWN
        if self.difference == 0:
            return Direction.SAME
        return Direction.UP if self.difference > 0 else Direction.LOWER


@dataclass(frozen=True)
class Change:
    """Every measure's change, in the instrument's order, and what can be counted from it."""

    measures: tuple[MeasureChange, ...]

    def moving(self, direction: Direction | str) -> tuple[MeasureChange, ...]:
        """The measures that moved this way, in the instrument's order."""
        return tuple(one for one in self.measures if one.direction == direction)

    @property
    def up(self) -> int:
        """How many measures have a higher score than before."""
        return len(self.moving(Direction.UP))

    @property
    def same(self) -> int:
        """How many measures have the same score as before."""
        return len(self.moving(Direction.SAME))

    @property
    def lower(self) -> int:
        """How many measures have a lower score than before."""
        return len(self.moving(Direction.LOWER))

    @property
    def not_comparable(self) -> int:
        """How many measures miss a score on one occasion or on both."""
        return len(self.moving(Direction.UNKNOWN))

    @property
    def comparable(self) -> int:
        """How many measures have a score on both occasions."""
        return len(self.measures) - self.not_comparable

    @property
    def biggest_steps(self) -> tuple[MeasureChange, ...]:
        """The measures that rose by the most points, several where they tie, none where none rose."""
        steps = {one.key: one.difference or 0 for one in self.moving(Direction.UP)}
        most = max(steps.values(), default=0)
        return tuple(one for one in self.measures if steps.get(one.key) == most)

    @property
    def in_telling_order(self) -> tuple[MeasureChange, ...]:
        """Rises first, the biggest before the smaller; then same, lower, not comparable.

        Within "lower" the smallest change comes first. Ties keep the instrument's order.
        """
        order = list(Direction)
        steps = sorted(self.measures, key=lambda one: one.difference or 0, reverse=True)
        return tuple(sorted(steps, key=lambda one: order.index(one.direction)))


def compare(keys: Sequence[str], before: Scores, after: Scores) -> Change:
    """The change of each measure in `keys`, in that order; scores under other keys are left out."""
    return Change(tuple(MeasureChange(key, before.get(key), after.get(key)) for key in keys))
