"""What changed for many people between two occasions, measure by measure.

Means are over the people who have a score on both occasions, and are not rounded: whoever shows them does
that last. There is no total over the measures, as in `change`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wellbeing_app.evaluation.change import Direction, MeasureChange, Scores
from wellbeing_app.evaluation.disclosure import FLOOR, Count, shielded, shielded_parts

ScorePair = tuple[Scores, Scores]
"""One person's scores at baseline and at follow-up."""


@dataclass(frozen=True)
class MeasureSummary:
    """One measure over many pairs. `pairs` have both scores; the means are `None` where there are none."""

    key: str
    pairs: Count
    mean_before: float | None
    mean_after: float | None
    up: Count
    same: Count
    lower: Count

    @property
    def mean_change(self) -> float | None:
        """Mean at follow-up minus mean at baseline: the mean of each person's change."""
        if self.mean_before is None or self.mean_after is None:
            return None
        return self.mean_after - self.mean_before

    def shielded(self, floor: int = FLOOR) -> "MeasureSummary":
        """The same without counts below `floor`, and without means of fewer people than that."""
        if not isinstance(self.pairs, int):
            return self
        few = self.pairs < floor
        up, same, lower = shielded_parts([int(one) for one in (self.up, self.same, self.lower)], floor)
        return replace(
            self,
            pairs=shielded(self.pairs, floor),
            mean_before=None if few else self.mean_before,
            mean_after=None if few else self.mean_after,
            up=up,
            same=same,
            lower=lower,
        )


def summarise(keys: Sequence[str], pairs: Sequence[ScorePair]) -> tuple[MeasureSummary, ...]:
    """Each measure of `keys`, in that order, over all the pairs."""
    return tuple(_summary(key, pairs) for key in keys)


def _summary(key: str, pairs: Sequence[ScorePair]) -> MeasureSummary:
    changes = [MeasureChange(key, before.get(key), after.get(key)) for before, after in pairs]
    told = [one for one in changes if one.difference is not None]
    directions = [one.direction for one in told]
    return MeasureSummary(
        key,
        pairs=len(told),
        mean_before=_mean([one.before or 0 for one in told]),
        mean_after=_mean([one.after or 0 for one in told]),
        up=directions.count(Direction.UP),
        same=directions.count(Direction.SAME),
        lower=directions.count(Direction.LOWER),
    )


def _mean(scores: Sequence[int]) -> float | None:
    return sum(scores) / len(scores) if scores else None
