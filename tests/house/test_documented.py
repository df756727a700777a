"""What can be set, and what can be called, is written down where people look for it."""

import re
from pathlib import Path

import pytest

from wellbeing_app import config
from wellbeing_app.cli import commands

PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = ["DATABASE_URL", *(config.PREFIX + name for name in config.KNOWN)]


def pages() -> list[str]:
    named = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
    return [page.read_text("utf-8") for page in named if page.exists()]


def as_code(markdown: str) -> str:
    """What a page shows as code: between backticks, fenced, or indented by four."""
    fenced = re.findall(r"^```.*?\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return "\n".join(fenced + re.findall(r"^ {4}(.+)$", rest, re.MULTILINE) + re.findall(r"`([^`]+)`", rest))


def documented(words: str) -> bool:
    whole = re.compile(rf"(?<![\w-]){re.escape(words)}(?![\w-])")
    return any(whole.search(as_code(page)) for page in pages())


def goals() -> list[str]:
    """What `make` lists."""
    return re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_is_documented(setting: str) -> None:
    assert documented(setting)


def test_the_documented_settings_exist() -> None:
    named = {name for page in pages() for name in re.findall(r"WELLBEING_[A-Z_]+", page)}
    assert named - set(SETTINGS) == set()


def test_every_command_is_documented() -> None:
    missing = [name for name in commands.commands if not documented(f"python -m wellbeing_app {name}")]
    assert missing == [], "name each in docs/ as `python -m wellbeing_app …`"


def test_every_goal_of_make_is_documented() -> None:
    missing = [name for name in goals() if not documented(f"make {name}")]
    assert missing == [], "name each in docs/ as `make …`"


def test_the_documented_goals_of_make_exist() -> None:
    named = {name for page in pages() for name in re.findall(r"\bmake ([a-z-]+)", as_code(page))}
    assert named - set(goals()) == set()


def test_prose_alone_does_not_document() -> None:
    page = "Run make soak, or `make check`.\n\n    make test\n\n```sh\nmake run\n```\n"
    assert sorted(as_code(page).split("\n")) == ["", "make check", "make run", "make test"]
