"""A form that somebody filled in: which style in which row, and what is right to say of each."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.support.scans import hands
from tests.support.scans.hands import CLEAR, Hand, Mark, Page, Pen, Rect

PENS = (
    Pen((20, 20, 20), 0.5),
    Pen((25, 25, 30), 0.35),
    Pen((130, 50, 20), 0.5),
    Pen((150, 70, 30), 0.4),
    Pen((30, 30, 30), 0.9),
    Pen((60, 60, 65), 0.5, 0.85),
    Pen((40, 40, 190), 0.5),
)
PENCIL = Pen((110, 110, 112), 0.5, 0.5)
STYLES = (
    *((name, 14.0) for name in CLEAR),
    ("blank", 9.0),
    ("ring", 4.0),
    ("corrected", 5.0),
    ("scribbled out", 3.0),
    ("struck out", 2.0),
    ("faint", 4.0),
    ("beside", 3.0),
    ("dot too", 3.0),
    ("words beside", 4.0),
    ("two ticks", 3.0),
    ("line through", 2.0),
)
UNDECIDABLE = ("two ticks", "line through")
SOFT = ("ring", "struck out", "faint", "beside", "dot too")


@dataclass(frozen=True)
class Row:
    """How a row was filled in, and its value; None: blank. `UNDECIDABLE` ones have none that can be read."""

    style: str
    value: int | None

    def is_misread(self, status: str, value: int | None) -> bool:
        """Whether what a reader states is wrong; to be unsure never is."""
        if status == "unsure":
            return False
        if self.style in UNDECIDABLE:
            return True
        return (status, value) != (("blank", None) if self.value is None else ("value", self.value))

    @property
    def is_clear(self) -> bool:
        return self.style not in UNDECIDABLE and self.style not in SOFT


@dataclass
class Filler:
    """Fills in forms of one layout, from a seed."""

    layout: dict[str, Any]
    blank: Page
    chance: random.Random = field(default_factory=random.Random)
    pencil_survives: bool = True

    def fill(self) -> tuple[Page, dict[int, Row]]:
        """A page at 300 dpi and what its rows say. One hand with its habit fills in a whole form."""
        page = self.blank.copy()
        pens = [pen for pen in PENS if self.pencil_survives or pen.pressure == 1]
        hand = Hand(self.chance, page, self.chance.choice(pens))
        habit = self.chance.choice(list(CLEAR))
        rows = sorted({box["row"] for box in self.layout["boxes"]})
        return page, {row: self._row(hand, row, habit) for row in rows}

    def _row(self, hand: Hand, row: int, habit: str) -> Row:
        boxes = {box["col"]: tuple(box["rect_mm"]) for box in self.layout["boxes"] if box["row"] == row}
        value = self.chance.choice(sorted(boxes))
        styles = [each for each in STYLES if self.pencil_survives or each[0] != "faint"]
        names, weights = zip(*styles, strict=True)
        style = habit if self.chance.random() < 0.4 else self.chance.choices(names, weights)[0]
        return self.draw(hand, boxes, style, value)

    def draw(self, hand: Hand, boxes: dict[int, Rect], style: str, value: int) -> Row:
        """Draw one row in a style; the value it then has."""
        other = boxes[self.chance.choice([col for col in boxes if col != value])]
        usual = CLEAR[self.chance.choice(["tick", "cross", "big tick"])]
        if style == "line through":
            _line_through(hand, boxes)
        elif style != "blank":
            for mark, box in _marks(style, usual, boxes[value], other):
                mark(hand, box)
        return Row(style, None if style == "blank" else value)


def _marks(style: str, usual: Mark, box: Rect, other: Rect) -> list[tuple[Mark, Rect]]:
    """What is drawn where, in order: the answer is `box`, and something else may happen to `other`."""
    drawn: dict[str, list[tuple[Mark, Rect]]] = {
        "ring": [(hands.ring, box)],
        "corrected": [(hands.fill, other), (usual, box)],
        "scribbled out": [(hands.scribble, other), (usual, box)],
        "struck out": [(usual, other), (hands.strike, other), (usual, box)],
        "faint": [(_in_pencil, box)],
        "beside": [(hands.beside, box)],
        "dot too": [(usual, box), (hands.dot, other)],
        "words beside": [(hands.words_beside, other), (usual, box)],
        "two ticks": [(usual, box), (usual, other)],
    }
    return drawn.get(style) or [(CLEAR[style], box)]


def _in_pencil(hand: Hand, box: Rect) -> None:
    hands.tick(Hand(hand.chance, hand.page, PENCIL), box)


def _line_through(hand: Hand, boxes: dict[int, Rect]) -> None:
    low, high = sorted((boxes[min(boxes)][0], boxes[max(boxes)][0]))
    y = boxes[min(boxes)][1]
    hand.line([(low - 3, y + 3), ((low + high) / 2, y + 3.4), (high + 9, y + 2.8)])
