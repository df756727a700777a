"""Answers drawn so that the whole looks like the source report: many start low, most gain, some lose."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

LOWEST, HIGHEST = 1, 5

# Where people start (this project's guess: the report prints its means as a picture only, and says where
# they were highest), and how far they come (Dayson and Bennett 2017, table 4.2: net points / 161 people).
START = {
    "feeling_positive": 2.4,
    "lifestyle": 2.6,
    "looking_after_yourself": 3.0,
    "managing_symptoms": 2.4,
    "work_volunteering": 2.1,
    "money": 3.3,
    "where_you_live": 3.5,
    "family_friends": 3.0,
}
RISE = {
    "feeling_positive": 149 / 161,
    "lifestyle": 125 / 161,
    "looking_after_yourself": 61 / 161,
    "managing_symptoms": 120 / 161,
    "work_volunteering": 187 / 161,
    "money": 24 / 161,
    "where_you_live": 21 / 161,
    "family_friends": 81 / 161,
}
OF_PERSON, OF_MEASURE = 0.5, 0.8


def start(chance: Random) -> dict[str, int]:
    """A baseline: one person's low or high day in all of it, and chance in each measure."""
    here = chance.gauss(0, OF_PERSON)
    return {key: _nearest(mean + here + chance.gauss(0, OF_MEASURE)) for key, mean in START.items()}


def later(chance: Random, before: Mapping[str, int], share: float = 1.0) -> dict[str, int]:
    """A follow-up: `share` of the usual rise, more for some people than for others."""
    here = chance.gauss(0, OF_PERSON)
    moved = {key: share * rise + here + chance.gauss(0, OF_MEASURE) for key, rise in RISE.items()}
    return {key: _nearest(before[key] + move) for key, move in moved.items()}


def _nearest(value: float) -> int:
    return min(max(round(value), LOWEST), HIGHEST)
