"""Many pairs of scores counted into cells: how often each baseline score met each follow-up score.

Everything that the report says of a measure follows from its table of 6 by 6 counts (1 to 5, and missing).
The pairs arrive packed, one character for a measure, and are counted by whole columns at once: a hundred
thousand people cost a few milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from wellbeing_app.evaluation.change import Scores

TOP = 5
LOW = 2
"""A baseline score is low at this or less (the source report's footnote 8)."""
SIDES = TOP + 1
FIRST_CODE = ord("0")
CODES = range(SIDES * SIDES)

Differences = Mapping[int, int]
"""How many pairs moved by so many points; follow-up minus baseline."""


def packed(keys: Sequence[str], before: Scores, after: Scores) -> str:
    """One pair as text: a character for each measure, in the order of `keys`."""
    return "".join(chr(FIRST_CODE + SIDES * (before.get(key) or 0) + (after.get(key) or 0)) for key in keys)


def unpacked(cells: str) -> list[tuple[int | None, int | None]]:
    """The scores before and after of each measure in a packed pair."""
    both = (divmod(ord(character) - FIRST_CODE, SIDES) for character in cells)
    return [(before or None, after or None) for before, after in both]


@dataclass(frozen=True)
class Cells:
    """One measure's counts: `counts[6 * before + after]`, where 0 stands for a missing score."""

    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.counts) != len(CODES):
            raise ValueError(f"{len(CODES)} counts are wanted, not {len(self.counts)}")

    @cached_property
    def pairs(self) -> int:
        """How many have a score on both occasions."""
        return sum(count for _before, _after, count in self._both())

    @cached_property
    def with_baseline(self) -> int:
        """How many have a score at baseline, with a follow-up or without."""
        return sum(self.counts[SIDES:])

    @property
    def mean_before(self) -> float | None:
        """Mean score at baseline over the pairs, unrounded."""
        return self._over_pairs(sum(before * count for before, _after, count in self._both()))

    @property
    def mean_after(self) -> float | None:
        """Mean score at follow-up over the pairs, unrounded."""
        return self._over_pairs(sum(after * count for _before, after, count in self._both()))

    @property
    def mean_change(self) -> float | None:
        """Mean of each pair's change, unrounded."""
        return self._over_pairs(self.net_points)

    @property
    def mean_without_follow_up(self) -> float | None:
        """Mean baseline of those who have no score at follow-up: what the people lost were like."""
        lost = {before: self.counts[SIDES * before] for before in range(1, SIDES)}
        number = sum(lost.values())
        return sum(score * count for score, count in lost.items()) / number if number else None

    @property
    def without_follow_up(self) -> int:
        """How many have a baseline score and none at follow-up."""
        return self.with_baseline - self.pairs

    @cached_property
    def differences(self) -> Differences:
        """How many pairs moved by how many points."""
        moved: Counter[int] = Counter()
        for before, after, count in self._both():
            moved[after - before] += count
        return moved

    @property
    def net_points(self) -> int:
        """All points up, less all points down."""
        return sum(step * count for step, count in self.differences.items())

    @property
    def up(self) -> int:
        """How many pairs rose."""
        return sum(count for step, count in self.differences.items() if step > 0)

    @property
    def same(self) -> int:
        """How many pairs did not move."""
        return self.differences.get(0, 0)

    @property
    def lower(self) -> int:
        """How many pairs fell."""
        return sum(count for step, count in self.differences.items() if step < 0)

    @property
    def share_up(self) -> float | None:
        """The share of pairs that rose, 0 to 1."""
        return self._over_pairs(self.up)

    @property
    def at_ceiling(self) -> int:
        """How many pairs began at the highest score, and could not rise."""
        return sum(count for before, _after, count in self._both() if before == TOP)

    @property
    def low_to_high(self) -> int:
        """How many pairs went from low (2 or less) to high (3 or more)."""
        return sum(count for before, after, count in self._both() if before <= LOW < after)

    @property
    def high_to_low(self) -> int:
        """How many pairs went from high to low."""
        return sum(count for before, after, count in self._both() if after <= LOW < before)

    @cached_property
    def low(self) -> Cells:
        """Only those who began low."""
        return Cells(
            tuple(count if 1 <= code // SIDES <= LOW else 0 for code, count in enumerate(self.counts))
        )

    def __add__(self, other: Cells) -> Cells:
        return Cells(tuple(map(sum, zip(self.counts, other.counts, strict=True))))

    def _both(self) -> Iterator[tuple[int, int, int]]:
        for code, count in enumerate(self.counts):
            before, after = divmod(code, SIDES)
            if count and before and after:
                yield before, after, count

    def _over_pairs(self, total: int) -> float | None:
        return total / self.pairs if self.pairs else None


@dataclass(frozen=True)
class Cohort:
    """Many people's pairs, counted.

    `risen`: how many people have so many measures that rose, of so many that have both scores. People whose
    pair has no measure with both scores are in it under (0, 0), and so are those with no follow-up.
    """

    people: int
    measures: Mapping[str, Cells]
    risen: Mapping[tuple[int, int], int]

    @cached_property
    def pooled(self) -> Cells:
        """All measures in one table: the scores, not the people."""
        return sum(self.measures.values(), Cells((0,) * len(CODES)))

    @property
    def comparable(self) -> int:
        """How many people have both scores for at least one measure."""
        return sum(count for (_up, both), count in self.risen.items() if both)

    def with_rises(self, least: int) -> int:
        """How many people rose on at least so many measures."""
        return sum(count for (up, _both), count in self.risen.items() if up >= least)

    def comparable_on(self, least: int) -> int:
        """How many people have both scores for at least so many measures, and so could have risen on them."""
        return sum(count for (_up, both), count in self.risen.items() if both >= least)

    @property
    def with_all_rises(self) -> int:
        """How many people rose on every one of the measures."""
        return self.with_rises(max(len(self.measures), 1))


_STEPS = bytes(
    (after > before) + 16 if before and after else 0
    for before, after in (divmod((code - FIRST_CODE) % 256, SIDES) for code in range(256))
)
"""A pair's character to 16, and 17 where it rose: eight of them added up stay below 256."""


def count(keys: Sequence[str], pairs: Iterable[str]) -> Cohort:
    """Count packed pairs. The texts may each hold one pair or any number of them, one after the other."""
    wide, columns = len(keys), [[0] * len(CODES) for _ in keys]
    risen: Counter[tuple[int, int]] = Counter()
    people = 0
    for text in pairs:
        block = text.encode("ascii")
        people += len(block) // wide
        for place, column in enumerate(columns):
            _add_column(column, block[place::wide])
        risen.update(_rises(block, wide))
    measures = {key: Cells(tuple(column)) for key, column in zip(keys, columns, strict=True)}
    return Cohort(people, measures, risen)


def _add_column(column: list[int], characters: bytes) -> None:
    for code in CODES:
        column[code] += characters.count(FIRST_CODE + code)


def _rises(block: bytes, wide: int) -> Counter[tuple[int, int]]:
    """For each person, how many measures rose and how many have both scores; added up as one long number."""
    steps = block.translate(_STEPS)
    added = sum(int.from_bytes(steps[place::wide], "little") for place in range(wide))
    totals = Counter(added.to_bytes(len(block) // wide, "little"))
    return Counter({(total % 16, total // 16): number for total, number in totals.items()})
