"""What the change might be worth in pounds, by the source report's two ways, with every assumption an input.

Dayson and Bennett (2017), section 3.4: well-being is equated with mental health; a severe problem costs
0.352 QALYs of £30,000 each; that is spread evenly over the measures. Way 1 values every point moved at a
share of a measure's value. Way 2 values only a move from low (2 or less) to high (3 or more), at the whole
value. Moves the other way count against both. Nothing is rounded here: whoever shows it rounds last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor

from wellbeing_app.evaluation.cells import Cells, Cohort

NONE = Decimal(0)


class Scale(StrEnum):
    """For whom the mean value is claimed: all who took up a service, or only those with both scores."""

    ENGAGED = "engaged"
    MEASURED = "measured"


@dataclass(frozen=True)
class Assumptions:
    """Every choice behind a figure in pounds. The defaults are the published ones (table 4.1).

    `engaged`: to how many people the value is scaled; None for as many as took up a service. `years` that a
    change lasts, losing `drop_off` of its value each year. `deadweight`: the share that would have come
    without the service. `cost` of the service over `cost_years`, in pounds; None where it is not known.
    `per_discharge`: the benefit of one discharge that holds for a year.
    """

    qaly_loss: Decimal = Decimal("0.352")
    qaly_value: Decimal = Decimal(30_000)
    share_per_point: Decimal = Decimal("0.20")
    scale: Scale = Scale.ENGAGED
    engaged: int | None = None
    years: int = 1
    drop_off: Decimal = NONE
    deadweight: Decimal = NONE
    cost: Decimal | None = None
    cost_years: Decimal = Decimal(1)
    per_discharge: Decimal = Decimal(4_281)

    @property
    def whole(self) -> Fraction:
        """The value of well-being for one person and year: £10,560 as published."""
        return Fraction(self.qaly_loss) * Fraction(self.qaly_value)

    def of_measure(self, measures: int) -> Fraction:
        """One measure's even part of it: £1,320 as published."""
        return self.whole / measures

    def of_point(self, measures: int) -> Fraction:
        """One point on one measure: £264 as published."""
        return self.of_measure(measures) * Fraction(self.share_per_point)

    @property
    def kept(self) -> Fraction:
        """What is left of a year's value: over the years that it lasts, less drop-off and deadweight."""
        stays = 1 - Fraction(self.drop_off)
        lasting = sum((stays**year for year in range(self.years)), Fraction(0))
        return lasting * (1 - Fraction(self.deadweight))


PUBLISHED = Assumptions()


@dataclass(frozen=True)
class Value:
    """Pounds for one person on average, and for all that it is scaled to."""

    per_person: Fraction
    total: Fraction

    def __add__(self, other: Value) -> Value:
        return Value(self.per_person + other.per_person, self.total + other.total)


NOTHING = Value(Fraction(0), Fraction(0))


@dataclass(frozen=True)
class SocialValue:
    """Both ways, measure by measure. `scaled_to` is None when each measure is scaled to its own pairs."""

    assumptions: Assumptions
    scaled_to: int | None
    every_change: Mapping[str, Value]
    low_to_high: Mapping[str, Value]

    @property
    def total_every_change(self) -> Value:
        """Way 1, all measures: the sum of what is not rounded yet."""
        return sum(self.every_change.values(), NOTHING)

    @property
    def total_low_to_high(self) -> Value:
        """Way 2, all measures."""
        return sum(self.low_to_high.values(), NOTHING)

    def per_pound(self, value: Value) -> Fraction | None:
        """The value for each pound of cost; None where the cost is not known."""
        cost = self.assumptions.cost
        return value.total / Fraction(cost) if cost else None


def value(cohort: Cohort, assumptions: Assumptions, took_up: int) -> SocialValue:
    """Table 4.2 for this cohort. `took_up`: how many took up a service, if the assumptions name no number."""
    engaged = took_up if assumptions.engaged is None else assumptions.engaged
    scaled_to = engaged if assumptions.scale is Scale.ENGAGED else None
    number = len(cohort.measures)
    point, whole = assumptions.of_point(number), assumptions.of_measure(number)
    kept = assumptions.kept
    return SocialValue(
        assumptions,
        scaled_to,
        {key: _mean(one, one.net_points * point * kept, scaled_to) for key, one in cohort.measures.items()},
        {key: _mean(one, _net(one) * whole * kept, scaled_to) for key, one in cohort.measures.items()},
    )


def _net(cells: Cells) -> int:
    return cells.low_to_high - cells.high_to_low


def _mean(cells: Cells, pounds: Fraction, scaled_to: int | None) -> Value:
    if not cells.pairs:
        return NOTHING
    mean = pounds / cells.pairs
    return Value(mean, mean * (cells.pairs if scaled_to is None else scaled_to))


class Variant(StrEnum):
    """Readings of the same data that an honest page shows beside each other."""

    CHOSEN = "chosen"
    PUBLISHED = "published"
    QUARTER_A_POINT = "quarter_a_point"
    MEASURED_ONLY = "measured_only"
    MEASURED_QUARTER = "measured_quarter"
    HALF_ANYWAY = "half_anyway"


def variants(cohort: Cohort, chosen: Assumptions, took_up: int) -> Mapping[Variant, SocialValue]:
    """The chosen assumptions, the published ones at this service's cost, and what other choices would say."""
    published = replace(PUBLISHED, cost=chosen.cost, cost_years=chosen.cost_years, engaged=chosen.engaged)
    quarter, measured = Decimal("0.25"), replace(published, scale=Scale.MEASURED)
    readings = {
        Variant.CHOSEN: chosen,
        Variant.PUBLISHED: published,
        Variant.QUARTER_A_POINT: replace(published, share_per_point=quarter),
        Variant.MEASURED_ONLY: measured,
        Variant.MEASURED_QUARTER: replace(measured, share_per_point=quarter),
        Variant.HALF_ANYWAY: replace(measured, deadweight=Decimal("0.5")),
    }
    return {name: value(cohort, one, took_up) for name, one in readings.items()}


@dataclass(frozen=True)
class BreakEven:
    """How many discharges that hold for a year would pay for the service; None if its cost is not known."""

    over_the_period: int | None
    a_year: int | None


def break_even(assumptions: Assumptions) -> BreakEven:
    """Cost divided by the benefit of one, and rounded up: the next whole person."""
    if not assumptions.cost or not assumptions.per_discharge:
        return BreakEven(None, None)
    over = Fraction(assumptions.cost) / Fraction(assumptions.per_discharge)
    return BreakEven(-floor(-over), -floor(-over / Fraction(assumptions.cost_years)))


def in_pounds(amount: Fraction) -> int:
    """To the nearest pound, halves away from zero, as people round."""
    return floor(amount + Fraction(1, 2)) if amount >= 0 else -floor(-amount + Fraction(1, 2))


def in_pence(amount: Fraction) -> Decimal:
    """To the nearest penny."""
    return Decimal(in_pounds(amount * 100)) / 100
