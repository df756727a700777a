"""A day can be written as people write it, and a day that is none is not guessed at."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.forms.days import read_day

THE_DAY = date(1961, 4, 3)


@pytest.mark.parametrize(
    "written",
    [
        "3/4/1961",
        "03/04/1961",
        "3.4.1961",
        "3-4-61",
        "3 4 1961",
        "03041961",
        "1961-04-03",
        "3 April 1961",
        "3rd apr 61",
        "3 APRIL, 1961",
        "  3   April   1961 ",
        "۳/۴/۱۹۶۱",
    ],
)
def test_one_day_can_be_written_in_many_ways(written: str) -> None:
    assert read_day(written) == THE_DAY


@pytest.mark.parametrize(
    "written", ["", "Grace", "April 1961", "3/13/1961", "31/4/1961", "29/2/2023", "3 Foo 1961", "R-12345"]
)
def test_what_is_no_day_is_not_guessed_at(written: str) -> None:
    assert read_day(written) is None


@time_machine.travel("2026-11-21")
def test_a_year_in_two_digits_is_a_year_that_has_been() -> None:
    assert read_day("1/1/26") == date(2026, 1, 1)
    assert read_day("1/1/27") == date(1927, 1, 1)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_back_as_it_was_written(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.day}/{day.month}/{day.year}") == day
    assert read_day(f"{day:%d %B %Y}") == day
