"""What it costs to take data out, beside a bare walk through the same rows; and to bring people in."""

from __future__ import annotations

import random
import sqlite3
import time
import tracemalloc
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import IO, cast

from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.measure import Cost, Figure, Spread, Work, compare, interleaved, repeated
from benchmarks.size import Size
from wellbeing_app.exports import files, reading
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.migrations import migrate
from wellbeing_app.model import ImportBatch
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import clock, dataset, importing
from wellbeing_app.services.importing import Options
from wellbeing_app.services.levels import Level

HEADER = "person,first_name,last_name,referred_on,occasion,completed_on,measure,score,agreed_evaluation\n"
OCCASIONS = ("baseline,2025-01-05", "follow_up,2025-05-05")
WRITTEN = ("staff", "import_batch", "service_user", "episode", "agreement", "ticket", "survey")
TABLES = (*WRITTEN, "survey_revision", "due", "audit_entry")
EVERYBODY = 1_000_000_000
ROUNDS_OF_EXPORT, ROUNDS_OF_IMPORT = 5, 3  # each takes seconds


@dataclass(frozen=True)
class Data:
    """`files` beside the walk, `importing` beside bare inserts; `growth`: MB more for four times as many."""

    files: dict[str, Figure]
    importing: Figure
    growth: Spread


class Nowhere(RawIOBase):
    """Takes everything and keeps nothing."""

    def write(self, data: object, /) -> int:
        return len(cast(bytes, data))


def measure(folder: Path, size: Size) -> Data:
    """A quarter of the people first, for the memory; then all of them."""
    few = _service(folder / "few.sqlite", size.exported // 4)
    many = _service(folder / "many.sqlite", size.exported)
    peaks = [_most_memory(sessions) for sessions in (few, many)]
    grown = (peaks[1] - peaks[0]) / 1e6
    walk = Work(repeated(lambda: _walk(folder / "many.sqlite")))
    works = {name: Work(repeated(_export(many, name))) for name in ("csv_long", "csv_wide")}
    taken_out = interleaved(walk, works, min(size.rounds, ROUNDS_OF_EXPORT))
    return Data(taken_out, _import(folder, size), Spread(grown, grown, grown))


def _service(file: Path, people: int) -> sessionmaker[Session]:
    engine = create_engine_for(f"sqlite:///{file}")
    migrate(engine)
    sessions = session_factory(engine)
    _take_in(sessions, _table(people))
    return sessions


def _table(people: int) -> bytes:
    chance = random.Random(8)  # noqa: S311 - the same scores each time
    lines = [
        f"C{number},Grace,Example-{number},2025-01-01,{asked},{key},{chance.randint(1, 5)},2025-01-01\n"
        for number in range(people)
        for asked in OCCASIONS
        for key in INSTRUMENT.keys
    ]
    return (HEADER + "".join(lines)).encode()


def _take_in(sessions: sessionmaker[Session], content: bytes) -> None:
    with sessions.begin() as db:
        actor = importing.on_the_machine(db)
        batch = ImportBatch(id=uuid.uuid4(), file_name="people.csv", at=clock.now(), by_id=actor.id)
        db.add(batch)
        db.flush()
        table = reading.read("people.csv", content)
        gathered = importing.gather(table.header, importing.guess(table.header), table.rows)
        importing.write(db, actor, batch, importing.plan(db, gathered, Options()), Options())


def _walk(file: Path) -> None:
    """The question that an export asks, for everybody at once, by SQLite's own driver."""
    asked = dataset.everything(EVERYBODY).params(after="")
    text = str(asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    connection = sqlite3.connect(file)
    cursor = connection.execute(text)
    while cursor.fetchmany(2000):
        pass
    connection.close()


def _export(sessions: sessionmaker[Session], name: str) -> Callable[[], None]:
    return lambda: files.write(cast("IO[bytes]", Nowhere()), files.KINDS[name], Level.FULL, sessions)


def _most_memory(sessions: sessionmaker[Session]) -> int:
    tracemalloc.start()
    _export(sessions, "csv_long")()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _import(folder: Path, size: Size) -> Figure:
    """The whole of it, from the file's bytes on, beside bare inserts of the very rows that it wrote."""
    content = _table(size.exported // 4)
    turns = []
    for number in range(ROUNDS_OF_IMPORT):
        own, bare = folder / f"own-{number}.sqlite", folder / f"bare-{number}.sqlite"
        sessions = [session_factory(create_engine_for(f"sqlite:///{file}")) for file in (own, bare)]
        for one in sessions:
            migrate(one.kw["bind"])
        taken = _cost(lambda sessions=sessions: _take_in(sessions[0], content))  # type: ignore[misc]
        rows = _rows(own)
        turns.append((taken, _cost(lambda bare=bare, rows=rows: _insert(bare, rows))))  # type: ignore[misc]
    return compare(turns)


def _rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(file)
    rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}  # noqa: S608
    connection.close()
    return rows


def _insert(file: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN")
    for name, some in rows.items():
        if some:
            blanks = ", ".join("?" * len(some[0]))
            connection.executemany(f"INSERT INTO {name} VALUES ({blanks})", some)  # noqa: S608
    connection.execute("COMMIT")
    connection.close()


def _cost(work: Callable[[], None]) -> Cost:
    cpu, wall = time.process_time_ns(), time.perf_counter_ns()
    work()
    return Cost(time.process_time_ns() - cpu, time.perf_counter_ns() - wall)
