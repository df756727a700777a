"""How much ink is where: of a straightened page, strokes and areas, relative to the printed black."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from wellbeing_app.paper.reader.find import PX_PER_MM
from wellbeing_app.paper.reader.pictures import Grey

Ink = NDArray[np.float32]

PAPER_KERNEL_MM: Final = 11.0
STROKE_KERNEL_MM: Final = 2.2
SEARCH_MM: Final = 2.6
FIT_TOLERANCE_MM: Final = 0.5
BESIDE_MM: Final = 8.0
STEPS: Final = 200
"""Of grey between paper and printed black."""


def px(mm: float) -> int:
    """Whole pixels."""
    return round(mm * PX_PER_MM)


@dataclass(frozen=True)
class Inked:
    """`dark`: 0 paper to 1 printed black, for areas; `strokes`: only what is thinner than a thick pen."""

    dark: Ink
    strokes: Ink


def of_page(page: Grey, layout: dict[str, Any], boxes: list[dict[str, Any]], number: int = 1) -> Inked:
    """Relative to the paper around each place and to the black of the corner marks.

    Only where the boxes are: the rest of the page counts as empty.
    """
    paper = _paper(page)
    black = _black(page, paper, layout, number)
    area = _area(boxes, page.shape)
    dark = np.zeros(page.shape[:2], np.float32)
    dark[area] = np.minimum(_darkness(page[area], paper[area]) / black, 1.2)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (px(STROKE_KERNEL_MM), px(STROKE_KERNEL_MM)))
    strokes = np.zeros_like(dark)
    in_bytes = cv2.convertScaleAbs(dark[area], alpha=STEPS)  # four times as quick as with real numbers
    strokes[area] = dark[area] - cv2.morphologyEx(in_bytes, cv2.MORPH_OPEN, kernel) * np.float32(1 / STEPS)
    return Inked(dark, strokes)


def _area(boxes: list[dict[str, Any]], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Around all boxes, as wide as anything is looked for."""
    lefts, tops, widths, heights = zip(*(box["rect_mm"] for box in boxes), strict=True)
    rights = [left + width for left, width in zip(lefts, widths, strict=True)]
    bottoms = [top + height for top, height in zip(tops, heights, strict=True)]
    down = slice(max(0, px(min(tops) - BESIDE_MM)), min(shape[0], px(max(bottoms) + BESIDE_MM)))
    return down, slice(max(0, px(min(lefts) - BESIDE_MM)), min(shape[1], px(max(rights) + BESIDE_MM)))


def _darkness(page: Grey, paper: Ink) -> Ink:
    darkness = 1 - page.astype(np.float32) / paper
    np.clip(darkness, 0, 1, out=darkness)
    return cast(Ink, cv2.GaussianBlur(darkness, (0, 0), 0.8))


def _paper(page: Grey) -> Ink:
    """How white the paper is around each place: what remains when everything narrower is filled up."""
    small = cv2.resize(page, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    side = px(PAPER_KERNEL_MM) // 4 | 1
    closed = cv2.morphologyEx(
        cv2.GaussianBlur(small, (0, 0), 1), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)
    )
    smooth = np.maximum(cv2.GaussianBlur(closed, (0, 0), side / 4).astype(np.float32), 20)
    return cast(Ink, cv2.resize(smooth, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR))


def _black(page: Grey, paper: Ink, layout: dict[str, Any], number: int) -> float:
    """How dark the black border of the corner marks is."""
    levels = []
    for mark in layout.get("marks", []):
        if mark.get("page", 1) != number:
            continue
        x, y, width, height = mark["rect_mm"]
        cell = width / 6
        for left, top in ((x, y), (x, y + height - cell)):
            across = slice(px(left + cell), px(left + width - cell))
            border = np.s_[px(top + cell / 4) : px(top + 3 * cell / 4), across]
            if page[border].size:
                levels.append(float(np.median(_darkness(page[border], paper[border]))))
    return float(np.clip(np.percentile(levels, 75) if levels else 1.0, 0.25, 1.0))


def settled(inked: Inked, boxes: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """By how many mm each box lies off its place on this page: paper curls, copiers stretch.

    Every outline is searched for nearby, and one smooth sheet laid through what was found.
    """
    half = cast(Ink, cv2.resize(inked.dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    found = np.array([_outline(half, box["rect_mm"]) for box in boxes], np.float64)
    centres = np.array(
        [(b["rect_mm"][0] + b["rect_mm"][2] / 2, b["rect_mm"][1] + b["rect_mm"][3] / 2) for b in boxes]
    )
    terms = _terms(centres)
    keep = found[:, 2] > 0.35
    offsets = np.zeros((len(boxes), 2))
    for _ in range(4):
        if keep.sum() < 10:
            return [(0.0, 0.0)] * len(boxes)
        solution, *_ = np.linalg.lstsq(terms[keep], found[keep, :2], rcond=None)
        offsets = terms @ solution
        off = np.linalg.norm(found[:, :2] - offsets, axis=1)
        keep = (found[:, 2] > 0.35) & (off < max(FIT_TOLERANCE_MM, 2.5 * float(np.median(off[keep]))))
    return [(float(dx), float(dy)) for dx, dy in offsets]


def _terms(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = (centres[:, 0] - 105) / 100, (centres[:, 1] - 148) / 140
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)


def _outline(half: Ink, rect: Any) -> tuple[float, float, float]:
    """The offset (mm) at which a box's outline fits best, and how well (-1 to 1)."""
    scale = PX_PER_MM / 2
    template = _template(float(rect[2]), float(rect[3]), scale)
    margin = round(SEARCH_MM * scale)
    left = round((rect[0] + rect[2] / 2) * scale - template.shape[1] / 2) - margin
    top = round((rect[1] + rect[3] / 2) * scale - template.shape[0] / 2) - margin
    area = half[
        max(0, top) : top + template.shape[0] + 2 * margin,
        max(0, left) : left + template.shape[1] + 2 * margin,
    ]
    if area.shape[0] < template.shape[0] or area.shape[1] < template.shape[1]:
        return 0.0, 0.0, 0.0
    fits = cv2.matchTemplate(area, template, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(fits)
    exact_x, exact_y = x + _between(fits[y, :], x), y + _between(fits[:, x], y)
    at_x = max(0, left) + exact_x + template.shape[1] / 2
    at_y = max(0, top) + exact_y + template.shape[0] / 2
    return at_x / scale - rect[0] - rect[2] / 2, at_y / scale - rect[1] - rect[3] / 2, float(best)


def _between(values: NDArray[Any], at: int) -> float:
    """Where between the pixels the peak is (a parabola through three)."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else 0.5 * (before - after) / bend


@cache
def _template(width: float, height: float, scale: float) -> Ink:
    margin, line, fine = 1.0, 0.35, 8
    size = round((width + 2 * margin) * scale), round((height + 2 * margin) * scale)
    drawn = np.zeros((size[1] * fine, size[0] * fine), np.float32)
    ends = [
        (round((size[0] / 2 - width * scale / 2) * fine), round((size[1] / 2 - height * scale / 2) * fine)),
        (round((size[0] / 2 + width * scale / 2) * fine), round((size[1] / 2 + height * scale / 2) * fine)),
    ]
    cv2.rectangle(drawn, ends[0], ends[1], 1, -1)
    inset = round(line * scale * fine)
    cv2.rectangle(
        drawn, (ends[0][0] + inset, ends[0][1] + inset), (ends[1][0] - inset, ends[1][1] - inset), 0, -1
    )
    small = cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)
    # The middle says nothing: there may be a mark in it.
    return cast(Ink, cv2.GaussianBlur(small, (0, 0), 0.7))
