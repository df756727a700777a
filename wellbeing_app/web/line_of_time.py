"""One person's way through an episode as a line: days to places, so that no mark covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wellbeing_app.charts import number
from wellbeing_app.model import Episode, Pathway
from wellbeing_app.services import pathway
from wellbeing_app.services.journey import Milestone

WIDTH, EDGE = 440, 16
APART, ROW = 26, 28
"""How far apart marks of one row must be, and how far a row is from the next."""


@dataclass(frozen=True)
class Stretch:
    """A part of the line: a phase with its number, or the time meant for a follow-up."""

    x: str
    width: str
    middle: str
    number: int = 0


@dataclass(frozen=True)
class Mark:
    """A milestone's place, and its number in the list below; in `y`, up is less."""

    x: str
    y: str
    number: int
    to_come: bool


@dataclass(frozen=True)
class Line:
    """All that is drawn. `top` is the highest mark's `y`."""

    marks: Sequence[Mark]
    phases: Sequence[Stretch]
    windows: Sequence[Stretch]
    today: str
    top: int


def draw(episode: Episode, milestones: Sequence[Milestone], today: date, *, mirrored: bool) -> Line:
    """The line from the first day to the last that is known or meant; `mirrored`: from right to left."""
    ends = pathway.phase_ends(episode.referred_on, episode.moved) if _has_phases(episode) else ()
    days = [episode.referred_on, today, *ends, *(one.until or one.on for one in milestones)]
    days += [one.on for one in milestones]
    way = _Way(min(days), max(days), mirrored)
    marks = _marks(way, milestones)
    return Line(
        marks,
        [way.stretch(first, last, n) for n, (first, last) in enumerate(_phases(episode, ends), start=1)],
        [way.stretch(one.on, one.until) for one in milestones if one.until],
        number(way.at(today)),
        min((round(float(one.y)) for one in marks), default=0),
    )


@dataclass(frozen=True)
class _Way:
    first: date
    last: date
    mirrored: bool

    def at(self, day: date) -> float:
        """Where a day is."""
        part = (day - self.first).days / max((self.last - self.first).days, 1)
        along = EDGE + part * (WIDTH - 2 * EDGE)
        return WIDTH - along if self.mirrored else along

    def stretch(self, first: date, last: date, of: int = 0) -> Stretch:
        """From one day to another."""
        one, other = sorted((self.at(first), self.at(last)))
        return Stretch(number(one), number(max(other - one, 2)), number((one + other) / 2), of)


def _has_phases(episode: Episode) -> bool:
    return episode.pathway is Pathway.MENTAL_HEALTH


def _phases(episode: Episode, ends: Sequence[date]) -> Sequence[tuple[date, date]]:
    firsts = [episode.referred_on, *(end + timedelta(days=1) for end in ends)]
    return list(zip(firsts, ends, strict=False))


def _marks(way: _Way, milestones: Sequence[Milestone]) -> list[Mark]:
    """Each in the lowest row where it covers no other."""
    rows: list[list[float]] = []
    found = []
    for n, one in enumerate(milestones, start=1):
        x = way.at(one.on)
        row = next((r for r, taken in enumerate(rows) if all(abs(x - t) >= APART for t in taken)), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(x)
        found.append(Mark(number(x), number(-ROW * row), n, one.to_come))
    return found
