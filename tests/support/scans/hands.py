"""Marks as hands make them, drawn on a page at 300 dpi: each style with what a person would read from it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Page = NDArray[np.uint8]
Rect = tuple[float, float, float, float]
PX_PER_MM = 300 / 25.4
SHIFT = 4  # cv2 draws in sixteenths of a pixel


@dataclass(frozen=True)
class Pen:
    """`colour` as BGR, `width` in mm, `pressure` how much of it reaches the paper (1 all)."""

    colour: tuple[int, int, int]
    width: float
    pressure: float = 1.0


@dataclass
class Hand:
    """Somebody with a pen."""

    chance: random.Random
    page: Page
    pen: Pen

    def line(self, points: list[tuple[float, float]], pen: Pen | None = None) -> None:
        """A stroke through these points (mm), a little unsteady."""
        pen = pen or self.pen
        smooth = _smooth(
            [(x + self.chance.gauss(0, 0.12), y + self.chance.gauss(0, 0.12)) for x, y in points]
        )
        pixels = np.round(np.array(smooth) * PX_PER_MM * 2**SHIFT).astype(np.int32)
        thickness = max(1, round(pen.width * PX_PER_MM))
        left, top, right, bottom = _reach(pixels, thickness, self.page.shape)
        layer = np.zeros((bottom - top, right - left), np.uint8)
        moved = pixels - (np.array([left, top]) << SHIFT).astype(np.int32)
        cv2.polylines(layer, [moved], False, 255, thickness, cv2.LINE_AA, SHIFT)
        self._ink(layer, self.page[top:bottom, left:right], pen)

    def _ink(self, layer: NDArray[np.uint8], paper: Page, pen: Pen) -> None:
        weight = (layer.astype(np.float32) / 255 * pen.pressure)[..., None]
        if pen.pressure < 1:  # pencil catches on the paper's grain
            grain = np.random.default_rng(self.chance.getrandbits(32)).random(weight.shape)
            weight = weight * (0.6 + 0.4 * grain).astype(np.float32)
        paper[:] = (paper * (1 - weight) + np.array(pen.colour, np.float32) * weight).astype(np.uint8)


def _reach(pixels: NDArray[np.int32], thickness: int, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what a stroke can touch, on the page."""
    left, top = np.maximum((pixels.min(axis=0) >> SHIFT) - thickness - 2, 0)
    right, bottom = np.minimum((pixels.max(axis=0) >> SHIFT) + thickness + 3, (shape[1], shape[0]))
    return int(left), int(top), max(int(left), int(right)), max(int(top), int(bottom))


def _smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same path with its corners rounded (Chaikin)."""
    for _ in range(2):
        rounded = [points[0]]
        for (x, y), (u, v) in itertools.pairwise(points):
            rounded += [(0.8 * x + 0.2 * u, 0.8 * y + 0.2 * v), (0.2 * x + 0.8 * u, 0.2 * y + 0.8 * v)]
        points = [*rounded, points[-1]]
    return points


def _within(hand: Hand, rect: Rect, *at: tuple[float, float]) -> list[tuple[float, float]]:
    """Places in a box, as shares of its width and height, a little beside."""
    x, y, width, height = rect
    dx, dy = hand.chance.gauss(0, 0.05), hand.chance.gauss(0, 0.05)
    return [(x + width * (u + dx), y + height * (v + dy)) for u, v in at]


def tick(hand: Hand, rect: Rect) -> None:
    hand.line(_within(hand, rect, (0.15, 0.5), (0.4, 0.85), (0.95, 0.1)))


def big_tick(hand: Hand, rect: Rect) -> None:
    hand.line(_within(hand, rect, (-0.1, 0.4), (0.35, 1.05), (1.4, -0.4)))


def cross(hand: Hand, rect: Rect) -> None:
    hand.line(_within(hand, rect, (0.1, 0.1), (0.9, 0.9)))
    hand.line(_within(hand, rect, (0.9, 0.1), (0.1, 0.9)))


def small_cross(hand: Hand, rect: Rect) -> None:
    hand.line(_within(hand, rect, (0.3, 0.3), (0.72, 0.72)))
    hand.line(_within(hand, rect, (0.72, 0.3), (0.3, 0.72)))


def slash(hand: Hand, rect: Rect) -> None:
    hand.line(_within(hand, rect, (0.15, 0.9), (0.85, 0.1)))


def fill(hand: Hand, rect: Rect) -> None:
    steps = 9
    path = [(0.08 + 0.84 * (step % 2), 0.08 + 0.84 * step / steps) for step in range(steps + 1)]
    hand.line(_within(hand, rect, *path), Pen(hand.pen.colour, 0.9, hand.pen.pressure))


def scribble(hand: Hand, rect: Rect) -> None:
    path = [(hand.chance.uniform(-0.05, 1.05), hand.chance.uniform(-0.05, 1.05)) for _ in range(28)]
    hand.line(_within(hand, rect, *path), Pen(hand.pen.colour, max(0.6, hand.pen.width), hand.pen.pressure))


def ring(hand: Hand, rect: Rect) -> None:
    angles = np.linspace(0, 2 * np.pi, 14)
    radius = hand.chance.uniform(0.75, 1.0)
    path = [(0.5 + radius * np.cos(a), 0.5 + radius * np.sin(a)) for a in angles]
    hand.line(_within(hand, rect, *path))


def strike(hand: Hand, rect: Rect) -> None:
    hand.line(_within(hand, rect, (-0.4, 0.5), (1.4, 0.5)))


def dot(hand: Hand, rect: Rect) -> None:
    (at,) = _within(hand, rect, (hand.chance.uniform(0.2, 0.8), hand.chance.uniform(0.2, 0.8)))
    hand.line([at, (at[0] + 0.15, at[1] + 0.1)])


def beside(hand: Hand, rect: Rect) -> None:
    """A tick that half misses its box."""
    shift, side = hand.chance.uniform(0.45, 0.7), hand.chance.choice([(1, 0), (-1, 0), (0, 1), (0, -1)])
    x, y, width, height = rect
    tick(hand, (x + side[0] * shift * width, y + side[1] * shift * height, width, height))


def words_beside(hand: Hand, rect: Rect) -> None:
    """Handwriting well outside the box, above the row's line."""
    x, y = rect[0] - 9, rect[1] + 8.5
    for letter in range(hand.chance.randint(4, 9)):
        at = x + letter * 2.2
        hand.line([(at, y), (at + 0.8, y - 1.8), (at + 1.2, y), (at + 1.9, y - 1)])


Mark = Callable[[Hand, Rect], None]
CLEAR: Mapping[str, Mark] = {
    "tick": tick,
    "big tick": big_tick,
    "cross": cross,
    "small cross": small_cross,
    "slash": slash,
    "filled": fill,
}
