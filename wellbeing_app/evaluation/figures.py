"""The report's figures by their keys: what each is, how many people stand behind it, and what may be shared.

A key is stable: others build on it. All keys stand in docs/report-keys.md. The same figures are the page, the
PDF and the JSON, so what one of them tells, all tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from math import inf

from wellbeing_app.evaluation.disclosure import FLOOR
from wellbeing_app.evaluation.sharing import HIDDEN, Sum, shared, shared_percent

Number = int | float | Decimal | str | None


class Kind(StrEnum):
    """What a figure is, and so how it is written and what becomes of it when it is shared."""

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"
    EFFECT = "effect"
    P = "p"
    POUNDS = "pounds"
    EACH = "each"
    OWN_POUNDS = "own_pounds"
    RATIO = "ratio"
    CONSTANT = "constant"
    UNIT = "unit"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Figure:
    """One number. `people`: how many it is made of. A share names the keys of its `part` and its `whole`.

    `value` is unrounded, but for pounds; None where there is nothing to make it of; `*` where kept back.
    `beside`: the keys of the counts that it could give away. The `part` of a ratio is the sum it is made of.
    """

    value: Number
    kind: Kind
    people: int = 0
    part: str = ""
    whole: str = ""
    beside: tuple[str, ...] = ()

    @property
    def hidden(self) -> bool:
        """Whether it is kept back."""
        return self.value == HIDDEN


@dataclass
class Book:
    """Figures as they are collected, in the order of telling, with the sums that tie counts together."""

    figures: dict[str, Figure] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    follows: list[tuple[str, str]] = field(default_factory=list)

    def count(self, key: str, value: int) -> None:
        """Add a number of people, or of other whole things."""
        self.figures[key] = Figure(value, Kind.COUNT, value)

    def share(self, key: str, part: str, whole: str) -> None:
        """Add a share of two counts that are there, from 0 to 1."""
        above, below = self.figures[part].value, self.figures[whole].value
        assert isinstance(above, int)
        assert isinstance(below, int)
        self.figures[key] = Figure(above / below if below else None, Kind.SHARE, below, part, whole)

    def tell(
        self,
        key: str,
        value: Number,
        kind: Kind,
        people: int = 0,
        beside: tuple[str, ...] = (),
        part: str = "",
    ) -> None:
        """Add any other figure."""
        self.figures[key] = Figure(value, kind, people, part, beside=beside)

    def parts(self, total: str, parts: Iterable[str]) -> None:
        """Say that these counts add up to that one."""
        self.sums.append(Sum(total, tuple(parts)))

    def follow(self, key: str, other: str) -> None:
        """Say that this count is not told where that one is not: it is the same, or a multiple of it."""
        self.follows.append((key, other))


def to_share(book: Book, floor: int = FLOOR) -> Mapping[str, Figure]:
    """The figures as they may leave the service; see `sharing`."""
    counts = {
        key: one.value
        for key, one in book.figures.items()
        if one.kind is Kind.COUNT and isinstance(one.value, int)
    }
    told = shared(counts, book.sums, floor, book.follows)
    figures = {
        key: replace(one, value=told[key]) if key in told else _shareable(one, told, floor)
        for key, one in book.figures.items()
    }
    return figures | {
        key: replace(one, value=_ratio(one, book.figures[one.part], figures[one.part]))
        for key, one in book.figures.items()
        if one.kind is Kind.RATIO
    }


def _ratio(one: Figure, total: Figure, told: Figure) -> Number:
    """Made of what is told of its total, so that it tells no more."""
    if one.value is None or told.hidden:
        return told.value if told.hidden else None
    exact, coarse, ratio = (float(number or 0) for number in (total.value, told.value, one.value))
    return round(ratio * coarse / exact, 2) if exact else 0.0


def _shareable(one: Figure, told: Mapping[str, int | str], floor: int) -> Figure:
    """A figure that is no count. Pounds are to the nearest ten thousand, or hundred for one person.

    Those of a single measure are kept back: divided by the value of a move they give the number of people.
    """
    if one.value is None or one.kind in (Kind.CONSTANT, Kind.UNIT):
        return one
    if one.kind is Kind.SHARE:
        percent = shared_percent(told[one.part], told[one.whole])
        return replace(one, value=HIDDEN if percent is None else percent / 100)
    if one.people < _fewest(one, told, floor) or one.kind is Kind.OWN_POUNDS:
        return replace(one, value=HIDDEN)
    return replace(one, value=_coarse(one.value, one.kind))


def _fewest(one: Figure, told: Mapping[str, int | str], floor: int) -> float:
    """Of how many people it must be made, so that it gives away none of the counts beside it."""
    is_cornered = any(told.get(key) == HIDDEN for key in one.beside)
    if is_cornered and one.kind in (Kind.EFFECT, Kind.P, Kind.POUNDS):
        return inf
    if not is_cornered and one.kind is not Kind.EACH:
        return floor
    return max(floor, ENOUGH * (2 if any(told.get(key) == 0 for key in one.beside) else 1))


def _coarse(value: Number, kind: Kind) -> Number:
    if not isinstance(value, int | float | Decimal):
        return value
    amount = float(value)
    if kind is Kind.P:
        return next((limit for limit in P_LIMITS if amount < limit), 1.0)
    if kind in STEPS:
        return int(STEPS[kind] * round(amount / STEPS[kind]))
    return round(amount, 1) + 0.0  # no minus before a nought


ENOUGH = 20
"""Where a count beside a mean is kept back, the mean needs so many people, and twice as many where another is
none. Of fewer, its one decimal gives away the sum of their points: a mean change of 0.1 and nobody lower says
that one of them rose, by one."""

STEPS = {Kind.POUNDS: 10_000, Kind.EACH: 100, Kind.AMOUNT: 5}
"""To what these are rounded: pounds so that five moves of a measure make no difference that is seen."""

P_LIMITS: Sequence[float] = (0.001, 0.01, 0.05)
"""A shared p is told as below one of these, or as 1: not small."""
