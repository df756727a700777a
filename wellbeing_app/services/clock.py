"""What time it is: moments in UTC, days as people in the United Kingdom count them."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")
EARLIEST = date(1990, 1, 1)
PLANNED_MONTHS = 24
_behind = ContextVar("behind", default=timedelta())


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC) - _behind.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, and in this thread only, the clock runs from another moment on: to tell an invented past."""
    before = _behind.set(datetime.now(UTC) - moment)
    try:
        yield
    finally:
        _behind.reset(before)


def today() -> date:
    """This day, where the service is."""
    return now().astimezone(LOCAL).date()


def problem_with(day: date, today: date, *, planned: bool = False) -> str | None:
    """Why nothing can be of this day: `year_not_full`, `in_future`, or if planned `too_far_ahead`; or None.

    For all days but those of birth. Date boxes of browsers turn a year typed as 26 into the year 26.
    """
    if day < EARLIEST:
        return "year_not_full"
    if planned:
        return "too_far_ahead" if day > months_after(today, PLANNED_MONTHS) else None
    return "in_future" if day > today else None


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day if it is shorter."""
    month_index = day.year * 12 + day.month - 1 + months
    year, month = divmod(month_index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
