"""Days as people write them: 3/4/1961, 3 April 1961, 1961-04-03."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from babel.dates import get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField

from wellbeing_app.services import clock

DAY_FIRST = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})")
PROBLEMS = {
    "year_not_full": _l("Enter the year with four digits, such as 2026."),
    "too_far_ahead": _l("This is more than two years ahead. Check the year."),
}
ALL_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,2})")
WITH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]*([^\W\d_]{3,})[\s.,-]+(\d{4}|\d{2})")


def read_day(text: str) -> date | None:
    """The day that was meant, day before month; None if it is none. Years in two digits are past ones."""
    tidy = " ".join(text.casefold().split())
    if found := YEAR_FIRST.fullmatch(tidy):
        year, month, day = found.groups()
    elif found := DAY_FIRST.fullmatch(tidy) or ALL_DIGITS.fullmatch(tidy):
        day, month, year = found.groups()
    elif found := WITH_NAME.fullmatch(tidy):
        day, name, year = found.groups()
        month = _month(name)
    else:
        return None
    return _day(_full_year(year), int(month), int(day))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(year: str) -> int:
    if len(year) == 4:
        return int(year)
    this_year = clock.today().year
    century = this_year - this_year % 100
    return int(year) + (century if int(year) <= this_year % 100 else century - 100)


def _month(name: str) -> int:
    """The month's number by its name or the name's beginning, in English or the page's language; else 0."""
    return next((number for number, known in _month_names() if known.startswith(name)), 0)


def _month_names() -> Iterator[tuple[int, str]]:
    for locale in dict.fromkeys(("en", str(get_locale() or "en"))):
        for number, name in get_month_names("wide", locale=locale).items():
            yield number, name.casefold()


class DayField(DateField):
    """A day picked or typed in the browser's own date box."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        self.data = read_day(valuelist[0])
        if self.data is None:
            raise ValueError(self.gettext("Not a valid date value."))


class WrittenDayField(StringField):
    """A day long ago, quicker to write than to pick."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.day}/{self.data.month}/{self.data.year}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = read_day(typed) if typed else None
        if typed and self.data is None:
            raise ValueError(_("Enter a day that exists, such as 3/4/1961 or 3 April 1961."))
