"""Every statistic of the report beside an independent one: of scipy, of `statistics`, or a plain recount."""

from __future__ import annotations

import math
import statistics
import warnings

import pytest
from hypothesis import given
from scipy import stats

from tests.support.cohorts import COHORTS, KEYS, People, both, cohorts, counted
from wellbeing_app.evaluation import significance
from wellbeing_app.evaluation.cells import Cells, count, packed, unpacked


def close(one: float | None, other: float) -> bool:
    return one is not None and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


@COHORTS
@given(cohorts())
def test_means_shares_and_moves_are_those_of_a_plain_recount(people: People) -> None:
    cohort = counted(people)
    assert cohort.people == len(people)
    for key in KEYS:
        pairs, cells = both(people, key), cohort.measures[key]
        low = [pair for pair in pairs if pair[0] <= 2]
        for told, counted_here in ((cells, pairs), (cells.low, low)):
            assert told.pairs == len(counted_here)
            assert told.up == sum(after > before for before, after in counted_here)
            assert told.lower == sum(after < before for before, after in counted_here)
            assert told.same == told.pairs - told.up - told.lower
            if counted_here:
                assert close(told.mean_before, statistics.fmean(before for before, _ in counted_here))
                assert close(told.mean_after, statistics.fmean(after for _, after in counted_here))
                assert close(
                    told.mean_change, statistics.fmean(after - before for before, after in counted_here)
                )
                assert close(told.share_up, told.up / len(counted_here))
        assert cells.at_ceiling == sum(before == 5 for before, _ in pairs)
        assert cells.low_to_high == sum(before <= 2 < after for before, after in pairs)
        assert cells.high_to_low == sum(after <= 2 < before for before, after in pairs)
        baselines = [before[key] for before, _ in people if before[key] is not None]
        assert cells.with_baseline == len(baselines)
        assert cells.without_follow_up == len(baselines) - len(pairs)


@COHORTS
@given(cohorts())
def test_headline_shares_count_people_and_the_pool_counts_scores(people: People) -> None:
    cohort = counted(people)
    rises = [sum((after[key] or 0) > (before[key] or 9) for key in KEYS) for before, after in people]
    comparable = [
        sum(before[key] is not None and after[key] is not None for key in KEYS) for before, after in people
    ]
    assert [cohort.with_rises(least) for least in range(1, 9)] == [
        sum(one >= least for one in rises) for least in range(1, 9)
    ]
    assert [cohort.comparable_on(least) for least in range(1, 9)] == [
        sum(one >= least for one in comparable) for least in range(1, 9)
    ]
    every = [pair for key in KEYS for pair in both(people, key)]
    assert (cohort.pooled.pairs, cohort.pooled.net_points) == (len(every), sum(b - a for a, b in every))


@COHORTS
@given(cohorts())
def test_the_tests_for_pairs_are_scipys(people: People) -> None:
    for cells in (counted(people).measures["a"], counted(people).pooled):
        differences = [step for step, number in cells.differences.items() for _ in range(number)]
        told = significance.signed_ranks(cells.differences)
        if not any(differences):
            assert (told.moved, told.z, told.p, told.effect) == (0, None, None, None)
            assert significance.sign_test(cells.up, cells.lower) is None
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of small samples
            theirs = stats.wilcoxon(differences, zero_method="wilcox", method="asymptotic", correction=False)
        assert close(min(told.up, told.down), float(theirs.statistic))
        assert close(told.z, float(theirs.zstatistic))
        assert close(told.p, float(theirs.pvalue))
        ranks = stats.rankdata([abs(step) for step in differences if step])
        signs = [math.copysign(1, step) for step in differences if step]
        assert close(told.effect, sum(ranks * signs) / sum(ranks))
        signed = stats.binomtest(cells.up, cells.up + cells.lower).pvalue
        assert close(significance.sign_test(cells.up, cells.lower), float(signed))


@COHORTS
@given(cohorts())
def test_spread_and_standardised_change_are_those_of_statistics(people: People) -> None:
    cells = counted(people).measures["b"]
    differences = [step for step, number in cells.differences.items() for _ in range(number)]
    told = significance.standard_deviation(cells.differences)
    if len(differences) < 2:
        assert told is None
        return
    spread = statistics.stdev(differences)
    assert close(told, spread)
    if spread:
        assert close(
            significance.standardised_change(cells.differences), statistics.fmean(differences) / spread
        )


def test_with_very_many_the_sign_test_stays_near_the_exact_one() -> None:
    for up, lower in ((900, 600), (760, 740), (1000, 1000), (40_000, 39_500)):
        exact = float(stats.binomtest(up, up + lower).pvalue)
        assert significance.sign_test(up, lower) == pytest.approx(exact, rel=0.02)


@COHORTS
@given(cohorts())
def test_packing_loses_nothing_and_many_pairs_may_come_in_one_text(people: People) -> None:
    texts = [packed(KEYS, before, after) for before, after in people]
    given_scores = [[(before[key], after[key]) for key in KEYS] for before, after in people]
    assert [unpacked(text) for text in texts] == given_scores
    assert count(KEYS, ["".join(texts)]) == count(KEYS, texts)


def test_a_table_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="36 counts"):
        Cells((1, 2, 3))


def test_nobody_makes_no_mean() -> None:
    nobody = count(KEYS, [])
    assert (nobody.people, nobody.comparable, nobody.with_all_rises) == (0, 0, 0)
    cells = nobody.measures["a"]
    told = (
        cells.mean_before,
        cells.mean_after,
        cells.mean_change,
        cells.share_up,
        cells.mean_without_follow_up,
    )
    assert told == (None,) * 5
