"""How often a slip happens, from forms that were typed twice."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964


@dataclass(frozen=True)
class Rate:
    """`slips` of `fields`, and the 95 % interval in which the true rate lies (all as shares of 1)."""

    slips: int
    fields: int
    share: float
    low: float
    high: float


def rate(slips: int, fields: int) -> Rate | None:
    """The share with Wilson's interval (1927), which is sound for rare slips too; None without any field."""
    if fields <= 0:
        return None
    share, z2 = slips / fields, Z_95**2
    middle = (share + z2 / (2 * fields)) / (1 + z2 / fields)
    half = Z_95 * sqrt(share * (1 - share) / fields + z2 / (4 * fields**2)) / (1 + z2 / fields)
    return Rate(slips, fields, share, max(0.0, middle - half), min(1.0, middle + half))
