"""Work beside the app that finds the database locked: it tries again, and in the end says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

Result = TypeVar("Result")
TRIES: Final = 6
PAUSE: Final = 2.0
"""Seconds between two tries. SQLite itself waits ten seconds in each."""


class Busy(Exception):
    """The database was locked at every try."""


def patiently(sessions: sessionmaker[Session], do: Callable[[Session], Result]) -> Result:
    """What `do` gives in a transaction of its own, tried again while the database is locked or away.

    Raises `Busy`.
    """
    for _ in range(TRIES):
        try:
            with sessions.begin() as db:
                return do(db)
        except OperationalError as problem:
            last = problem
            time.sleep(PAUSE)
    raise Busy from last
