"""Printed forms: the layout is that of the render, stands still, and is mirrored with the language."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from wellbeing_app.paper import codes as paper_codes
from wellbeing_app.paper import press, sheets, stamp, words
from wellbeing_app.paper.codes import AddressTooLong, SheetCode
from wellbeing_app.paper.press import Copy
from wellbeing_app.services import codes, layouts

PROJECT = Path(__file__).resolve().parents[2]
KEPT = PROJECT / "tests" / "vectors" / "layouts"
HOST = "https://wellbeing.example.org"
COPY = Copy("0123456789ABCDEF", "0000BBBB")


@pytest.mark.parametrize("language", words.languages())
@pytest.mark.parametrize("name", sheets.FORMS)
def test_a_form_is_where_its_version_always_was(name: str, language: str) -> None:
    """No language moves a box. Where one moves on purpose, the version goes up, and gets files of its own."""
    sheet = sheets.FORMS[name]
    fresh = press.one(sheet, language, COPY, HOST).layout.as_dict()
    kept = json.loads((KEPT / f"{name}-{sheet.version}-{words.direction(language)}.json").read_text())
    assert layouts.drift(kept, fresh) == 0
    assert len(fresh["boxes"]) == 40


def test_a_form_of_a_pile_is_the_same_as_one_printed_alone() -> None:
    pile = stamp.blank(sheets.FORMS["survey"], "en", for_nobody=True).layout.as_dict()
    alone = press.one(sheets.FORMS["survey"], "en", COPY, HOST).layout.as_dict()
    assert layouts.drift(pile, alone) == layouts.drift(alone, pile) == 0


def test_right_to_left_mirrors_the_boxes_and_keeps_what_they_stand_for() -> None:
    one = press.one(sheets.FORMS["survey"], "en", COPY, HOST).layout
    other = press.one(sheets.FORMS["survey"], "ur", COPY, HOST, for_nobody=True).layout
    for box, mirrored in zip(one.boxes, other.boxes, strict=True):
        x, y, width, height = box.rect_mm
        assert mirrored.rect_mm == pytest.approx((210 - x - width, y, width, height), abs=0.1)
        assert (mirrored.row, mirrored.col) == (box.row, box.col)
    assert one.marks == other.marks


def test_a_box_that_moved_or_went_is_noticed() -> None:
    fresh = press.one(sheets.FORMS["survey"], "en", COPY, HOST).layout.as_dict()
    moved = json.loads(json.dumps(fresh))
    moved["boxes"][7]["rect_mm"][1] += 0.3
    assert layouts.drift(fresh, moved) == pytest.approx(0.3)
    moved["boxes"].pop()
    assert layouts.drift(fresh, moved) is None


def test_a_sheet_code_says_what_it_was_made_of_in_any_case() -> None:
    chance = random.Random(5)
    for _ in range(500):
        token = "".join(chance.choices(codes.CROCKFORD, k=16))
        made = SheetCode(chance.choice("SLR"), chance.randint(1, 31), chance.randint(1, 9), "ur", token)
        text = paper_codes.address(HOST, made)
        assert text == text.upper()
        assert paper_codes.parse(text) == paper_codes.parse(text.lower()) == made
        assert paper_codes.is_ours(text, HOST)
        assert not paper_codes.is_ours(text, "https://another.example.org")
    assert paper_codes.parse("S11EN" + "0123456789ABCDE") is None
    assert paper_codes.parse("https://wellbeing.example.org/E/") is None


def test_the_code_has_squares_large_enough_for_copiers() -> None:
    longest = "https://" + "a" * 51
    text = paper_codes.address(longest, SheetCode("S", 1, 1, "ur", COPY.token))
    modules = len(paper_codes.modules(text)) + 2 * paper_codes.QUIET_MODULES
    assert 28 / modules >= 0.65
    with pytest.raises(AddressTooLong):
        paper_codes.modules(paper_codes.address(longest + "a" * 30, SheetCode("S", 1, 1, "ur", COPY.token)))


def test_a_clone_with_nothing_ready_prints_a_form(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flask", "print-form", "--blank", "--language", "en"]
    files = ["--out", str(tmp_path / "form.pdf"), "--layout-out", str(tmp_path / "layout.json")]
    environ = {"WELLBEING_INSTANCE": str(tmp_path / "none"), "PATH": "/usr/bin:/bin"}
    subprocess.run([*command, *files], cwd=PROJECT, env=environ, check=True, capture_output=True)
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF-")
    written = json.loads((tmp_path / "layout.json").read_text())
    assert written["page_mm"] == [210, 297]
    assert {(box["row"], box["col"]) for box in written["boxes"]} == {
        (row, col) for row in range(1, 9) for col in range(1, 6)
    }
    assert not (tmp_path / "none").exists()
