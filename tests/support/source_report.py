"""161 invented people whose pairs give the source report's printed figures; see docs/evaluation.md.

The report prints no scores. Its pounds give away, for each measure, the net points and the net moves from
low to high; its shares bound the rest. These tables are one way to meet all of that. A row is a baseline
score, 1 to 5; a column the follow-up score.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from wellbeing_app.evaluation.cells import Cohort, count, packed
from wellbeing_app.instrument import INSTRUMENT

PEOPLE, PROGRESSED, ENGAGED, COST = 161, 150, 246, 394_300
NET_POINTS = dict(zip(INSTRUMENT.keys, (149, 125, 61, 120, 187, 24, 21, 81), strict=True))
NET_LOW_TO_HIGH = dict(zip(INSTRUMENT.keys, (66, 57, 31, 63, 90, 9, 6, 37), strict=True))

_TABLES: Mapping[str, str] = dict(
    zip(
        INSTRUMENT.keys,
        (
            "10 3 5 1 0 | 5 10 29 6 25 | 0 0 10 11 5 | 0 0 5 10 11 | 0 0 0 5 10",
            "10 11 5 1 0 | 5 10 31 5 15 | 0 0 10 11 5 | 0 0 5 10 11 | 0 0 1 5 10",
            "10 11 5 1 0 | 15 16 24 5 1 | 0 5 10 11 5 | 0 0 5 10 11 | 0 0 1 5 10",
            "10 8 5 1 0 | 5 10 43 5 9 | 0 0 10 11 5 | 0 0 5 10 11 | 0 0 0 3 10",
            "10 0 5 1 0 | 5 10 39 5 40 | 0 0 9 6 5 | 0 0 5 10 0 | 0 0 0 1 10",
            "4 0 0 0 0 | 5 10 11 4 0 | 1 4 10 11 5 | 0 1 7 22 11 | 0 0 1 5 49",
            "6 0 0 0 0 | 5 10 11 2 0 | 1 5 10 11 5 | 0 1 5 18 11 | 0 0 1 5 54",
            "10 11 5 3 0 | 5 24 26 5 1 | 0 3 10 11 5 | 0 0 5 10 11 | 0 0 1 5 10",
        ),
        strict=True,
    )
)

TABLE_4_2: Mapping[str, tuple[int, int, int, int]] = dict(
    zip(
        INSTRUMENT.keys,
        (
            (244, 60_103, 541, 133_115),
            (205, 50_422, 467, 114_963),
            (100, 24_606, 254, 62_524),
            (197, 48_405, 517, 127_064),
            (307, 75_432, 738, 181_520),
            (39, 9_681, 74, 18_152),
            (34, 8_471, 49, 12_101),
            (133, 32_674, 303, 74_625),
        ),
        strict=True,
    )
)
TABLE_4_2_TOTALS = (1_259, 309_795, 2_943, 724_065)

Pair = tuple[dict[str, int], dict[str, int]]


def people() -> list[Pair]:
    """The 161, with all scores on both occasions. The first 150 rose on something, the last 11 on nothing."""
    pairs: list[Pair] = [({}, {}) for _ in range(PEOPLE)]
    rises = [sum(after > before for before, after in _moves(key)) for key in INSTRUMENT.keys]
    for key, start in zip(INSTRUMENT.keys, accumulate([0, *rises]), strict=False):
        for place, (before, after) in zip(_places(start), _moves(key), strict=True):
            pairs[place][0][key], pairs[place][1][key] = before, after
    return pairs


def cohort() -> Cohort:
    """The same, counted."""
    keys = INSTRUMENT.keys
    return count(keys, (packed(keys, before, after) for before, after in people()))


def _moves(key: str) -> list[tuple[int, int]]:
    """Every pair of one measure, those that rose first."""
    rows = [list(map(int, row.split())) for row in _TABLES[key].split("|")]
    moves = [
        (before, after)
        for before, row in enumerate(rows, 1)
        for after, number in enumerate(row, 1)
        for _ in range(number)
    ]
    return sorted(moves, key=lambda move: move[1] <= move[0])


def _places(start: int) -> list[int]:
    """The people in the order in which a measure is dealt to them: another one begins each time."""
    return [(start + step) % PROGRESSED for step in range(PROGRESSED)] + list(range(PROGRESSED, PEOPLE))
