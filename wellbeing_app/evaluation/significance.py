"""Whether a change could be chance: tests for pairs, and how large it is, from the counts of differences.

Conover (1999), Practical Nonparametric Statistics, section 5.7; Kerby (2014) for the rank-biserial
correlation. Scores on five points are ordered, not measured, so ranks are the safer reading; the standardised
mean change is given because others give it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, erfc, sqrt

from wellbeing_app.evaluation.cells import Differences


@dataclass(frozen=True)
class SignedRanks:
    """Wilcoxon's signed-rank test of pairs that moved; those that did not are left out.

    `up` and `down`: the sums of their ranks, tied steps sharing the middle rank. `z` and `p` (two-sided) are
    the normal approximation with the correction for ties and none for continuity; None where nothing moved.
    `effect` is the matched-pairs rank-biserial correlation: 1 where all who moved rose, -1 where all fell.
    """

    moved: int
    up: float
    down: float
    z: float | None
    p: float | None
    effect: float | None


def signed_ranks(differences: Differences) -> SignedRanks:
    """The test for these differences. Below some 20 pairs that moved, `p` is a rough guide."""
    sizes = {size: _tied(differences, size) for size in sorted({abs(step) for step in differences if step})}
    moved = sum(sizes.values())
    up = down = ranked = 0.0
    for size, tied in sizes.items():
        rank = ranked + (tied + 1) / 2
        up += rank * differences.get(size, 0)
        down += rank * differences.get(-size, 0)
        ranked += tied
    if not moved:
        return SignedRanks(0, 0, 0, None, None, None)
    ties = sum(tied**3 - tied for tied in sizes.values())
    spread = sqrt((moved * (moved + 1) * (2 * moved + 1) - ties / 2) / 24)
    z = (min(up, down) - moved * (moved + 1) / 4) / spread
    return SignedRanks(moved, up, down, z, erfc(abs(z) / sqrt(2)), (up - down) / (up + down))


def sign_test(up: int, lower: int) -> float | None:
    """The exact two-sided p of so many ups and downs if each were as likely; None where nothing moved."""
    moved, fewer = up + lower, min(up, lower)
    if not moved:
        return None
    if moved > EXACT_TO:
        return erfc((moved / 2 - fewer - 0.5) / sqrt(moved / 2)) if moved > 2 * fewer else 1.0
    tail = sum(comb(moved, number) for number in range(fewer + 1))
    return min(1.0, 2 * tail / (1 << moved))


EXACT_TO = 1000
"""Above so many that moved, the sign test's p is the normal approximation, corrected for continuity."""


def standard_deviation(differences: Differences) -> float | None:
    """Of the changes, in points, as of a sample; None for fewer than two pairs."""
    number = sum(differences.values())
    if number < 2:
        return None
    total = sum(step * count for step, count in differences.items())
    squares = sum(step * step * count for step, count in differences.items())
    return sqrt((squares * number - total * total) / (number * (number - 1)))


def standardised_change(differences: Differences) -> float | None:
    """Mean change divided by the standard deviation of the changes; None where all changed alike."""
    spread = standard_deviation(differences)
    if not spread:
        return None
    return sum(step * count for step, count in differences.items()) / sum(differences.values()) / spread


def _tied(differences: Differences, size: int) -> int:
    return differences.get(size, 0) + differences.get(-size, 0)
