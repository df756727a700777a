"""What was read, as plain facts: one for each page."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any, Final

import cv2

from wellbeing_app.paper import sheets, words
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.paper.reader import find, pictures, reading
from wellbeing_app.paper.reader.find import PX_PER_MM
from wellbeing_app.paper.reader.pictures import Refused
from wellbeing_app.paper.reader.reading import PageRead

Layout = dict[str, Any]
ABOVE_MM: Final = 6.5
BELOW_MM: Final = 4.5
BESIDE_MM: Final = 10.0

cv2.setNumThreads(1)


def of_content(
    content: bytes, layouts: Sequence[Layout], *, skip: int = 0, crops: bool = False
) -> Iterator[dict[str, Any]]:
    """One entry for each page after the first `skip`: see docs/reading.md for its keys."""
    for page in reading.read(content, lambda code: _chosen(layouts, code), skip):
        yield {**_told(page), **({"crops": _crops(page)} if crops else {})}


def count(content: bytes) -> int:
    """How many pages a file has; 1 where it cannot be opened."""
    try:
        return pictures.count(content)
    except Refused:
        return 1


def code_of(content: bytes) -> str | None:
    """The text of the first code of a form on the first page."""
    try:
        first = next(pictures.pages(content))
    except (Refused, StopIteration):
        return None
    return None if isinstance(first, Refused) else find.any_code(first)


def _chosen(layouts: Sequence[Layout], code: SheetCode | None) -> Layout | None:
    """The layout that a code names; without a code, or among layouts with no name, the first."""
    if code is None or not all("form" in layout for layout in layouts):
        return layouts[0] if layouts else None
    return next((layout for layout in layouts if _names(layout, code)), None)


def _names(layout: Layout, code: SheetCode) -> bool:
    sheet = sheets.BY_LETTER.get(code.form)
    if sheet is None or (layout.get("form"), layout.get("version")) != (sheet.name, code.version):
        return False
    # One layout does for all languages that run the same way.
    return layout.get("direction") == words.direction(code.language)


def _told(page: PageRead) -> dict[str, Any]:
    code = page.code
    return {
        "page": page.number,
        "status": page.status,
        "reason": page.reason,
        "text": page.text,
        "token": code.token if code else None,
        "form": code.form if code else None,
        "version": code.version if code else None,
        "language": code.language if code else None,
        "rows": [
            {"row": row, "status": verdict.status, "value": verdict.value}
            for row, verdict in sorted(page.rows.items())
        ],
    }


def _crops(page: PageRead) -> dict[int, str]:
    """Each row of boxes as a small picture, the size of a screen."""
    if page.straight is None or page.layout is None:
        return {}
    found = {}
    for row in page.rows:
        rects = [box["rect_mm"] for box in page.layout["boxes"] if box["row"] == row]
        left, right = min(x for x, *_ in rects) - BESIDE_MM, max(x + w for x, _, w, _ in rects) + BESIDE_MM
        top, bottom = rects[0][1] - ABOVE_MM, rects[0][1] + rects[0][3] + BELOW_MM
        px = [max(0, round(value * PX_PER_MM)) for value in (top, bottom, left, right)]
        _, png = cv2.imencode(".png", page.straight[px[0] : px[1], px[2] : px[3]])
        found[row] = base64.b64encode(png.tobytes()).decode()
    return found
