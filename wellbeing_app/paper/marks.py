"""The four squares in a form's corners, by which a reader finds it: black, with a pattern of 4 by 4 cells.

The patterns are the first four of the common dictionary for such marks (ArUco 4x4), so that any reader of it
knows them: 0 top left, 1 top right, 2 bottom right, 3 bottom left, whichever way the language runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIDE_MM: Final = 9.0
EDGE_MM: Final = 8.0
CELLS: Final = 6
PATTERNS: Final = (
    ("1011", "0101", "0011", "0010"),
    ("0000", "1111", "1001", "1010"),
    ("0011", "0011", "0010", "1101"),
    ("1001", "1001", "0100", "0110"),
)
CORNERS: Final = ("top-left", "top-right", "bottom-right", "bottom-left")


@dataclass(frozen=True)
class Mark:
    """One corner's square: its number, its corner, and its white cells as (row, column) within the border."""

    id: int
    corner: str
    white: tuple[tuple[int, int], ...]


def _mark(number: int) -> Mark:
    rows = enumerate(PATTERNS[number], start=1)
    white = ((row, column) for row, bits in rows for column, bit in enumerate(bits, start=1) if bit == "1")
    return Mark(number, CORNERS[number], tuple(white))


ALL: Final = tuple(_mark(number) for number in range(len(PATTERNS)))
