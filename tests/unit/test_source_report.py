"""The arithmetic gives the source report's printed figures, from people of our own making."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support import source_report as source
from wellbeing_app.evaluation.social_value import (
    PUBLISHED,
    Scale,
    Value,
    Variant,
    break_even,
    in_pence,
    in_pounds,
    value,
    variants,
)
from wellbeing_app.instrument import INSTRUMENT

COHORT = source.cohort()
AT_COST = replace(PUBLISHED, cost=Decimal(source.COST), cost_years=Decimal(2))
WORTH = value(COHORT, AT_COST, source.ENGAGED)
MOST_PROGRESS = {INSTRUMENT.keys[place] for place in (0, 1, 3, 4)}
FEW_LOW = {INSTRUMENT.keys[place] for place in (5, 6)}


def pounds(*values: Value) -> tuple[int, ...]:
    return tuple(in_pounds(amount) for one in values for amount in (one.per_person, one.total))


def test_the_whole_numbers_behind_the_report_are_met() -> None:
    assert {key: one.net_points for key, one in COHORT.measures.items()} == source.NET_POINTS
    net = {key: one.low_to_high - one.high_to_low for key, one in COHORT.measures.items()}
    assert net == source.NET_LOW_TO_HIGH
    assert {one.pairs for one in COHORT.measures.values()} == {source.PEOPLE}


@pytest.mark.parametrize("key", INSTRUMENT.keys)
def test_table_4_2_to_the_pound(key: str) -> None:
    assert pounds(WORTH.every_change[key], WORTH.low_to_high[key]) == source.TABLE_4_2[key]


def test_the_totals_of_table_4_2_are_of_what_was_not_rounded() -> None:
    told = pounds(WORTH.total_every_change, WORTH.total_low_to_high)
    assert told == source.TABLE_4_2_TOTALS
    rounded_first = sum(row[1] for row in source.TABLE_4_2.values())
    assert told[1] == rounded_first + 1


def test_table_4_1_and_4_3() -> None:
    measures = len(INSTRUMENT.keys)
    assert (PUBLISHED.whole, PUBLISHED.of_measure(measures), PUBLISHED.of_point(measures)) == (
        10_560,
        1_320,
        264,
    )
    ways = (WORTH.total_every_change, WORTH.total_low_to_high)
    assert [in_pence(WORTH.per_pound(one) or 0) for one in ways] == [Decimal("0.79"), Decimal("1.84")]


def test_headline_shares_and_means() -> None:
    pooled = COHORT.pooled
    assert round(100 * COHORT.with_rises(1) / COHORT.comparable) == 93
    assert round(100 * (pooled.share_up or 0)) == 48
    assert round(pooled.mean_change or 0, 2) == 0.60
    assert round(pooled.low.mean_change or 0, 2) == 0.99


def test_the_majorities_of_figure_3_3() -> None:
    majority = {key for key, one in COHORT.measures.items() if 2 * one.up > one.pairs}
    of_low = {key for key, one in COHORT.measures.items() if 2 * one.low.up > one.low.pairs}
    assert majority == MOST_PROGRESS
    assert of_low == set(INSTRUMENT.keys) - FEW_LOW
    means = sorted(COHORT.measures, key=lambda key: COHORT.measures[key].mean_before or 0)
    lows = sorted(COHORT.measures, key=lambda key: COHORT.measures[key].low.pairs)
    assert set(means[-2:]) == set(lows[:2]) == FEW_LOW
    changes = sorted(COHORT.measures, key=lambda key: COHORT.measures[key].mean_change or 0)
    assert set(changes[-4:]) == MOST_PROGRESS


def test_the_honest_variants_say_what_the_source_leaves_out() -> None:
    told = variants(COHORT, AT_COST, source.ENGAGED)
    quarter, measured = told[Variant.QUARTER_A_POINT], told[Variant.MEASURED_ONLY]
    assert in_pounds(quarter.total_every_change.total) == 387_244
    assert in_pence(quarter.per_pound(quarter.total_every_change) or 0) == Decimal("0.98")
    ways = (measured.total_every_change, measured.total_low_to_high)
    assert [in_pounds(one.total) for one in ways] == [202_752, 473_880]
    assert [in_pence(measured.per_pound(one) or 0) for one in ways] == [Decimal("0.51"), Decimal("1.20")]


def test_break_even_is_over_the_years_that_the_cost_covers() -> None:
    told = break_even(AT_COST)
    assert (told.over_the_period, told.a_year) == (93, 47)
    unknown = break_even(PUBLISHED)
    assert (unknown.over_the_period, unknown.a_year) == (None, None)


def test_years_drop_off_and_deadweight_multiply() -> None:
    changed = replace(
        AT_COST, years=3, drop_off=Decimal("0.5"), deadweight=Decimal("0.2"), scale=Scale.MEASURED
    )
    told = value(COHORT, changed, source.ENGAGED).total_every_change
    assert told.total == Fraction(264 * 768) * Fraction(7, 4) * Fraction(4, 5)


def test_halves_are_rounded_away_from_nought() -> None:
    halves = [Decimal("0.5"), Decimal("-0.5"), Decimal("2.5"), Decimal("-2.49")]
    assert [in_pounds(Fraction(one)) for one in halves] == [1, -1, 3, -2]
