"""What is printed is read back: nothing where nothing is ticked, and each box as its own, in its place."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pytest

from tests.support.scans import hands
from tests.support.scans.forms import PENS
from tests.support.scans.hands import Hand, Page
from tests.support.scans.press import COPY, printed_whole
from tests.support.scans.scoring import as_loaded
from wellbeing_app.paper import sheets
from wellbeing_app.paper.codes import parse
from wellbeing_app.paper.reader import find, ink
from wellbeing_app.paper.reader.reading import read_page
from wellbeing_app.web.i18n import LANGUAGES

pytestmark = pytest.mark.slow

CLOSE_MM = 0.5
COLUMNS = (1, 2, 3, 4, 5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_is_read_back_blank_and_ticked(language: str) -> None:
    """A part of what follows, and of the larger forms one page."""
    _read_back("survey", language, 1, (1, 5))
    chance = random.Random(f"read back {language}")
    form = chance.choice(["large_print", "easy_read"])
    pages = sorted({box["page"] for box in printed_whole(language, form)[1]["boxes"]})
    _read_back(form, language, chance.choice(pages), (chance.choice(COLUMNS),))


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", sheets.FORMS)
def test_every_box_of_every_layout_is_read_back(form: str, language: str) -> None:
    layout = printed_whole(language, form)[1]
    rows: list[int] = []
    for page in sorted({box["page"] for box in layout["boxes"]}):
        rows += _read_back(form, language, page, COLUMNS)
    assert sorted(rows) == list(range(1, 9))


def _read_back(form: str, language: str, number: int, columns: Sequence[int]) -> list[int]:
    """The rows of this page, each of which was read as blank, and as each of these columns."""
    pages, layout = printed_whole(language, form)
    blank, boxes = pages[number - 1], [box for box in layout["boxes"] if box["page"] == number]
    rows = sorted({box["row"] for box in boxes})
    read = read_page(as_loaded(blank), lambda _code: layout)
    assert {row: verdict.status for row, verdict in read.rows.items()} == dict.fromkeys(rows, "blank")
    sheet = sheets.FORMS[form]
    assert read.code == parse(f"{sheet.letter}{sheet.version}{number}{language.upper()}{COPY.token}")
    for column in columns:
        page = blank.copy()
        for box in boxes:
            if box["col"] == column:
                hands.tick(Hand(random.Random(column), page, PENS[0]), tuple(box["rect_mm"]))
        ticked = read_page(as_loaded(page), lambda _code: layout)
        assert {row: verdict.value for row, verdict in ticked.rows.items()} == dict.fromkeys(rows, column)
    assert _worst_mm(blank, layout, number, boxes) <= CLOSE_MM
    return rows


def _worst_mm(blank: Page, layout: dict[str, Any], number: int, boxes: Sequence[dict[str, Any]]) -> float:
    """How far off its place any box is looked for, on a page that lay askew and was copied 1 % smaller."""
    turn = cv2.getRotationMatrix2D((1240, 1754), 1.7, 0.99)
    askew = cv2.warpAffine(np.asarray(blank), turn, (2480, 3508), borderValue=(255, 255, 255))
    picture = as_loaded(askew)  # type: ignore[arg-type]
    matrix = find.place(find.look(picture), layout, number)
    straight = find.straightened(picture, matrix, layout["page_mm"])
    offsets = ink.settled(ink.of_page(straight, layout, list(boxes), number), list(boxes))
    scale = picture.shape[0] / askew.shape[0]
    worst = 0.0
    for box, offset in zip(boxes, offsets, strict=True):
        x, y, width, height = box["rect_mm"]
        middle = np.array([x + width / 2, y + height / 2])
        true = (turn @ np.array([*(middle * hands.PX_PER_MM), 1])) * scale
        place = np.array([[middle + offset]], np.float32)
        found = cv2.perspectiveTransform(place, matrix)[0, 0]
        worst = max(worst, float(np.linalg.norm(found - true)) / (hands.PX_PER_MM * scale * 0.99))
    return worst
