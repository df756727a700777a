"""The pages about the house say what is so."""

import re
from pathlib import Path

import pytest

from tools import rooms

PROJECT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((PROJECT / "docs/decisions").glob("*.md"))
PAGES = [PROJECT / "CONTRIBUTING.md", PROJECT / "docs/architecture.md", *DECISIONS]
ROOMS = [PROJECT, PROJECT / "wellbeing_app", PROJECT / "wellbeing_app/templates"]
LONGEST_DECISION = 45


def test_the_picture_of_the_rooms_is_today_s() -> None:
    assert rooms.draw() == rooms.PICTURE.read_text("utf-8"), "run: .venv/bin/python -m tools.rooms"


def test_every_room_says_what_it_is() -> None:
    assert [room for floor in rooms.layers() for room in floor if not rooms.purpose(room)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_at_is_there(page: Path) -> None:
    """Each link, and each path in backticks: from the project, the package or the templates."""
    text = page.read_text("utf-8")
    linked = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    named = re.findall(r"`([\w.-]+/[\w./-]+)`", text)
    missing = [path for path in linked if not (page.parent / path).exists()]
    missing += [path for path in named if not any((room / path).exists() for room in ROOMS)]
    assert missing == []


def test_decisions_are_numbered_and_short() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in DECISIONS}
    assert [name for name, lines in lengths.items() if lines > LONGEST_DECISION] == []
