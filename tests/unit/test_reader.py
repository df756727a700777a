"""What was ticked on paper is read from a picture of it: stated when sure, else "unsure", never an error."""

from __future__ import annotations

import io
import json
import random
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from tests.support.scans import hands
from tests.support.scans.forms import PENS
from tests.support.scans.hands import Hand, Page
from tests.support.scans.journeys import JOURNEYS
from tests.support.scans.press import COPY, printed
from tests.support.scans.scoring import Score, page_of, score
from wellbeing_app.cli import commands
from wellbeing_app.paper.reader import lines
from wellbeing_app.paper.reader.reading import PageRead, read

pytestmark = pytest.mark.slow


def as_file(page: Page, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(page[:, :, ::-1]).save(file, kind, **options)  # type: ignore[arg-type]
    return file.getvalue()


def only(content: bytes, language: str = "en") -> PageRead:
    layout = printed(language)[1]
    (page,) = read(content, lambda _code: layout)
    return page


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_among_several_layouts_the_code_says_which(language: str) -> None:
    blank, layout = printed(language)
    page = blank.copy()
    hand = Hand(random.Random(3), page, PENS[0])
    for box in layout["boxes"]:
        if box["col"] == 2:
            hands.cross(hand, tuple(box["rect_mm"]))
    scan = as_file(page)
    for kept in (("en", "ur"), ("ur", "en")):
        (told,) = lines.of_content(scan, [printed(each)[1] for each in kept])
        assert [row["value"] for row in told["rows"]] == [2] * 8


def test_a_form_whose_layout_is_not_kept_is_refused() -> None:
    (told,) = lines.of_content(as_file(printed("ur")[0]), [printed("en")[1]])
    assert (told["status"], told["reason"]) == ("refused", "unknown_form")


def test_nothing_is_stated_wrongly_on_seeded_pages() -> None:
    """A few of the journeys; `make soak` takes thousands of pages on all of them."""
    found = score(["in the tests"], list(JOURNEYS)[::3])
    assert found.wrong == []
    assert found.refused == 0
    assert found.clear_unsure <= 0.05 * found.clear


@pytest.mark.long
def test_the_aims_of_docs_reading_hold_on_pages_of_every_journey(request: pytest.FixtureRequest) -> None:
    """The seeds are those of the figures in docs/reading.md. With `-s` it tells how far it is."""
    found = Score()
    for number in range(request.config.getoption("--scans")):
        score([f"unseen B {number}"], found=found)
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()
    assert len(found.wrong) <= found.stated / 10_000, found.wrong
    assert found.refused <= found.pages / 100
    assert found.clear_unsure <= 0.015 * found.clear


NOT_READ = {
    "nothing": (b"", "empty"),
    "a text": (b"<html>no picture</html>" * 40, "not_a_picture"),
    "a broken PDF": (b"%PDF-1.7\nbroken", "broken"),
    "white": (as_file(np.full((1600, 1200, 3), 255, np.uint8)), "no_form"),
    "noise": (as_file(np.random.default_rng(1).integers(0, 255, (900, 700, 3), np.uint8)), "no_form"),
    "a stamp": (as_file(np.full((60, 60, 3), 255, np.uint8)), "too_small"),
    "a HEIC": (b"\0\0\0\x18ftypheic" + b"\0" * 400, "heic"),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_no_form_is_refused_with_its_reason(name: str) -> None:
    content, reason = NOT_READ[name]
    assert (only(content).status, only(content).reason) == ("refused", reason)


def test_a_picture_too_large_to_unpack_is_refused_before_it_is() -> None:
    bomb = io.BytesIO()
    Image.new("1", (400, 30_000)).save(bomb, "PNG")
    assert only(bomb.getvalue()).reason == "too_large"


def test_two_forms_in_a_picture_are_refused() -> None:
    page = cv2.resize(np.array(printed()[0]), (1240, 1754))
    assert only(as_file(np.hstack([page, page]))).reason == "two_forms"


def test_a_form_seen_in_a_mirror_is_refused() -> None:
    assert only(as_file(np.ascontiguousarray(printed()[0][:, ::-1]))).status == "refused"


@pytest.mark.parametrize("mode", ["CMYK", "I;16", "P", "RGBA", "L", "1"])
def test_every_way_of_keeping_a_picture_is_read_alike(mode: str) -> None:
    page, rows = page_of("kinds/scan 200", "scan 200")
    picture = Image.fromarray(page[:, :, ::-1])
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    else:
        picture = picture.convert(mode)
    file = io.BytesIO()
    picture.save(file, "TIFF")
    found = only(file.getvalue())
    assert found.status == "read"
    assert not any(row.is_misread(found.rows[n].status, found.rows[n].value) for n, row in rows.items())


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_a_pile_in_one_file_is_read_page_by_page(kind: str) -> None:
    pages = [Image.fromarray(page_of(f"pile {n}/scan 150", "scan 150")[0][:, :, ::-1]) for n in range(3)]
    file, layout = io.BytesIO(), printed()[1]
    pages[0].save(file, kind, save_all=True, append_images=pages[1:], resolution=150)
    found = list(read(file.getvalue(), lambda _code: layout))
    assert [(page.number, page.status) for page in found] == [(1, "read"), (2, "read"), (3, "read")]


def test_the_command_prints_a_line_for_each_page(tmp_path: Path) -> None:
    page, rows = page_of("command/good photo", "good photo")
    (tmp_path / "photo.jpg").write_bytes(as_file(page, "JPEG", quality=90))
    (tmp_path / "not.jpg").write_bytes(b"not")
    (tmp_path / "layout.json").write_text(json.dumps(printed()[1]))
    files = [str(tmp_path / name) for name in ("photo.jpg", "not.jpg")]
    done = CliRunner().invoke(
        commands, ["read-form", *files, "--layout", str(tmp_path / "layout.json"), "--json"]
    )
    first, second = (json.loads(line) for line in done.output.splitlines())
    assert (first["status"], first["token"], first["version"]) == ("read", COPY.token, 1)
    assert [row["row"] for row in first["rows"]] == sorted(rows)
    assert (second["status"], second["reason"], second["rows"]) == ("refused", "not_a_picture", [])
