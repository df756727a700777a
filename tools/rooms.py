"""Draw docs/rooms.svg: the rooms of the house and which may use which, from the rules in pyproject.toml.

    python -m tools.rooms

What each room is for is the first sentence of its own docstring.
"""

from __future__ import annotations

import ast
import textwrap
import tomllib
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PICTURE = PROJECT / "docs" / "rooms.svg"
PACKAGE = PROJECT / "wellbeing_app"

WIDTH, MARGIN, GAP, INSET = 900, 16, 40, 14
HEADING, LINE = 36, 18
LETTER = 6.9  # an average width, for breaking lines


def layers() -> list[list[str]]:
    """The rooms that are there, floor by floor, the top first."""
    rules = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    floors = rules["tool"]["importlinter"]["contracts"][0]["layers"]
    named = [[room.strip(" ()") for room in floor.split("|")] for floor in floors]
    there = [[room for room in floor if room.isalpha() and source(room)] for floor in named]
    return [floor for floor in there if floor]


def source(room: str) -> Path | None:
    """The module in which a room says what it is."""
    both = (PACKAGE / room / "__init__.py", PACKAGE / f"{room}.py")
    return next((path for path in both if path.exists()), None)


def purpose(room: str) -> str:
    """The first paragraph of the room's docstring."""
    path = source(room)
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) if path else None
    return " ".join((text or "").split("\n\n")[0].split()).replace("`", "")


def draw() -> str:
    """The picture."""
    parts: list[str] = []
    top = MARGIN
    for floor in layers():
        if parts:
            parts.append(_arrow(top, top + GAP))
            top += GAP
        width = (WIDTH - (len(floor) + 1) * MARGIN) / len(floor)
        texts = [textwrap.wrap(purpose(room), int((width - 2 * INSET) / LETTER)) for room in floor]
        height = HEADING + LINE * max(map(len, texts)) + 6
        for number, (room, text) in enumerate(zip(floor, texts, strict=True)):
            parts += _room(room, text, (MARGIN + number * (width + MARGIN), top, width, height))
        top += height
    return "\n".join([_opening(top + MARGIN), *parts, "</svg>", ""])


def _opening(height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        ' font-family="system-ui, sans-serif">\n'
        "<title>The rooms of the house. Each may use those below it, and none above.</title>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    )


def _room(room: str, text: Sequence[str], box: tuple[float, int, float, int]) -> Iterator[str]:
    left, top, width, height = box
    yield (
        f'<rect x="{left:g}" y="{top}" width="{width:g}" height="{height}" rx="8"'
        ' fill="#e2f1ef" stroke="#00504b" stroke-width="1.5"/>'
    )
    yield _text(left + INSET, top + 27, room, 'font-size="18" font-weight="700" fill="#00504b"')
    for number, line in enumerate(text):
        yield _text(left + INSET, top + HEADING + 13 + LINE * number, line, 'font-size="14" fill="#141718"')


def _text(x: float, y: float, text: str, looks: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" {looks}>{escape(text, quote=False)}</text>'


def _arrow(start: int, end: int) -> str:
    shaft = f"M{WIDTH // 2} {start + 4}V{end - 4}m-7-8 7 8 7-8"
    return f'<path d="{shaft}" fill="none" stroke="#b35900" stroke-width="2"/>'


if __name__ == "__main__":
    PICTURE.write_text(draw(), "utf-8")
