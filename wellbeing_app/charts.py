"""Scores to points: the geometry of the star chart and of the dumbbell, and nothing else.

All trigonometry of the project is here. The browser has none: it reads the points out of the rings
that the star macro drew, so a star filled offline is the star filled by the server, string for
string (`tests/vectors/star.json`). Numbers leave as finished strings for SVG attributes.

Right-to-left: the star looks the same in every language, like a clock face. The dumbbell's scale is
read along the line, so it starts where the language starts (`Scale.mirrored`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import cos, pi, sin
from typing import Self

Score = int | None
"""A score counts from 1; `None` is a missing answer and is never drawn."""

INNER = STEP = 28
"""Radius of the ring of score 1, and the distance to the next: five scores alike are a shape, not a dot."""
MARGIN = 36
"""Room outside the outer ring for the axes' numbers."""
BESIDE = 8
"""How far outside its ring a ring's number stands, so that a line along the ring leaves it free."""
PLACES = ("top", "top-end", "end", "bottom-end", "bottom", "bottom-start", "start", "top-start")
"""Where labels can stand around the star, clockwise; `end` is the picture's right in every language."""


def number(value: float) -> str:
    """The one spelling of a coordinate: at most one decimal, no `-0`, no `300.0`."""
    rounded = round(value, 1) + 0.0
    return f"{rounded:.0f}" if rounded.is_integer() else f"{rounded:.1f}"


@dataclass(frozen=True)
class Point:
    """A place in the picture; `str` gives it as SVG wants it in a list of points."""

    x: str
    y: str

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


@dataclass(frozen=True)
class Ring:
    """All the points where one score can stand, the first axis first; its number stands beside it."""

    score: int
    points: tuple[Point, ...]
    label: Point

    @property
    def outline(self) -> str:
        """For the `points` of a polygon."""
        return " ".join(map(str, self.points))


@dataclass(frozen=True)
class Axis:
    """One measure's line from the centre, numbered from 1 as in the list of labels.

    Up to eight axes each have a `place` of their own.
    """

    number: int
    outer: Point
    label: Point
    place: str


@dataclass(frozen=True)
class Series:
    """One occasion on the star: a line that breaks where an answer is missing, and its marks."""

    path: str
    marks: tuple[Point | None, ...]


@dataclass(frozen=True)
class Star:
    """The empty star: rings, axes, and the way to lay an occasion's scores on it."""

    size: str
    centre: Point
    rings: tuple[Ring, ...]
    axes: tuple[Axis, ...]

    def series(self, scores: Sequence[Score]) -> Series:
        """One occasion's scores, one for each axis and in the same order.

        Raises ValueError for a score that has no ring, or for more or fewer scores than axes.
        """
        if len(scores) != len(self.axes):
            raise ValueError(f"{len(self.axes)} axes, but {len(scores)} scores")
        marks = tuple(self._mark(axis, score) for axis, score in enumerate(scores))
        return Series(_outline(marks), marks)

    def _mark(self, axis: int, score: Score) -> Point | None:
        if score is None:
            return None
        if not 1 <= score <= len(self.rings):
            raise ValueError(f"no ring for a score of {score}")
        return self.rings[score - 1].points[axis]


@cache
def star(axes: int, rings: int) -> Star:
    """The empty star for so many measures and so many points on each; at least three axes.

    The first axis points up, the others follow clockwise.
    """
    if axes < 3 or rings < 1:
        raise ValueError("a star needs at least three axes and one ring")
    outer = INNER + STEP * (rings - 1)
    middle = outer + MARGIN
    polar = _Polar(middle, axes)
    return Star(
        size=number(2 * middle),
        centre=Point(number(middle), number(middle)),
        rings=tuple(_ring(polar, score) for score in range(1, rings + 1)),
        axes=tuple(_axis(polar, axis, outer) for axis in range(axes)),
    )


@dataclass(frozen=True)
class _Polar:
    middle: float
    axes: int

    def at(self, axis: float, radius: float) -> Point:
        angle = 2 * pi * axis / self.axes
        return Point(number(self.middle + radius * sin(angle)), number(self.middle - radius * cos(angle)))


def _ring(polar: _Polar, score: int) -> Ring:
    radius = INNER + STEP * (score - 1)
    label = polar.at(-0.5, radius * cos(pi / polar.axes) + BESIDE)
    return Ring(score, tuple(polar.at(axis, radius) for axis in range(polar.axes)), label)


def _axis(polar: _Polar, axis: int, outer: float) -> Axis:
    place = PLACES[round(axis * len(PLACES) / polar.axes) % len(PLACES)]
    return Axis(axis + 1, polar.at(axis, outer), polar.at(axis, outer + MARGIN / 2), place)


def _outline(marks: Sequence[Point | None]) -> str:
    """The path through the marks: closed when none is missing, else one stroke for each run of neighbours."""
    if None not in marks:
        return _stroke(marks) + "Z"
    after_a_gap = marks.index(None) + 1
    around = [*marks[after_a_gap:], *marks[:after_a_gap]]
    runs = [list(run) for answered, run in groupby(around, key=bool) if answered]
    return " ".join(_stroke(run) for run in runs if len(run) > 1)


def _stroke(run: Sequence[Point | None]) -> str:
    return "M" + " L".join(map(str, run))


@dataclass(frozen=True)
class Scale:
    """The dumbbell's line: the scores stand on it at even steps, from 1 at `positions[0]`."""

    width: str
    positions: tuple[str, ...]

    def at(self, score: int) -> str:
        """The x of a score. Raises ValueError for a score that is not on the scale."""
        if not 1 <= score <= len(self.positions):
            raise ValueError(f"no place on the scale for a score of {score}")
        return self.positions[score - 1]

    def between(self, value: float) -> str:
        """The x of a mean, which can lie between two scores."""
        first, last = float(self.positions[0]), float(self.positions[-1])
        return number(first + (last - first) * (value - 1) / (len(self.positions) - 1))

    def mirrored(self) -> Self:
        """The same scale for a right-to-left page: 1 stands on the right."""
        return type(self)(self.width, self.positions[::-1])


@cache
def scale(points: int, step: int = 50, margin: int = 20) -> Scale:
    """A scale from 1 to `points`, `step` apart, with room for half a mark at both ends."""
    places = tuple(number(margin + step * place) for place in range(points))
    return Scale(number(2 * margin + step * (points - 1)), places)


BAR = 240
"""How long the bar of a whole is."""


def bar(share: float, *, mirrored: bool = False) -> tuple[str, str]:
    """The x and the width of a share's bar; on a right-to-left page it grows from the right."""
    wide = BAR * share
    return number(BAR - wide if mirrored else 0), number(wide)
