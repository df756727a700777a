"""The star's and the dumbbell's geometry, and the vectors that the browser's star is held to."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.charts import Score, number, scale, star

VECTORS = Path(__file__).parent.parent / "vectors" / "star.json"
EIGHT = star(axes=8, rings=5)

scores_of_eight = st.lists(st.none() | st.integers(1, 5), min_size=8, max_size=8)


def the_vectors() -> dict[str, Any]:
    """What the shared file must hold: the drawn rings, and for each set of scores its path and marks."""
    cases: list[list[Score]] = [[score] * 8 for score in range(1, 6)]
    cases += [[2, 3, 2, 2, 3, 3, 4, 3], [4, 3, 4, 3, 4, 3, 3, 4], [5, 1, 5, 1, 5, 1, 5, 1]]
    cases += [[1 + (axis + turn) % 5 for axis in range(8)] for turn in range(5)]
    cases += [
        [None, 2, 3, 4, 5, 4, 3, 2],
        [1, 2, 3, 4, 5, 4, 3, None],
        [1, 2, 3, None, 5, 4, 3, 2],
        [1, 2, 3, None, 5, None, 3, 2],
        [1, None, 3, None, 5, None, 3, None],
        [None, None, None, 4, 4, None, None, None],
        [5] + [None] * 7,
        [None] * 8,
    ]
    return {
        "rings": [ring.outline for ring in EIGHT.rings],
        "cases": [{"scores": scores, **drawn(scores)} for scores in cases],
    }


def drawn(scores: list[Score]) -> dict[str, Any]:
    series = EIGHT.series(scores)
    return {"path": series.path, "marks": [str(mark) if mark else None for mark in series.marks]}


def test_the_shared_vectors_are_what_python_draws() -> None:
    assert json.loads(VECTORS.read_text()) == the_vectors()


def test_every_score_on_every_axis_is_in_the_shared_vectors() -> None:
    cases = json.loads(VECTORS.read_text())["cases"]
    seen = {(axis, score) for case in cases for axis, score in enumerate(case["scores"])}
    assert seen == {(axis, score) for axis in range(8) for score in (None, 1, 2, 3, 4, 5)}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (60, "60"),
        (300.0, "300"),
        (-0.0, "0"),
        (-0.04, "0"),
        (0.05001, "0.1"),
        (195.799, "195.8"),
        (-3.26, "-3.3"),
    ],
)
def test_a_coordinate_has_one_spelling(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(-1e4, 1e4))
def test_no_coordinate_is_spelled_with_an_idle_nought(value: float) -> None:
    text = number(value)
    assert text != "-0"
    assert not text.endswith(".0")
    assert abs(float(text) - value) <= 0.0501


def test_the_first_axis_points_up_and_the_others_follow_clockwise() -> None:
    outer = [str(axis.outer) for axis in EIGHT.axes]
    assert outer == ["176,36", "275,77", "316,176", "275,275", "176,316", "77,275", "36,176", "77,77"]
    assert [axis.place for axis in EIGHT.axes] == [
        "top", "top-end", "end", "bottom-end", "bottom", "bottom-start", "start", "top-start",
    ]  # fmt: skip


def test_score_one_is_a_ring_and_each_score_is_one_step_further() -> None:
    up = [float(ring.points[0].y) for ring in EIGHT.rings]
    assert [176 - y for y in up] == [28, 56, 84, 112, 140]
    assert [ring.score for ring in EIGHT.rings] == [1, 2, 3, 4, 5]


def test_a_full_set_of_answers_is_one_closed_line() -> None:
    path = EIGHT.series([1] * 8).path
    assert path.startswith("M176,148 L195.8,156.2 ")
    assert path.endswith("Z")
    assert path.count("M") == 1


def test_a_missing_answer_is_a_gap_and_never_the_centre() -> None:
    series = EIGHT.series([4, 4, None, 4, 4, 4, 4, 4])
    assert series.marks[2] is None
    assert "Z" not in series.path
    assert series.path.startswith("M255.2,255.2 ")
    assert series.path.endswith(" L255.2,96.8")


def test_two_gaps_break_the_line_in_two() -> None:
    assert EIGHT.series([4, 4, None, 4, 4, None, 4, 4]).path.count("M") == 2


def test_an_answer_alone_between_gaps_has_a_mark_and_no_line() -> None:
    series = EIGHT.series([5, None, None, None, None, None, None, None])
    assert series.path == ""
    assert [str(mark) for mark in series.marks if mark] == ["176,36"]


@given(scores_of_eight)
def test_every_mark_stands_on_the_ring_of_its_score(scores: list[Score]) -> None:
    for axis, (score, mark) in enumerate(zip(scores, EIGHT.series(scores).marks, strict=True)):
        assert mark == (EIGHT.rings[score - 1].points[axis] if score else None)


@given(scores_of_eight)
def test_the_line_joins_just_the_neighbours_that_are_both_answered(scores: list[Score]) -> None:
    series = EIGHT.series(scores)
    pairs = zip(series.marks, series.marks[1:] + series.marks[:1], strict=True)
    joins = sum(1 for one, next_one in pairs if one and next_one)
    assert series.path.count("L") + series.path.count("Z") == joins


@given(scores_of_eight)
def test_the_line_holds_only_points_of_the_rings(scores: list[Score]) -> None:
    points = {str(point) for ring in EIGHT.rings for point in ring.points}
    drawn_points = EIGHT.series(scores).path.replace("Z", "").replace("M", "").replace("L", "").split()
    assert set(drawn_points) <= points


@pytest.mark.parametrize("scores", [[0] * 8, [6] * 8, [3] * 7, [3] * 9])
def test_scores_that_have_no_place_are_refused(scores: list[Score]) -> None:
    with pytest.raises(ValueError, match=r"ring|axes"):
        EIGHT.series(scores)


@pytest.mark.parametrize("axes", range(3, 13))
def test_a_star_of_any_number_of_measures_keeps_its_points_inside_the_picture(axes: int) -> None:
    drawn_star = star(axes=axes, rings=4)
    points = [point for ring in drawn_star.rings for point in ring.points]
    points += [axis.label for axis in drawn_star.axes]
    assert len(points) == axes * 5
    assert all(0 < float(at) < float(drawn_star.size) for point in points for at in (point.x, point.y))


@pytest.mark.parametrize("axes", range(3, 9))
def test_up_to_eight_labels_each_have_a_place_of_their_own(axes: int) -> None:
    places = [axis.place for axis in star(axes=axes, rings=5).axes]
    assert len(set(places)) == axes


@pytest.mark.parametrize(("axes", "rings"), [(2, 5), (8, 0)])
def test_too_few_axes_or_rings_are_refused(axes: int, rings: int) -> None:
    with pytest.raises(ValueError, match="three axes"):
        star(axes=axes, rings=rings)


def test_the_scale_has_even_steps_and_room_at_both_ends() -> None:
    line = scale(5)
    places = [float(line.at(score)) for score in range(1, 6)]
    assert {b - a for a, b in pairwise(places)} == {50}
    assert places[0] == float(line.width) - places[-1] == 20


def test_right_to_left_the_scale_starts_on_the_right() -> None:
    line = scale(5).mirrored()
    assert float(line.at(1)) > float(line.at(5))
    assert line.mirrored() == scale(5)


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_beyond_the_scale_is_refused(score: int) -> None:
    with pytest.raises(ValueError, match="scale"):
        scale(5).at(score)


if __name__ == "__main__":  # python -m tests.unit.test_charts writes the vectors anew
    lines = ["{", f' "rings": {json.dumps(the_vectors()["rings"])},', ' "cases": [']
    lines.append(",\n".join(f"  {json.dumps(case)}" for case in the_vectors()["cases"]))
    VECTORS.write_text("\n".join([*lines, " ]", "}"]) + "\n")
