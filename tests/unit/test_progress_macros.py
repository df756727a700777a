"""What the charts and the words about change put on the page. Titles are taken from the instrument."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from flask import Flask

from wellbeing_app.charts import scale, star
from wellbeing_app.evaluation.change import Change, compare
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.web import i18n

KEYS = INSTRUMENT.keys
TITLES = [measure.title for measure in INSTRUMENT.measures]
STAR = star(len(KEYS), len(INSTRUMENT.points))
LINE = scale(len(INSTRUMENT.points))
DONT_KNOW = INSTRUMENT.reason("dont_know").label


@dataclass
class Occasion:
    label: str
    scores: dict[str, int | None]
    reasons: dict[str, str] = field(default_factory=dict)


def occasion(label: str, digits: str, **reasons: str) -> Occasion:
    """An occasion from its eight answers, a dash for a missing one."""
    scores = (None if digit == "-" else int(digit) for digit in digits)
    return Occasion(label, dict(zip(KEYS, scores, strict=True)), reasons)


START = occasion("Start, 3 March 2026", "23223343")
LATER = occasion("Follow-up, 9 June 2026", "43434334")
GAPPED = occasion("Start, 3 March 2026", "-3223343", **{KEYS[0]: "dont_know"})


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("wellbeing_app")
    i18n.init_app(app)
    return app


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def macro(app: Flask, file: str, name: str, *arguments: Any) -> Element:
    """The parsed outcome of a macro."""
    html = getattr(app.jinja_env.get_template(f"macros/{file}.html").module, name)(*arguments)
    body = tinyhtml5.parse(str(html), namespace_html_elements=False).find("body")
    assert body is not None
    return body


def change(before: Occasion, after: Occasion) -> Change:
    return compare(KEYS, before.scores, after.scores)


def draw_star(app: Flask, before: Occasion = START, after: Occasion = LATER) -> Element:
    return macro(app, "star", "star_chart", STAR, change(before, after), before, after)


def draw_dumbbell(app: Flask, before: Occasion = START, after: Occasion = LATER) -> Element:
    return macro(app, "dumbbell", "dumbbell", LINE, change(before, after), before, after)


def text(element: Element) -> str:
    """What is read there; the title of a picture is for those who do not see it."""
    return " ".join("".join(_read(element)).split())


def _read(element: Element) -> Iterator[str]:
    yield element.text or ""
    for one in element:
        yield from () if str(one.tag).endswith("title") else _read(one)
        yield one.tail or ""


def say(app: Flask, before: str, after: str) -> str:
    return text(macro(app, "change", "sentence", change(occasion("", before), occasion("", after))))


def classed(element: Element, name: str) -> list[Element]:
    return [one for one in element.iter() if name in (one.get("class") or "").split()]


def every(element: Element, tag: str) -> list[Element]:
    return list(element.iterfind(f".//{{*}}{tag}"))


def places(element: Element) -> list[str]:
    """Where the marks in this element stand."""
    return [(one.get("transform") or "")[10:-1] for one in classed(element, "series-mark")]


# The sentence.


def test_the_sentence_counts_and_names_the_biggest_step(app: Flask) -> None:
    assert say(app, "23223343", "44434334") == (
        "6 of 8 areas moved up, 1 stayed the same and 1 is lower. The biggest steps: "
        f"{TITLES[0]}, from 2 to 4 {TITLES[2]}, from 2 to 4"
    )
    assert say(app, "23233343", "43343332") == (
        f"3 of 8 areas moved up, 3 stayed the same and 2 are lower. "
        f"The biggest step: {TITLES[0]}, from 2 to 4."
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("33333333", "33333333", "8 of 8 areas stayed the same."),
        ("33333333", "22222222", "8 of 8 areas are lower."),
        ("33333333", "32222222", "1 of 8 areas stayed the same and 7 are lower."),
        ("--------", "33333333", "No area has a score on both dates, so there is nothing to compare yet."),
    ],
)
def test_the_sentence_says_only_what_there_is(app: Flask, before: str, after: str, said: str) -> None:
    assert say(app, before, after) == said


def test_equal_steps_in_many_areas_are_not_called_the_biggest(app: Flask) -> None:
    assert say(app, "22222222", "33332222") == "4 of 8 areas moved up and 4 stayed the same."


def test_areas_without_a_score_are_counted_apart(app: Flask) -> None:
    said = say(app, "--333333", "33333333")
    assert said.startswith("6 of 8 areas stayed the same. 2 areas have no score on one of the two dates")
    assert "1 area has no score" in say(app, "-3333333", "33333333")


def test_what_is_lower_is_an_invitation_and_nothing_else(app: Flask) -> None:
    one = macro(app, "change", "to_talk_about", change(START, LATER))
    assert text(one) == f"{TITLES[6]}: from 4 to 3. Would you like to talk about it?"
    two = macro(app, "change", "to_talk_about", change(LATER, occasion("", "33434334")))
    assert text(two) == f"{TITLES[0]}: from 4 to 3. Would you like to talk about it?"
    several = macro(app, "change", "to_talk_about", change(START, occasion("", "22222343")))
    assert [text(one) for one in every(several, "li")] == [
        f"{TITLES[1]}, from 3 to 2",
        f"{TITLES[4]}, from 3 to 2",
    ]
    assert text(macro(app, "change", "to_talk_about", change(START, START))) == ""


def test_when_much_is_lower_the_page_asks_and_makes_no_list(app: Flask) -> None:
    many = macro(app, "change", "to_talk_about", change(LATER, START))
    assert text(many) == "Which area would you like to talk about first?"
    assert every(many, "li") == []


# The table.


def table_rows(app: Flask, before: Occasion, after: Occasion) -> list[list[str]]:
    table = macro(app, "change", "table", change(before, after), before, after)
    return [[text(cell) for cell in row] for row in every(table, "tr")]


def test_the_table_has_a_row_for_each_measure_with_the_answers_in_words(app: Flask) -> None:
    rows = table_rows(app, START, LATER)
    assert rows[0] == ["Area", START.label, LATER.label, "Change"]
    assert [row[0] for row in rows[1:]] == [f"{at} {title}" for at, title in enumerate(TITLES, 1)]
    label = {point.value: f"{point.value} {point.label}" for point in INSTRUMENT.points}
    assert rows[1][1:] == [label[2], label[4], "+2"]
    assert rows[2][1:] == [label[3], label[3], "same"]
    assert rows[7][1:] == [label[4], label[3], "−1"]


def test_the_table_is_headed_both_ways(app: Flask) -> None:
    table = macro(app, "change", "table", change(START, LATER), START, LATER)
    assert [head.get("scope") for head in every(table, "th")] == ["col"] * 4 + ["row"] * 8
    assert len(every(table, "caption")) == 1


def test_a_missing_answer_is_said_in_words_and_never_as_a_number(app: Flask) -> None:
    rows = table_rows(app, GAPPED, LATER)
    assert rows[1][1] == DONT_KNOW
    assert rows[1][3] == "not compared"
    unexplained = table_rows(app, occasion("", "-3223343"), LATER)
    assert unexplained[1][1] == "No answer"


def test_one_occasion_asks_a_first_question_and_draws_no_shape(app: Flask) -> None:
    page = macro(app, "change", "only_one", GAPPED)
    assert "What matters to you first?" in text(page)
    assert every(page, "svg") == []
    assert len(every(page, "tr")) == 9
    assert text(every(page, "td")[0]) == DONT_KNOW


# The star.


def test_the_star_names_and_describes_itself(app: Flask) -> None:
    drawing = classed(draw_star(app), "star-drawing")[0]
    assert drawing.get("role") == "img"
    named = {one.get("id"): text(one) for one in drawing.iter() if one.get("id")}
    assert named[drawing.get("aria-labelledby")] == "Star chart of 8 areas, then and now"
    assert "outer ring is 5" in named[drawing.get("aria-describedby")]


def test_the_star_has_five_rings_and_numbered_axes(app: Flask) -> None:
    drawing = classed(draw_star(app), "star-drawing")[0]
    assert [ring.get("points") for ring in every(drawing, "polygon")] == [ring.outline for ring in STAR.rings]
    assert [text(number) for number in classed(drawing, "star-numbers")[0]] == list("12345678")
    assert [text(number) for number in classed(drawing, "star-scale")[0]] == list("12345")


def test_the_labels_stand_around_the_star_in_the_paper_order(app: Flask) -> None:
    labels = every(draw_star(app), "ol")[0]
    assert [text(one) for one in labels] == [
        f"{at} {title} {said}"
        for at, (title, said) in enumerate(
            zip(
                TITLES,
                ("2 to 4", "still 3", "2 to 4", "2 to 3", "3 to 4", "still 3", "4 to 3", "3 to 4"),
                strict=True,
            ),
            1,
        )
    ]
    assert len({one.get("class") for one in labels}) == 8


def marks(scores: Sequence[int | None]) -> list[str]:
    return [str(mark) for mark in STAR.series(scores).marks if mark]


def test_each_occasion_is_a_line_and_its_marks(app: Flask) -> None:
    drawing = classed(draw_star(app), "star-drawing")[0]
    for name, told in (("series-first", START), ("series-latest", LATER)):
        drawn = classed(drawing, name)[0]
        scores = list(told.scores.values())
        assert classed(drawn, "series-line")[0].get("d") == STAR.series(scores).path
        assert places(drawn) == marks(scores)


def test_the_two_occasions_differ_in_line_and_shape_as_well_as_in_colour(app: Flask) -> None:
    drawing = classed(draw_star(app), "star-drawing")[0]
    first, latest = classed(drawing, "series-first")[0], classed(drawing, "series-latest")[0]
    assert classed(first, "series-line")[0].get("stroke-dasharray")
    assert not classed(latest, "series-line")[0].get("stroke-dasharray")
    assert len(every(first, "rect")) == len(every(latest, "circle")) == 8
    assert every(first, "circle") == every(latest, "rect") == []


def test_no_change_shows_as_a_circle_inside_a_square(app: Flask) -> None:
    drawing = classed(draw_star(app), "star-drawing")[0]
    series = [one.get("class") for one in drawing.iter() if str(one.get("class")).startswith("series-")]
    groups = [name for name in series if name not in ("series-line", "series-mark")]
    assert groups == ["series-first", "series-latest"], "what comes later lies on top"
    square, circle = every(drawing, "rect")[0], every(drawing, "circle")[0]
    assert 2 * float(circle.get("r") or 0) < float(square.get("width") or 0)


def test_a_missing_answer_leaves_a_gap_and_the_legend_says_so(app: Flask) -> None:
    drawn = draw_star(app, GAPPED)
    first = classed(classed(drawn, "star-drawing")[0], "series-first")[0]
    assert len(places(first)) == 7
    assert not (classed(first, "series-line")[0].get("d") or "").endswith("Z")
    assert "the line has a gap" in text(classed(drawn, "chart-legend")[0])
    assert "gap" not in text(classed(draw_star(app), "chart-legend")[0])
    assert text(every(drawn, "ol")[0][0]) == f"1 {TITLES[0]} {DONT_KNOW}, then 4"


def test_the_star_has_no_area_and_its_colours_need_no_style_sheet(app: Flask) -> None:
    drawing = classed(draw_star(app), "star-drawing")[0]
    assert {line.get("fill") for line in classed(drawing, "series-line")} == {"none"}
    for shape in classed(drawing, "series-mark"):
        assert shape.get("fill")
    assert every(drawing, "text")
    assert all(one.get("fill") for one in classed(drawing, "star-numbers") + classed(drawing, "star-scale"))


def test_the_legend_names_each_occasion_with_its_shape_in_words(app: Flask) -> None:
    items = [text(one) for one in classed(draw_star(app), "chart-legend")[0]]
    assert items == [
        f"{START.label}: hollow squares, dashed line",
        f"{LATER.label}: filled circles, solid line",
    ]


# The dumbbell.


def test_the_dumbbell_tells_rises_first_and_says_each_change(app: Flask) -> None:
    rows = [text(row) for row in classed(draw_dumbbell(app), "dumbbell-row")]
    assert rows[0] == f"1 {TITLES[0]} +2 2 to 4"
    assert rows[1] == f"3 {TITLES[2]} +2 2 to 4"
    assert rows[5] == f"2 {TITLES[1]} same still 3"
    assert rows[7] == f"7 {TITLES[6]} −1 4 to 3"


def test_the_dumbbell_goes_from_the_square_to_the_circle(app: Flask) -> None:
    row = classed(draw_dumbbell(app), "dumbbell-row")[0]
    assert places(classed(row, "series-first")[0]) == [f"{LINE.at(2)},14"]
    assert places(classed(row, "series-latest")[0]) == [f"{LINE.at(4)},14"]
    step = classed(row, "dumbbell-step")[0]
    assert (step.get("x1"), step.get("x2")) == (LINE.at(2), LINE.at(4))


def test_right_to_left_the_dumbbell_starts_on_the_right_and_the_star_stays(app: Flask) -> None:
    with i18n.use_language("ur"):
        row = classed(draw_dumbbell(app), "dumbbell-row")[0]
        turned = draw_star(app)
    assert places(classed(row, "series-first")[0]) == [f"{LINE.at(4)},14"]
    assert places(classed(row, "series-latest")[0]) == [f"{LINE.at(2)},14"]
    assert places(turned) == places(draw_star(app))
    assert classed(turned, "star-picture")[0].get("dir") == "ltr"
    assert {one.get("dir") for one in every(turned, "ol")[0]} == {"rtl"}


def test_a_missing_answer_has_no_mark_on_the_dumbbell(app: Flask) -> None:
    row = classed(draw_dumbbell(app, GAPPED), "dumbbell-row")[-1]
    assert text(row) == f"1 {TITLES[0]} not compared {DONT_KNOW}, then 4"
    assert classed(row, "series-first") == []
    assert places(row) == [f"{LINE.at(4)},14"]


def test_the_dumbbells_pictures_repeat_the_words_and_are_hidden_from_screen_readers(app: Flask) -> None:
    pictures = every(draw_dumbbell(app), "svg")
    assert [one.get("aria-hidden") for one in pictures] == ["true"] * (2 + 1 + 8)


# All of them.


def everything(app: Flask, before: Occasion, after: Occasion) -> Element:
    whole = Element("body")
    told = change(before, after)
    whole.extend(draw_star(app, before, after))
    whole.extend(draw_dumbbell(app, before, after))
    whole.extend(macro(app, "change", "sentence", told))
    whole.extend(macro(app, "change", "to_talk_about", told))
    whole.extend(macro(app, "change", "table", told, before, after))
    return whole


def test_nothing_is_styled_in_place_and_nothing_is_red_or_green(app: Flask) -> None:
    whole = everything(app, START, LATER)
    assert not [one for one in whole.iter() if one.get("style")]
    paints = {one.get(name) for one in whole.iter() for name in ("fill", "stroke") if one.get(name)}
    assert paints <= {"none", "#b35900", "#00504b", "#ffffff", "#141718", "#414a4d", "#8a9296", "#c3cacc"}


def test_no_total_is_told(app: Flask) -> None:
    whole = text(everything(app, START, LATER)).lower()
    assert not [word for word in ("total", "overall", "average", "worse", "fail", "%") if word in whole]


def test_a_label_cannot_bring_markup_of_its_own(app: Flask) -> None:
    whole = everything(app, occasion("<img src=x>", "22222222"), occasion("<b onclick=x>", "33333333"))
    assert every(whole, "img") == []
    assert "<img src=x>" in text(whole)


def test_every_title_and_answer_goes_through_the_questionnaires_catalogue(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "words", str.upper)
    app.jinja_env.cache.clear()  # type: ignore[union-attr]
    whole = text(everything(app, GAPPED, LATER)) + text(macro(app, "change", "only_one", GAPPED))
    app.jinja_env.cache.clear()  # type: ignore[union-attr]
    assert TITLES[0].upper() in whole
    spoken = [*TITLES, DONT_KNOW, *(point.label for point in INSTRUMENT.points)]
    assert [one for one in spoken if one in whole] == []
