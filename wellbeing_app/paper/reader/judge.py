"""What a row of boxes says: a value or a blank where that is sure, else "unsure".

To be unsure costs a look; to be wrong costs the truth. Boxes are compared within their row, and with the
page's own noise, never with one threshold for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from wellbeing_app.paper.reader.ink import Ink, Inked, px

Status = Literal["value", "blank", "unsure"]

LINE_MM: Final = 0.75  # the outline and as much beside it, which is not looked at
AROUND_MM: Final = 3.0
STRONG: Final = 0.36
WEAK: Final = 0.13
PALE: Final = 0.2
PALE_PAGE: Final = 0.55
AREA: Final = 0.45
STROKE_MM: Final = 1.9
TRACE_MM: Final = 0.9
FILLED: Final = 0.62
FILLED_OVER: Final = 0.6
CLEARLY_MORE: Final = 0.25
THIN_MM: Final = 2.5
SECTORS: Final = 24


@dataclass(frozen=True)
class BoxInk:
    """What is in and around one box. Lengths in mm of the largest connected stroke; shares from 0 to 1."""

    stroke: float
    strength: float
    trace: float
    trace_strength: float
    covered: float
    around: float
    around_sectors: int
    around_dark: float
    ends: tuple[float, float]
    keeps_in: bool = False

    @property
    def is_filled(self) -> bool:
        return self.covered >= FILLED and self.around_dark < 0.3

    @property
    def is_marked(self) -> bool:
        return self.is_filled or (self.stroke >= STROKE_MM and self.strength >= STRONG)

    @property
    def is_thinly_marked(self) -> bool:
        """A long thin or pale stroke that stays in its box: the edge of a stain passes through."""
        if self.is_marked or self.trace < THIN_MM:
            return False
        is_pale = self.keeps_in and self.trace_strength >= PALE
        return is_pale or (self.strength >= STRONG and self.around_sectors <= 2)

    @property
    def is_empty(self) -> bool:
        return self.trace < TRACE_MM and self.around < 1.5 and self.covered < 0.06 and self.around_dark < 0.12

    @property
    def is_only_written_beside(self) -> bool:
        """Nothing in it; some ink on one side of it, such as a word or the end of somebody's stroke."""
        return self.trace < TRACE_MM and self.covered < 0.06 and self.around_sectors <= SECTORS * 0.4

    @property
    def is_ringed(self) -> bool:
        return self.around_sectors >= SECTORS - 5 and self.trace < TRACE_MM and self.covered < 0.06


@dataclass(frozen=True)
class Verdict:
    """`value`: the column's, where `status` is "value"."""

    status: Status
    value: int | None = None


UNSURE, BLANK = Verdict("unsure"), Verdict("blank")


def rows(
    inked: Inked, boxes: Sequence[Mapping[str, Any]], offsets: Sequence[tuple[float, float]]
) -> dict[int, Verdict]:
    """Every row of the page."""
    noise = _noise(inked, boxes, offsets)
    found: dict[int, dict[int, BoxInk]] = {}
    for box, offset in zip(boxes, offsets, strict=True):
        found.setdefault(box["row"], {})[box["col"]] = _look(inked, box["rect_mm"], offset, noise)
    fills = _fills_to_answer(found.values())
    verdicts = {number: judge(row, fills_to_answer=fills) for number, row in found.items()}
    if BLANK in verdicts.values() and _has_faded(found, verdicts):
        return {number: UNSURE if verdict == BLANK else verdict for number, verdict in verdicts.items()}
    return verdicts


def judge(row: Mapping[int, BoxInk], *, fills_to_answer: bool) -> Verdict:
    """One row. A filled box beside a ticked one is a correction, unless this hand fills boxes to answer."""
    marked = [col for col, box in row.items() if box.is_marked]
    if not marked:
        return _without_mark(row)
    rest = [box for col, box in row.items() if col not in marked]
    if not all(box.is_empty or box.is_only_written_beside for box in rest):
        return UNSURE
    if len(marked) == 1:
        return Verdict("value", marked[0]) if _stands_alone(row[marked[0]]) else UNSURE
    return _corrected(row, marked) if len(marked) == 2 and not fills_to_answer else UNSURE


def _without_mark(row: Mapping[int, BoxInk]) -> Verdict:
    if all(box.is_empty for box in row.values()):
        return BLANK
    thin = [col for col, box in row.items() if box.is_thinly_marked]
    if len(thin) == 1 and all(
        box.trace < TRACE_MM / 2 and box.is_empty for col, box in row.items() if col != thin[0]
    ):
        return Verdict("value", thin[0])
    ringed = [col for col, box in row.items() if box.is_ringed]
    others_empty = all(box.is_empty for col, box in row.items() if col not in ringed)
    return Verdict("value", ringed[0]) if len(ringed) == 1 and others_empty else UNSURE


def _stands_alone(box: BoxInk) -> bool:
    """Not a line drawn through the whole row, of which only a part was seen."""
    return not (box.ends[0] and box.ends[1] and box.stroke >= 4.2 and box.covered < 0.16)


def _corrected(row: Mapping[int, BoxInk], marked: Sequence[int]) -> Verdict:
    out = [col for col in marked if row[col].covered >= FILLED_OVER]
    stands = [col for col in marked if col not in out]
    if len(out) != 1 or row[out[0]].covered - row[stands[0]].covered < CLEARLY_MORE:
        return UNSURE
    return Verdict("value", stands[0])


def _fills_to_answer(rows: Iterable[Mapping[int, BoxInk]]) -> bool:
    """Whether this hand answers by filling boxes, so that a filled one takes nothing back."""
    marks = [[box for box in row.values() if box.is_marked] for row in rows]
    single = [row[0].covered >= FILLED for row in marks if len(row) == 1]
    return sum(single) * 2 > len(single)


def _has_faded(found: Mapping[int, Mapping[int, BoxInk]], verdicts: Mapping[int, Verdict]) -> bool:
    """Whether a copier left so little of this hand's ink that an empty row may have been a ticked one."""
    remains = any(
        verdicts[number] == UNSURE and not any(box.is_marked for box in row.values())
        for number, row in found.items()
    )
    inky = [[box.trace_strength for box in row.values() if box.trace >= TRACE_MM] for row in found.values()]
    return remains and float(np.median([max(row) for row in inky if row] or [0])) < PALE_PAGE


def _noise(inked: Inked, boxes: Sequence[Mapping[str, Any]], offsets: Sequence[tuple[float, float]]) -> float:
    """How strong the strongest grain is in boxes that nobody marked: of each row the emptiest three."""
    strongest: dict[int, list[float]] = {}
    for box, offset in zip(boxes, offsets, strict=True):
        inner = _inside(inked.strokes, box["rect_mm"], offset)
        strongest.setdefault(box["row"], []).append(float(np.percentile(inner, 99)) if inner.size else 1.0)
    return float(np.median([value for row in strongest.values() for value in sorted(row)[:3]]))


def _inside(ink: Ink, rect: Sequence[float], offset: tuple[float, float]) -> Ink:
    x, y = rect[0] + offset[0], rect[1] + offset[1]
    return ink[px(y + LINE_MM) : px(y + rect[3] - LINE_MM), px(x + LINE_MM) : px(x + rect[2] - LINE_MM)]


def _look(inked: Inked, rect: Sequence[float], offset: tuple[float, float], noise: float) -> BoxInk:
    strokes, dark = _inside(inked.strokes, rect, offset), _inside(inked.dark, rect, offset)
    if not strokes.size:
        return BoxInk(9, 1, 9, 1, 1, 9, 0, 1, (0, 0))
    stroke, strength = _longest(strokes, max(STRONG, 2.2 * noise))
    weak = max(WEAK, 1.6 * noise)
    trace, trace_strength = _longest(strokes, weak)
    covered = float((dark > AREA).mean())
    if covered > 0.3:  # a filled box has no thin strokes; its own ink says how strong
        stroke, strength = max(stroke, 4.0 * covered), max(strength, float(dark[dark > AREA].mean()))
        trace = max(trace, stroke)
    ring, sectors, ring_dark, ends = _around(inked, rect, offset, max(STRONG, 2.2 * noise))
    keeps_in = trace >= THIN_MM and _around(inked, rect, offset, weak)[0] < TRACE_MM
    return BoxInk(stroke, strength, trace, trace_strength, covered, ring, sectors, ring_dark, ends, keeps_in)


def _longest(ink: Ink, level: float) -> tuple[float, float]:
    """The largest connected stroke above `level`: its extent in mm, and how strong it is."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > level).astype(np.uint8), connectivity=8)
    if count < 2:
        return 0.0, 0.0
    extents = np.hypot(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    best = int(np.argmax(extents))
    strength = float(np.percentile(ink[labels == best + 1], 75))
    return float(extents[best]) / px(10) * 10, strength


def _around(
    inked: Inked, rect: Sequence[float], offset: tuple[float, float], level: float
) -> tuple[float, int, float, tuple[float, float]]:
    """Around a box: its longest stroke, in how many directions, how dark it is, what leaves sideways."""
    left, top = px(rect[0] + offset[0] - AROUND_MM), px(rect[1] + offset[1] - AROUND_MM)
    width, height = px(rect[2] + 2 * AROUND_MM), px(rect[3] + 2 * AROUND_MM)
    top, left = max(0, top), max(0, left)
    strokes = inked.strokes[top : top + height, left : left + width]
    dark = inked.dark[top : top + height, left : left + width]
    outside = _frame(strokes.shape)
    inky = (strokes > level) & outside
    length, _ = _longest(np.where(outside, strokes, 0).astype(np.float32), level)
    rows, columns = np.nonzero(inky)
    angles = np.arctan2(rows - strokes.shape[0] / 2, columns - strokes.shape[1] / 2)
    sectors = (
        len(np.unique(((angles + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS)) if len(rows) else 0
    )
    edge = px(0.8)
    middle = slice(px(AROUND_MM), strokes.shape[0] - px(AROUND_MM))
    sides = (float(inky[middle, :edge].any()), float(inky[middle, -edge:].any()))
    return length, sectors, float(np.median(dark[outside])), sides


def _frame(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    frame = np.ones(shape, np.bool_)
    inset = px(AROUND_MM - 0.45)
    frame[inset:-inset, inset:-inset] = False
    return frame
