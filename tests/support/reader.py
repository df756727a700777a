"""One who reads a shared report with a solver: which of the counts kept back can still be worked out?

All that the page tells is put as linear constraints on what could be behind it: for each measure how many
went from which score to which, how many people rose on how many measures, and the service's own record.
A count is worked out when only one whole number is left for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from wellbeing_app.evaluation.figures import Figure
from wellbeing_app.evaluation.sharing import HIDDEN, STEP
from wellbeing_app.model import OutcomeKind

Sum = Mapping[object, float]
SCORES = range(6)
SLACK = 1e-9
HALF = 0.05 + SLACK  # means are told to one decimal


def plus(*sums: Sum) -> Sum:
    """All of them added up."""
    total: dict[object, float] = defaultdict(float)
    for one in sums:
        for name, number in one.items():
            total[name] += number
    return total


def times(number: float, one: Sum) -> Sum:
    return {name: number * value for name, value in one.items()}


@dataclass
class Reader:
    """What is known: `rules` say that a sum of unknowns lies between two numbers."""

    figures: Mapping[str, Figure]
    floor: int
    rules: list[tuple[Sum, float, float]] = field(default_factory=list)
    counts: dict[str, Sum] = field(default_factory=dict)

    def knows(self, one: Sum, least: float = 0, most: float = np.inf) -> None:
        self.rules.append((one, least, most))

    def same(self, one: Sum, other: Sum) -> None:
        self.knows(plus(one, times(-1, other)), 0, 0)

    def at_most(self, one: Sum, other: Sum) -> None:
        self.knows(plus(other, times(-1, one)))

    def counted(self, key: str, one: Sum | None = None) -> Sum:
        """The count of this key, made of these unknowns or unknown itself; what the page tells of it."""
        one = {key: 1.0} if one is None else one
        told, self.counts[key] = self.figures[key].value, one
        if told == HIDDEN:
            self.knows(one, 1)
        elif told == 0:
            self.knows(one, 0, 0)
        else:
            assert isinstance(told, int)
            self.knows(one, max(told - STEP // 2, self.floor), told + STEP // 2)
        return one

    def mean(self, key: str, total: Sum, people: Sum) -> None:
        """A mean over these people, if the page tells it."""
        told = self.figures[key].value
        if isinstance(told, int | float):
            self.knows(plus(total, times(HALF - told, people)))
            self.knows(plus(times(-1, total), times(HALF + told, people)))

    def amount(self, key: str, total: Sum) -> None:
        """A sum of pounds, to the nearest ten thousand."""
        told = self.figures[key].value
        if isinstance(told, int):
            half = 5_000 + SLACK
            self.knows(total, told - half, told + half)

    def worked_out(self, truth: Mapping[str, int]) -> list[str]:
        """The counts kept back for which nothing but the truth is left; `truth` is never shown to `rules`."""
        left = {key for key, one in self.figures.items() if key in self.counts and one.value == HIDDEN}
        found: list[str] = []
        while left:
            key = min(left)
            other = next(self._others(key, truth[key]), None)
            if other is None:
                assert self._world(self.rules[0]), "the truth itself would not make this page"
                found.append(key)
                left.discard(key)
            else:
                left = {one for one in left if round(self._value(one, other)) == truth[one]}
        return found

    def _value(self, key: str, found: Mapping[object, float]) -> float:
        return sum(number * found[name] for name, number in self.counts[key].items())

    def _others(self, key: str, true: int) -> Iterator[Mapping[object, float]]:
        """Worlds that would make the same page, and in which this count is larger, or smaller."""
        for least, most in ((true + 1, np.inf), (1, true - 1)):
            if least <= most and (world := self._world((self.counts[key], least, most))) is not None:
                yield world

    def _world(self, also: tuple[Sum, float, float]) -> Mapping[object, float] | None:
        rules = [*self.rules, also]
        names = {name: place for place, name in enumerate(dict.fromkeys(n for one, *_ in rules for n in one))}
        entries = [
            (row, names[name], number) for row, (one, *_) in enumerate(rules) for name, number in one.items()
        ]
        rows, columns, numbers = zip(*entries, strict=True)
        matrix = csr_array((numbers, (rows, columns)), shape=(len(rules), len(names)))
        bounds = LinearConstraint(matrix, [one[1] for one in rules], [one[2] for one in rules])
        done = milp(np.zeros(len(names)), constraints=bounds, integrality=np.ones(len(names)))
        return dict(zip(names, done.x, strict=True)) if done.success else None


def reads(figures: Mapping[str, Figure], keys: Sequence[str], years: Sequence[str], floor: int) -> Reader:
    """A reader of the whole page, who knows how it is made."""
    reader = Reader(figures, floor)
    _people(reader, keys)
    for key in keys:
        _measure(reader, key)
    _together(reader, keys)
    _record(reader, years)
    return reader


def _cells(key: str, weight: Callable[[int, int], float]) -> Sum:
    """A measure's cells, each times a number: how many went from a score to another; 0 is a missing one."""
    found = {(key, before, after): float(weight(before, after)) for before in SCORES for after in SCORES}
    return {cell: number for cell, number in found.items() if number}


def _people(reader: Reader, keys: Sequence[str]) -> None:
    eligible, pairs, lost = (
        reader.counted(f"people.{name}") for name in ("eligible", "pairs", "without_follow_up")
    )
    reader.same(eligible, plus(pairs, lost))
    for key in keys:
        reader.same(eligible, _cells(key, lambda _b, _a: 1))
        reader.at_most(_cells(key, lambda _b, a: a > 0), pairs)


def _measure(reader: Reader, key: str) -> None:
    for who, lowest in (("all", 5), ("low", 2)):
        k = f"wellbeing.{key}.{who}"
        reader.counted(f"{k}.eligible", _cells(key, lambda b, _a, top=lowest: 0 < b <= top))  # type: ignore[misc]
        lost = _cells(key, lambda b, a, top=lowest: 0 < b <= top and not a)  # type: ignore[misc]
        reader.counted(f"{k}.without_follow_up", lost)
        pairs = reader.counted(f"{k}.pairs", _pairs(key, lowest, lambda _b, _a: 1))
        for name, weight in MOVES.items():
            reader.counted(f"{k}.{name}", _pairs(key, lowest, weight))
        for name, weight in MEANS.items():
            reader.mean(f"{k}.{name}", _pairs(key, lowest, weight), pairs)
        if who == "all":
            reader.counted(f"{k}.at_ceiling", _pairs(key, lowest, lambda b, _a: b == 5))
            without = _cells(key, lambda b, a: b if not a else 0)
            reader.mean(f"{k}.mean_before_of_lost", without, lost)


MOVES: Mapping[str, Callable[[int, int], float]] = {
    "up": lambda b, a: a > b,
    "same": lambda b, a: a == b,
    "lower": lambda b, a: a < b,
}
MEANS: Mapping[str, Callable[[int, int], float]] = {
    "mean_before": lambda b, _a: b,
    "mean_after": lambda _b, a: a,
    "mean_change": lambda b, a: a - b,
}


def _pairs(key: str, top: int, weight: Callable[[int, int], float]) -> Sum:
    return _cells(key, lambda b, a: weight(b, a) if 0 < b <= top and a else 0)


def _together(reader: Reader, keys: Sequence[str]) -> None:
    """The headlines: how many people rose on how many of the measures that have both scores; and the pool."""
    wide = len(keys)
    people = [("rose", up, of) for of in range(wide + 1) for up in range(of + 1)]
    reader.same(dict.fromkeys(people, 1.0), reader.counts["people.eligible"])
    pool = {name: plus(*(_pairs(key, 5, weight) for key in keys)) for name, weight in MOVES.items()}
    pool["pairs"] = plus(*pool.values())
    reader.same({name: float(name[1]) for name in people if name[1]}, pool["up"])
    reader.same({name: float(name[2]) for name in people if name[2]}, pool["pairs"])
    for least, name in ((1, "one_or_more"), (4, "four_or_more")):
        if any(one[1] >= least for one in people):
            reader.counted(f"headline.{name}.people", {one: 1.0 for one in people if one[1] >= least})
    reader.counted("headline.people", {one: 1.0 for one in people if one[2]})
    for key in keys:
        reader.at_most(_pairs(key, 5, MOVES["up"]), {one: 1.0 for one in people if one[1]})
        reader.at_most(_pairs(key, 5, lambda _b, _a: 1), {one: 1.0 for one in people if one[2]})
    for name, one in pool.items():
        reader.counted(f"headline.scores.{name}", one)
    for who, top in (("all", 5), ("low", 2)):
        scores, net = (
            plus(*(_pairs(key, top, weight) for key in keys))
            for weight in (lambda _b, _a: 1, MEANS["mean_change"])
        )
        reader.counted(f"change.{who}.scores", scores)
        reader.mean(f"change.{who}.pooled", net, scores)
    _pounds(reader, keys)


def _pounds(reader: Reader, keys: Sequence[str]) -> None:
    """What is scaled to the measured only is a number of points, or of moves, times a value."""
    whole = 10_560 / len(keys)
    net = plus(*(_pairs(key, 5, MEANS["mean_change"]) for key in keys))
    moves = plus(*(_pairs(key, 5, lambda b, a: (b <= 2 < a) - (a <= 2 < b)) for key in keys))
    for variant, kept, share in (
        ("measured_only", 1, 0.2),
        ("measured_quarter", 1, 0.25),
        ("half_anyway", 0.5, 0.2),
    ):
        reader.amount(f"value.{variant}.total.every_change.total", times(kept * share * whole, net))
        reader.amount(f"value.{variant}.total.low_to_high.total", times(kept * whole, moves))


def _record(reader: Reader, years: Sequence[str]) -> None:
    """The service's own record: years and their total, and who is among whom."""
    for table, names in (
        ("referrals", ("referred", "met", "took_up")),
        ("discharge", ("reviewed", "discharged", "re_referred")),
        ("outcomes", ("closed", *(f"{kind}.people" for kind in OutcomeKind))),
    ):
        for name in names:
            of_year = [reader.counted(f"{table}.{year}.{name}") for year in years]
            reader.same(reader.counted(f"{table}.total.{name}"), plus(*of_year))
            for year in years:
                reader.at_most(*(reader.counts[f"{table}.{year}.{one}"] for one in (name, names[0])))
    for year in years:
        reader.at_most(*(reader.counts[f"discharge.{year}.{one}"] for one in ("re_referred", "discharged")))
    for name in ("referred", "took_up"):
        reader.same(reader.counted(f"people.{name}"), reader.counts[f"referrals.total.{name}"])
    for reason in ("not_agreed", "by_proxy", "not_alike"):
        reader.counted(f"left_out.{reason}")
    reader.at_most(reader.counted("discharge.held.a_year"), reader.counted("discharge.held.observed_a_year"))
    _activities(reader)


def _activities(reader: Reader) -> None:
    people = [key for key in reader.figures if key.startswith("activities.") and key.endswith(".people")]
    for key in people:
        reader.counted(key)
    for setting, some in (("individual", people[: len(people) // 2]), ("group", people[len(people) // 2 :])):
        total = reader.counted(f"activities.{setting}.places")
        reader.same(total, plus(*(reader.counts[key] for key in some)))
