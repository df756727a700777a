"""Many pairs of scores: means, moves, and what is kept back where there are few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.evaluation.disclosure import FLOOR, Withheld, shielded, shielded_parts
from wellbeing_app.evaluation.summary import MeasureSummary, ScorePair, summarise

FEW, TELLING = Withheld.FEW, Withheld.TELLING
counts = st.integers(0, 40)


def pairs(*digits: str) -> list[ScorePair]:
    """`"24"` for 2 at baseline and 4 at follow-up; a dash is a missing answer."""
    return [({"a": score(one)}, {"a": score(other)}) for one, other in digits]


def score(digit: str) -> int | None:
    return None if digit == "-" else int(digit)


def summary(*digits: str) -> MeasureSummary:
    return summarise(["a"], pairs(*digits))[0]


def test_a_measure_tells_means_and_moves() -> None:
    told = summary("24", "33", "21", "34")
    assert (told.pairs, told.mean_before, told.mean_after, told.mean_change) == (4, 2.5, 3.0, 0.5)
    assert (told.up, told.same, told.lower) == (2, 1, 1)


def test_means_are_not_rounded() -> None:
    assert summary("12", "12", "13").mean_after == 7 / 3


def test_a_missing_answer_leaves_the_pair_out_of_both_means() -> None:
    told = summary("24", "5-", "-1", "--")
    assert (told.pairs, told.mean_before, told.mean_after) == (1, 2, 4)


def test_without_pairs_there_is_no_mean() -> None:
    for told in (summary(), summary("-1")):
        assert (told.pairs, told.mean_before, told.mean_after, told.mean_change) == (0, None, None, None)


def test_each_measure_is_told_in_the_order_asked() -> None:
    assert [one.key for one in summarise(["b", "a"], pairs("12"))] == ["b", "a"]


def test_a_count_below_eight_is_kept_back_and_eight_is_told() -> None:
    assert [shielded(count) for count in (0, 1, 7, 8, 9)] == [FEW, FEW, FEW, 8, 9]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((10, 12, 9), (10, 12, 9)),
        ((10, 12, 3), (TELLING, 12, FEW)),
        ((0, 12, 9), (FEW, 12, TELLING)),
        ((10, 2, 3), (10, FEW, FEW)),
        ((1, 2, 3), (FEW, FEW, FEW)),
    ],
)
def test_a_small_part_cannot_be_found_by_taking_the_others_from_the_total(
    parts: tuple[int, ...], told: tuple[object, ...]
) -> None:
    assert shielded_parts(parts) == told


@given(counts, counts, counts)
def test_no_small_part_is_told_and_none_is_the_only_one_left_out(up: int, same: int, lower: int) -> None:
    told = shielded_parts([up, same, lower])
    kept_back = [one for one in told if isinstance(one, Withheld)]
    assert len(kept_back) != 1
    assert all(one >= FLOOR for one in told if not isinstance(one, Withheld))


def test_a_mean_of_fewer_than_eight_is_kept_back() -> None:
    told = summary(*["24"] * 7).shielded()
    assert (told.pairs, told.mean_before, told.mean_after, told.mean_change) == (FEW, None, None, None)
    assert (told.up, told.same, told.lower) == (FEW, FEW, FEW)


def test_eight_are_enough_for_a_mean() -> None:
    told = summary(*["24"] * 8).shielded()
    assert (told.pairs, told.mean_before, told.mean_after) == (8, 2, 4)
    assert (told.up, told.same, told.lower) == (8, FEW, FEW)


def test_what_is_shielded_stays_so() -> None:
    told = summary(*["24"] * 7).shielded()
    assert told.shielded() == told
