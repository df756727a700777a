"""What the whole report costs beside one plain pass over the scores, for a crowd of people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.crowd import gather, tidy
from benchmarks.measure import Clock, Cost, Figure, Work, cost, interleaved, repeated
from wellbeing_app.migrations import migrate
from wellbeing_app.model import SCORE_COLUMNS, Survey
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import pairing, report
from wellbeing_app.services.reporting import Choices

_PASS = select(*(func.sum(getattr(Survey, column)) for column in SCORE_COLUMNS))


@dataclass(frozen=True)
class Measured:
    """`whole`: the report beside the pass, which took `passing` nanoseconds. `first`: pairing everybody."""

    whole: Figure
    passing: float
    first: Cost


def measure(url: str, people: int, rounds: int, clock_for: Callable[[], Clock]) -> Measured:
    """In an empty database. The clock is asked for once there is a connection."""
    with _crowd(url, people) as db:
        cpu = clock_for()
        if db.get_bind().dialect.name == "postgresql":  # whose helpers come and go, and their time with them
            db.connection().exec_driver_sql("SET max_parallel_workers_per_gather = 0")
        first = cost(Work(repeated(lambda: pairing.freshen(db))), cpu)
        db.commit()
        with db.get_bind().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            tidy(connection)
        yardstick = Work(repeated(lambda: db.execute(_PASS).one()), 3)
        work = Work(repeated(lambda: report.make(db, Choices())), 2)
        found = interleaved(yardstick, {"report": work}, rounds, cpu)["report"]
        return Measured(found, found.cpu.median / found.cpu_ratio.median, first)


@contextmanager
def _crowd(url: str, people: int) -> Iterator[Session]:
    engine = create_engine_for(url)
    migrate(engine)
    gather(engine, people)
    with session_factory(engine)() as db:
        yield db
    engine.dispose()
