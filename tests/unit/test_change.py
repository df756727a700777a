"""What one person's two occasions say: rises, sames, lowers and gaps."""

from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.evaluation.change import Change, Direction, MeasureChange, Scores, compare

KEYS = tuple("abcdefgh")

score = st.none() | st.integers(1, 5)
answers = st.dictionaries(st.sampled_from(KEYS), score)


def scores(digits: str) -> dict[str, int | None]:
    """`"23-"` as scores for the first measures; a dash is a missing answer."""
    return {key: None if digit == "-" else int(digit) for key, digit in zip(KEYS, digits, strict=False)}


def change(before: str, after: str) -> Change:
    return compare(KEYS[: len(before)], scores(before), scores(after))


def test_a_measure_tells_its_points_and_its_direction() -> None:
    assert MeasureChange("a", 2, 4).difference == 2
    assert MeasureChange("a", 2, 4).direction is Direction.UP
    assert MeasureChange("a", 3, 3).difference == 0
    assert MeasureChange("a", 3, 3).direction is Direction.SAME
    assert MeasureChange("a", 5, 4).difference == -1
    assert MeasureChange("a", 5, 4).direction is Direction.LOWER


def test_a_missing_answer_on_either_side_is_no_number() -> None:
    for one in (MeasureChange("a", None, 4), MeasureChange("a", 4, None), MeasureChange("a", None, None)):
        assert one.difference is None
        assert one.direction is Direction.UNKNOWN


def test_the_counts_of_a_mixed_pair() -> None:
    told = change("22213-4-", "44322-33")
    assert (told.up, told.same, told.lower, told.not_comparable) == (4, 0, 2, 2)
    assert told.comparable == 6


def test_the_biggest_step_is_the_largest_rise() -> None:
    assert [one.key for one in change("2315", "3345").biggest_steps] == ["c"]


def test_equal_biggest_steps_are_all_told() -> None:
    assert [one.key for one in change("2135", "4355").biggest_steps] == ["a", "b", "c"]


def test_without_a_rise_there_is_no_biggest_step() -> None:
    assert change("325-", "314-").biggest_steps == ()


def test_rises_are_told_first_and_gaps_last() -> None:
    told = change("5-3222", "314344").in_telling_order
    assert [one.key for one in told] == ["e", "f", "c", "d", "a", "b"]


def test_the_smallest_lowering_is_told_before_the_larger() -> None:
    assert [one.key for one in change("54", "33").in_telling_order] == ["b", "a"]


def test_a_measure_outside_the_keys_is_left_out() -> None:
    assert [one.key for one in compare(("a",), {"a": 1, "z": 2}, {"z": 5}).measures] == ["a"]


@given(answers, answers)
def test_the_counts_add_up_to_the_number_of_measures(before: Scores, after: Scores) -> None:
    told = compare(KEYS, before, after)
    assert told.up + told.same + told.lower + told.not_comparable == len(KEYS)
    assert tuple(one.key for one in told.measures) == KEYS


@given(answers, answers)
def test_looked_at_backwards_every_rise_is_a_lowering(before: Scores, after: Scores) -> None:
    there, back = compare(KEYS, before, after), compare(KEYS, after, before)
    assert (there.up, there.same, there.lower) == (back.lower, back.same, back.up)
    for one, other in zip(there.measures, back.measures, strict=True):
        assert one.difference == (None if other.difference is None else -other.difference)


@given(answers, answers)
def test_no_change_is_larger_than_the_scale(before: Scores, after: Scores) -> None:
    differences = [one.difference for one in compare(KEYS, before, after).measures]
    assert all(-4 <= points <= 4 for points in differences if points is not None)


@given(answers, answers)
def test_a_missing_score_is_never_counted_as_nought(before: Scores, after: Scores) -> None:
    for one in compare(KEYS, before, after).measures:
        missing = before.get(one.key) is None or after.get(one.key) is None
        assert (one.difference is None) == missing
        assert (one.direction is Direction.UNKNOWN) == missing


@given(answers, answers)
def test_the_telling_order_tells_every_measure_once_with_rises_before_the_rest(
    before: Scores, after: Scores
) -> None:
    told = compare(KEYS, before, after).in_telling_order
    assert sorted(one.key for one in told) == sorted(KEYS)
    directions = [list(Direction).index(one.direction) for one in told]
    assert directions == sorted(directions)


@given(answers, answers)
def test_every_biggest_step_is_a_rise_that_no_other_exceeds(before: Scores, after: Scores) -> None:
    told = compare(KEYS, before, after)
    rises = [one.difference or 0 for one in told.moving("up")]
    biggest = [one.difference for one in told.biggest_steps]
    assert biggest == [points for points in rises if points == max(rises)]
