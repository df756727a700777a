"""Counts so small that they could point at somebody, kept back from those who are not to know who it is.

After NHS Digital's rule for areas below the whole country: no count below 8, no mean of fewer than 8.
Here none is treated as a few: that nobody moved down also says something about each of them.
"""

from collections.abc import Sequence
from enum import StrEnum

FLOOR = 8
"""The smallest count that is told, and the fewest people a mean is made of."""


class Withheld(StrEnum):
    """Why a count is not told: it is small, or it would give away one that is."""

    FEW = "few"
    TELLING = "telling"


Count = int | Withheld


def shielded(count: int, floor: int = FLOOR) -> Count:
    """The count, unless it is below `floor`."""
    return count if count >= floor else Withheld.FEW


def shielded_parts(parts: Sequence[int], floor: int = FLOOR) -> tuple[Count, ...]:
    """The parts of a total that is told. Where one alone is small, the next smallest is kept back too."""
    told = [shielded(part, floor) for part in parts]
    large = [place for place, part in enumerate(parts) if part >= floor]
    if 0 < len(large) == len(parts) - 1:
        told[min(large, key=lambda place: parts[place])] = Withheld.TELLING
    return tuple(told)
