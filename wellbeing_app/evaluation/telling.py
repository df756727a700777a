"""From counted pairs to keyed figures: the well-being part of the report, and its value in pounds."""

from __future__ import annotations

from collections.abc import Mapping

from wellbeing_app.evaluation.cells import Cells, Cohort
from wellbeing_app.evaluation.figures import Book, Kind
from wellbeing_app.evaluation.significance import (
    sign_test,
    signed_ranks,
    standard_deviation,
    standardised_change,
)
from wellbeing_app.evaluation.social_value import (
    Assumptions,
    SocialValue,
    Value,
    Variant,
    break_even,
    in_pence,
    in_pounds,
    variants,
)

MOVES = ("pairs", "up", "same", "lower")
BEHIND_POUNDS = (*(f"headline.scores.{part}" for part in MOVES), "headline.four_or_more.people")
"""Divided by the value of a point, the pounds of all are the points of all: they could tell these."""
SEVERAL = 4
"""The headline share of people who rose on several measures: on at least so many."""


def wellbeing(book: Book, cohort: Cohort) -> None:
    """Figures 3.1 to 3.3 and the headlines: `headline.…`, `change.…` and `wellbeing.<measure>.…`."""
    _headlines(book, cohort)
    for name, cells in (
        ("all", cohort.measures),
        ("low", {k: one.low for k, one in cohort.measures.items()}),
    ):
        _changes(book, name, cells)
    book.follow("change.all.scores", "headline.scores.pairs")
    for key, one in cohort.measures.items():
        for part in MOVES:
            book.follow(f"headline.scores.{part}", f"wellbeing.{key}.all.pairs")
        _measure(book, f"wellbeing.{key}.all", one)
        _measure(book, f"wellbeing.{key}.low", one.low)
        _beside(book, f"wellbeing.{key}.all", one)


def _headlines(book: Book, cohort: Cohort) -> None:
    book.count("headline.people", cohort.comparable)
    for name, least in (("one_or_more", 1), ("four_or_more", SEVERAL)):
        book.count(f"headline.{name}.people", cohort.with_rises(least))
        book.share(f"headline.{name}.share", f"headline.{name}.people", "headline.people")
    _parts(book, "headline.scores", cohort.pooled)
    book.share("headline.scores.share_up", "headline.scores.up", "headline.scores.pairs")


def _changes(book: Book, name: str, measures: Mapping[str, Cells]) -> None:
    pooled = sum(measures.values(), Cells((0,) * 36))
    means = [one.mean_change for one in measures.values() if one.mean_change is not None]
    book.count(f"change.{name}.scores", pooled.pairs)
    beside = tuple(f"wellbeing.{key}.{name}.{part}" for key in measures for part in MOVES)
    on_average = pooled.pairs // max(len(measures), 1)  # for it could tell a count of any of them
    book.tell(f"change.{name}.pooled", pooled.mean_change, Kind.MEAN, on_average, beside)
    fewest = min((one.pairs for one in measures.values() if one.pairs), default=0)
    mean = sum(means) / len(means) if means else None
    book.tell(f"change.{name}.mean_of_measures", mean, Kind.MEAN, fewest, beside)


def _measure(book: Book, key: str, cells: Cells) -> None:
    """One measure, of all or of those who began low: means, moves, spread and the tests."""
    book.count(f"{key}.eligible", cells.with_baseline)
    _parts(book, key, cells)
    book.parts(f"{key}.eligible", (f"{key}.pairs", f"{key}.without_follow_up"))
    book.count(f"{key}.without_follow_up", cells.without_follow_up)
    book.share(f"{key}.share_up", f"{key}.up", f"{key}.pairs")
    ranks = signed_ranks(cells.differences)
    told = {
        "mean_before": (cells.mean_before, Kind.MEAN),
        "mean_after": (cells.mean_after, Kind.MEAN),
        "mean_change": (cells.mean_change, Kind.MEAN),
        "sd_change": (standard_deviation(cells.differences), Kind.EFFECT),
        "standardised_change": (standardised_change(cells.differences), Kind.EFFECT),
        "wilcoxon_z": (ranks.z, Kind.EFFECT),
        "wilcoxon_p": (ranks.p, Kind.P),
        "rank_biserial": (ranks.effect, Kind.EFFECT),
        "sign_p": (sign_test(cells.up, cells.lower), Kind.P),
    }
    beside = tuple(f"{key}.{part}" for part in MOVES)
    for name, (value, kind) in told.items():
        book.tell(f"{key}.{name}", value, kind, cells.pairs, beside)


def _beside(book: Book, key: str, cells: Cells) -> None:
    """What to look at before believing a mean: who could not rise, and who was lost."""
    book.count(f"{key}.at_ceiling", cells.at_ceiling)
    book.share(f"{key}.share_at_ceiling", f"{key}.at_ceiling", f"{key}.pairs")
    lost = cells.mean_without_follow_up
    beside = (f"{key}.eligible", f"{key}.without_follow_up")
    book.tell(f"{key}.mean_before_of_lost", lost, Kind.MEAN, cells.without_follow_up, beside)


def _parts(book: Book, key: str, cells: Cells) -> None:
    for name, number in (
        ("pairs", cells.pairs),
        ("up", cells.up),
        ("same", cells.same),
        ("lower", cells.lower),
    ):
        book.count(f"{key}.{name}", number)
    book.parts(f"{key}.pairs", (f"{key}.up", f"{key}.same", f"{key}.lower"))


def worth(book: Book, cohort: Cohort, chosen: Assumptions, took_up: int) -> None:
    """Tables 4.1 to 4.3 and the break-even: `value.…` and `break_even.…`. Pounds are rounded here, last."""
    number = max(len(cohort.measures), 1)
    constants = {
        "whole": in_pounds(chosen.whole),
        "of_measure": in_pounds(chosen.of_measure(number)),
        "of_point": in_pounds(chosen.of_point(number)),
    }
    for name, pounds in constants.items():
        book.tell(f"value.unit.{name}", pounds, Kind.UNIT)
    readings = variants(cohort, chosen, took_up)
    people = min((one.pairs for one in cohort.measures.values()), default=0)
    chosen_reading = readings[Variant.CHOSEN]
    for key in cohort.measures:
        for way, values in _ways(chosen_reading).items():
            _value(
                book, f"value.chosen.{key}.{way}", values[key], cohort.measures[key].pairs, Kind.OWN_POUNDS
            )
    moved = abs(cohort.pooled.low_to_high - cohort.pooled.high_to_low)
    for variant, reading in readings.items():
        _reading(book, f"value.{variant}.total.every_change", reading, reading.total_every_change, people)
        least = min(people, moved)
        _reading(book, f"value.{variant}.total.low_to_high", reading, reading.total_low_to_high, least)
    even = break_even(chosen)
    book.tell("break_even.over_the_period", even.over_the_period, Kind.CONSTANT)
    book.tell("break_even.a_year", even.a_year, Kind.CONSTANT)


def _ways(reading: SocialValue) -> Mapping[str, Mapping[str, Value]]:
    return {"every_change": reading.every_change, "low_to_high": reading.low_to_high}


def _reading(book: Book, key: str, reading: SocialValue, total: Value, people: int) -> None:
    scaled = () if reading.scaled_to is None else ("people.took_up",)
    _value(book, key, total, people, Kind.POUNDS, Kind.EACH, (*scaled, *BEHIND_POUNDS))
    per_pound = reading.per_pound(total)
    pence = None if per_pound is None else in_pence(per_pound)
    book.tell(f"{key}.per_pound", pence, Kind.RATIO, people, part=f"{key}.total")


def _value(
    book: Book,
    key: str,
    value: Value,
    people: int,
    kind: Kind,
    of_each: Kind = Kind.OWN_POUNDS,
    beside: tuple[str, ...] = (),
) -> None:
    book.tell(f"{key}.per_person", in_pounds(value.per_person), of_each, people)
    book.tell(f"{key}.total", in_pounds(value.total), kind, people, beside)
