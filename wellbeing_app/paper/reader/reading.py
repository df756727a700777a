"""One file: its pages found, straightened and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import cv2

from wellbeing_app.paper import codes
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.paper.reader import find, ink, judge
from wellbeing_app.paper.reader.judge import Verdict
from wellbeing_app.paper.reader.pictures import Grey, Refused, pages

Layouts = Callable[[SheetCode | None], dict[str, Any] | None]
"""The layout of the form that a code names, if known; without a code any: all have the same corners."""


@dataclass(frozen=True)
class PageRead:
    """A page that was read, or refused with a reason. `straight`: the page as printed, for its crops."""

    number: int
    status: Literal["read", "refused"]
    reason: str = ""
    code: SheetCode | None = None
    text: str | None = None
    rows: dict[int, Verdict] = field(default_factory=dict)
    straight: Grey | None = None
    layout: dict[str, Any] | None = None


def read(content: bytes, layouts: Layouts, skip: int = 0) -> Iterator[PageRead]:
    """Each page of a file after the first `skip`. Whatever is in it: answers, never an error."""
    number = skip
    try:
        for number, picture in enumerate(pages(content, skip), start=skip + 1):
            if isinstance(picture, Refused):
                yield PageRead(number, "refused", picture.reason)
            else:
                yield read_page(picture, layouts, number)
    except Refused as refused:
        yield PageRead(number + 1, "refused", refused.reason)


def read_page(picture: Grey, layouts: Layouts, number: int = 1) -> PageRead:
    """One picture."""
    try:
        return _read(picture, layouts, number)
    except Refused as refused:
        return PageRead(number, "refused", refused.reason)
    except (cv2.error, ArithmeticError, ValueError, MemoryError):
        return PageRead(number, "refused", "broken")


def _read(picture: Grey, layouts: Layouts, number: int) -> PageRead:
    seen = find.look(picture)
    text = seen.code
    code = codes.parse(text) if text else None
    layout = layouts(code)
    if layout is None and seen.marks:
        layout = layouts(None)
    if layout is None:
        raise Refused("unknown_form")
    sheet = code.page if code else 1
    matrix = find.place(seen, layout, sheet)
    straight = find.straightened(picture, matrix, layout["page_mm"])
    if text is None:
        text = _code_of(straight, layout, sheet)
        code = codes.parse(text) if text else None
        if code is not None:
            layout = layouts(code)
            if layout is None:
                raise Refused("unknown_form")
    boxes = [box for box in layout["boxes"] if box.get("page", 1) == (code.page if code else 1)]
    if not boxes:  # the first page of a larger form only explains
        return PageRead(number, "read", "", code, text, {}, straight, layout)
    inked = ink.of_page(straight, layout, boxes, sheet)
    verdicts = judge.rows(inked, boxes, ink.settled(inked, boxes))
    return PageRead(number, "read", "", code, text, verdicts, straight, layout)


def _code_of(straight: Grey, layout: dict[str, Any], sheet: int) -> str | None:
    for place in layout.get("qr", []):
        if place.get("page", 1) == sheet:
            return find.code_in(straight, place["rect_mm"]) or find.code_anywhere(straight)
    return None
