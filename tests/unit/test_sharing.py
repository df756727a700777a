"""What leaves the service: no suppressed count can be worked out, even by one who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from tests.support.invented import YEARS, counted
from tests.support.reader import reads
from wellbeing_app.evaluation.cells import count, packed
from wellbeing_app.evaluation.disclosure import FLOOR
from wellbeing_app.evaluation.figures import to_share
from wellbeing_app.evaluation.sharing import HIDDEN, Sum, rounded, shared, shared_mean, shared_percent
from wellbeing_app.evaluation.social_value import PUBLISHED
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.services.report import told
from wellbeing_app.services.reporting import Measured

LEAST_LEFT_OPEN = 3
Counts = Mapping[str, int]


def left_open(tables: Iterable[Counts], sums: list[Sum]) -> int:
    """The fewest values that a hidden count can have for a reader who knows the rule and tries all tables."""
    by_page: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for table in tables:
        by_page[tuple(shared(table, sums).values())].append(tuple(table.values()))
    fewest = [
        len({table[place] for table in behind})
        for page, behind in by_page.items()
        for place, told in enumerate(page)
        if told == HIDDEN
    ]
    assert fewest
    return min(fewest)


@pytest.mark.parametrize(("parts", "most"), [(2, 40), (3, 22)])
def test_no_part_of_a_total_can_be_worked_out(parts: int, most: int) -> None:
    names = [f"part{place}" for place in range(parts)]
    tables = (
        {**dict(zip(names, counts, strict=True)), "total": sum(counts)}
        for counts in product(range(most + 1), repeat=parts)
    )
    assert left_open(tables, [Sum("total", tuple(names))]) >= LEAST_LEFT_OPEN


def test_nor_any_cell_of_a_table_with_totals_both_ways() -> None:
    sums = [
        Sum("row1", ("a", "b")),
        Sum("row2", ("c", "d")),
        Sum("column1", ("a", "c")),
        Sum("column2", ("b", "d")),
        Sum("total", ("row1", "row2")),
        Sum("total", ("column1", "column2")),
    ]
    tables = (
        {
            "a": a,
            "b": b,
            "c": c,
            "d": d,
            "row1": a + b,
            "row2": c + d,
            "column1": a + c,
            "column2": b + d,
            "total": a + b + c + d,
        }
        for a, b, c, d in product(range(12), repeat=4)
    )
    assert left_open(tables, sums) >= LEAST_LEFT_OPEN


def test_nothing_kept_back_can_be_worked_out_of_a_whole_report(request: pytest.FixtureRequest) -> None:
    kept_back = 0
    for seed in range(request.config.getoption("--reports")):
        exact = told(counted(Random(seed)), replace(PUBLISHED, cost=Decimal(50_000)))
        reader = reads(to_share(exact), INSTRUMENT.keys, YEARS, FLOOR)
        truth = {key: one.value for key, one in exact.figures.items()}
        assert reader.worked_out(truth) == [], f"seed {seed}"
        kept_back += sum(one.value == HIDDEN for one in reader.figures.values())
    assert kept_back


def test_that_reader_works_out_what_a_mean_too_many_gives_away() -> None:
    scores = [({"money": 3}, {"money": 4 if number == 0 else 3}) for number in range(10)]
    pairs = count(INSTRUMENT.keys, (packed(INSTRUMENT.keys, *pair) for pair in scores))
    exact = told(replace(counted(Random(1)), measured=Measured(pairs, 10, 10, 0, 0, 0)), PUBLISHED)
    page = dict(to_share(exact))
    mean = "wellbeing.money.all.mean_change"
    assert page[mean].value == HIDDEN
    page[mean] = replace(page[mean], value=0.1)
    truth = {key: one.value for key, one in exact.figures.items()}
    found = reads(page, INSTRUMENT.keys, YEARS, FLOOR).worked_out(truth)
    assert "wellbeing.money.all.up" in found


def test_counts_are_hidden_rounded_or_none() -> None:
    counts = {str(count): count for count in (0, 1, 7, 8, 12, 13, 161)}
    assert list(shared(counts).values()) == [0, HIDDEN, HIDDEN, 10, 10, 15, 160]
    assert [rounded(count) for count in (8, 12, 13, 22, 23)] == [10, 10, 15, 20, 25]


def test_the_threshold_can_be_higher() -> None:
    assert shared({"a": 9}, floor=10) == {"a": HIDDEN}


def test_means_need_eight_people_and_percents_are_of_what_is_told() -> None:
    assert (shared_mean(2.345, 7), shared_mean(2.345, 8), shared_mean(None, 50)) == (None, 2.3, None)
    assert (shared_percent(30, 45), shared_percent(HIDDEN, 45), shared_percent(5, HIDDEN)) == (67, None, None)
    assert shared_percent(0, 0) is None
