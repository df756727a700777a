"""Where each box, mark and code of a printed form is, in mm, read from the very render that is printed.

A reader of scans measures from this, so a layout never changes: a form that moved is another version of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

MM_PER_PX: Final = 25.4 / 96

Rect = tuple[float, float, float, float]


class LayoutBroken(ValueError):
    """The form was laid out so that it cannot be read back: the message says what is wrong."""


@dataclass(frozen=True)
class Box:
    """An answer's box: `row` 1 to 8 in the order asked, `col` the score it stands for, wherever it is."""

    row: int
    col: int
    page: int
    rect_mm: Rect


@dataclass(frozen=True)
class Place:
    """A mark (by its number) or a code's place (by its page). [x, y, width, height] from the top left."""

    id: int
    page: int
    rect_mm: Rect


@dataclass(frozen=True)
class Layout:
    """One version of one form in one language. `measures` are the keys of its rows, in order."""

    form: str
    version: int
    language: str
    direction: str
    pages: int
    page_mm: tuple[float, float]
    measures: tuple[str, ...]
    boxes: tuple[Box, ...]
    marks: tuple[Place, ...]
    qr: tuple[Place, ...]
    code: tuple[Place, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON, with the fingerprint."""
        return {**json.loads(json.dumps(asdict(self))), "fingerprint": self.fingerprint()}

    def fingerprint(self) -> str:
        """The same for the same places (SHA-256 of them, to a hundredth of a millimetre)."""
        canonical = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


def of_pages(
    pages: list[Any], form: str, version: int, language: str, direction: str, measures: tuple[str, ...]
) -> Layout:
    """The layout of WeasyPrint's laid-out pages; raises `LayoutBroken`.

    It reads WeasyPrint's own tree of boxes, which is not a promised interface: the version is pinned, and a
    test marks each box and reads it back.
    """
    found: dict[str, list[Any]] = {"boxes": [], "marks": [], "qr": [], "code": []}
    for number, page in enumerate(pages, start=1):
        for kind, item in _named(page, number):
            found[kind].append(item)
    size = (round(pages[0].width * MM_PER_PX, 2), round(pages[0].height * MM_PER_PX, 2))
    sorted_out = {kind: tuple(sorted(items, key=_order)) for kind, items in found.items()}
    layout = Layout(form, version, language, direction, len(pages), size, measures, **sorted_out)
    _check(layout)
    return layout


def _named(page: Any, number: int) -> Iterator[tuple[str, Box | Place]]:
    for box in page._page_box.descendants(placeholders=True):
        element = getattr(box, "element", None)
        if element is None or box.element_tag != element.tag:
            continue
        told = element.attrib
        if "data-row" in told:
            yield "boxes", Box(int(told["data-row"]), int(told["data-col"]), number, _rect(box))
        for kind, name in (("marks", "data-mark"), ("qr", "data-qr"), ("code", "data-code")):
            if name in told:
                yield kind, Place(int(told[name]), number, _rect(box))


def _rect(box: Any) -> Rect:
    corner_and_size = (box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height())
    x, y, width, height = (round(value * MM_PER_PX, 2) for value in corner_and_size)
    return x, y, width, height


def _order(item: Box | Place) -> tuple[int, int, int]:
    return (item.page, item.row, item.col) if isinstance(item, Box) else (item.page, item.id, 0)


def _check(layout: Layout) -> None:
    """Every row has its boxes once, every page its four marks and its code, and all of it is on the paper."""
    columns = {box.col for box in layout.boxes}
    wanted = {(row, col) for row in range(1, len(layout.measures) + 1) for col in columns}
    if not columns or sorted((box.row, box.col) for box in layout.boxes) != sorted(wanted):
        raise LayoutBroken("There is not one box for each answer.")
    for page in {box.page for box in layout.boxes}:
        if [mark.id for mark in layout.marks if mark.page == page] != [0, 1, 2, 3]:
            raise LayoutBroken(f"Page {page} has not its four marks.")
        if not any(place.page == page for place in layout.qr):
            raise LayoutBroken(f"Page {page} has no place for its code.")
    width, height = layout.page_mm
    things: tuple[Box | Place, ...] = (*layout.boxes, *layout.marks, *layout.qr)
    for item in things:
        x, y, wide, high = item.rect_mm
        if x < 0 or y < 0 or x + wide > width or y + high > height:
            raise LayoutBroken(f"Something on page {item.page} is off the paper.")
