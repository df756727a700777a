"""Numbers only, for those outside: the figures of the service, small ones kept back, whoever asks."""

from __future__ import annotations

from wellbeing_app.evaluation.disclosure import Count, Withheld
from wellbeing_app.exports.csvfile import MARK, line
from wellbeing_app.services.figures import Figures

HEADER = ("measure", "pairs", "mean_baseline", "mean_follow_up", "mean_change", "up", "same", "lower")


def csv(figures: Figures) -> str:
    """A row for each measure; `<8` for a small number, `*` for one that would give it away."""
    rows = [
        (
            one.key,
            told(one.pairs),
            _mean(one.mean_before),
            _mean(one.mean_after),
            _mean(one.mean_change),
            *map(told, (one.up, one.same, one.lower)),
        )
        for one in (measure.shielded() for measure in figures.measures)
    ]
    return MARK + "".join(line(row) for row in (HEADER, *rows))


def told(count: Count) -> str:
    """A count as it leaves the house."""
    return {Withheld.FEW: "<8", Withheld.TELLING: "*"}[count] if isinstance(count, Withheld) else str(count)


def _mean(mean: float | None) -> str:
    return "" if mean is None else f"{mean:.2f}"
