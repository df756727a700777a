"""Random cohorts with missing answers and ties, for the property tests of the report's arithmetic."""

from __future__ import annotations

from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from wellbeing_app.evaluation.cells import Cohort, count, packed

KEYS = ("a", "b", "c", "d", "e", "f", "g", "h")
Scores = dict[str, int | None]
People = list[tuple[Scores, Scores]]
COHORTS = settings(max_examples=max(300, settings().max_examples))
"""Some hundreds in `make test`; ten thousand under `make soak`."""


@st.composite
def cohorts(draw: st.DrawFn) -> People:
    """Up to 60 people, whose scores lean to one side or the other, and some of whose answers are missing."""
    chance = Random(draw(st.integers(0, 2**32)))
    missing, spread = draw(st.sampled_from((0.0, 0.1, 0.5, 1.0))), draw(st.integers(1, 5))
    lean = draw(st.integers(1, 6 - spread))
    number = draw(st.integers(0, 60))

    def scores() -> Scores:
        given = (lean + chance.randrange(spread) for _ in KEYS)
        return {key: None if chance.random() < missing else one for key, one in zip(KEYS, given, strict=True)}

    return [(scores(), scores()) for _ in range(number)]


def counted(people: People) -> Cohort:
    """The cohort in cells."""
    return count(KEYS, (packed(KEYS, before, after) for before, after in people))


def both(people: People, key: str) -> list[tuple[int, int]]:
    """The pairs of one measure that have both scores."""
    pairs = ((before[key], after[key]) for before, after in people)
    return [(one, other) for one, other in pairs if one is not None and other is not None]
