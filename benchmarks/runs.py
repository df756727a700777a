"""Every bar, one after the other."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from benchmarks import (
    bench_data,
    bench_due,
    bench_pages,
    bench_report,
    bench_server,
    bench_start,
    bench_sync,
)
from benchmarks.bars import Limit, Line, of_cpu, of_memory, of_rate
from benchmarks.measure import Clock, Spread, cpu_of, family
from benchmarks.service import Service, found
from benchmarks.size import SERVED, Size
from tests.support.postgres import new_database, postgres_server

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


FORM, SUBMIT = Limit(3), Limit(12)  # of hellos
A_FIFTH = Limit(0.2, at_most=False)  # of hello's requests per second
DELIVERY = Limit(25)  # of hellos, for fifty surveys
REPORT, LINEAR = Limit(3), Limit(1.2)  # of one pass over the scores; of ten times a tenth of the people
START = Limit(1.3)  # of importing what the app is built on
STARTS = 7  # rounds: each takes seconds
MANY = 100_000  # people; the bar for the report is about so many
MEGABYTES = Limit(80)

PAGES = {
    "survey": ("Survey page", FORM),
    "half_filled": ("Survey page, half filled in", None),
    "one_measure": ("One measure, for the person themselves", None),
    "check": ("Check answers", None),
    "submit": ("Submit: token, validation, revision, audit, durable", SUBMIT),
    "caseload": ("Caseload", None),
    "person": ("Person page", None),
    "progress": ("Progress page with its chart", None),
}


DUE = {
    "advisor_question": ("What is due, one advisor: the database's part", Limit(3)),
    "service_question": ("What is due, first page of the service: the database's part", Limit(5)),
    "advisor_list": ("What is due, one advisor: the list as a page gets it", None),
    "service_list": ("What is due, first page of the service: the list as a page gets it", None),
}


def on_sqlite(size: Size) -> Iterator[Line]:
    """Everything, on the database that needs nobody to run it."""
    with _folder() as folder:
        service = found(folder / "pages", f"sqlite:///{folder}/pages.sqlite", size.people, size.drafts)
        yield from _pages(service, size, SQLITE, time.process_time_ns)
        yield from _sync(service, size, SQLITE, time.process_time_ns)
        drafts = size.drafts * SERVED
        served = found(folder / "served", f"sqlite:///{folder}/served.sqlite", size.people, drafts)
        yield from _rates(served, size, SQLITE)
        yield from _memory(served)
        yield from _start(served, size)
        yield from _report([f"sqlite:///{folder}/{name}.sqlite" for name in "ab"], size, SQLITE)
    with _folder() as folder:
        yield from _due(folder, size)
    with _folder() as folder:
        yield from _data(folder, size)


def on_postgresql(size: Size) -> Iterator[Line]:
    """What the database has a part in. The work of its own processes counts as the app's."""
    with postgres_server(settings=()) as server, _folder() as folder:
        service = found(folder / "pages", new_database(server), size.people, size.drafts)
        service.asha.open("/health")  # now the app has its connection
        processes = family(_postmaster(server))
        cpu = lambda: time.process_time_ns() + cpu_of(*processes)  # noqa: E731
        yield from _pages(service, size, POSTGRESQL, cpu)
        yield from _sync(service, size, POSTGRESQL, cpu)
        served = found(folder / "served", new_database(server), size.people, size.drafts * SERVED)
        yield from _rates(served, size, POSTGRESQL)
        yield from _report([new_database(server) for _ in "ab"], size, POSTGRESQL, _postmaster(server))


def _pages(service: Service, size: Size, on: str, cpu: Clock) -> Iterator[Line]:
    figures = bench_pages.measure(service, size, cpu)
    for name, (what, limit) in PAGES.items():
        of = f" of {size.people}" if name == "caseload" else ""
        yield of_cpu(what + of, on, figures[name], limit)


def _sync(service: Service, size: Size, on: str, cpu: Clock) -> Iterator[Line]:
    figures = bench_sync.measure(service, size, cpu)
    first = Limit(figures["day"].cpu_ratio.median)
    yield of_cpu("A tablet delivers 50 surveys", on, figures["day"], DELIVERY)
    yield of_cpu("The same 50 once more (bar: the first time)", on, figures["again"], first)
    yield of_cpu("Opening 50 sealed boxes, which is part of that", on, figures["opening"])
    yield of_cpu("A tablet delivers 200 surveys", on, figures["week"])


def _rates(service: Service, size: Size, on: str) -> Iterator[Line]:
    figures = bench_server.rates(service, size)
    yield of_rate("Submits, eight browsers at once", on, figures["submit"], A_FIFTH)
    yield of_rate("Survey pages, eight browsers at once", on, figures["survey"])
    if on == SQLITE:  # connections of PostgreSQL come and go, and their processes with them
        yield of_cpu("Submit, as served", on, figures["submit"], SUBMIT)
        yield of_cpu("Survey page, as served", on, figures["survey"], FORM)


def _report(urls: Sequence[str], size: Size, on: str, postmaster: int | None = None) -> Iterator[Line]:
    """The report for a crowd, and for one ten times as large."""
    clock_for = (lambda: _with_family(postmaster)) if postmaster else (lambda: time.process_time_ns)
    crowds = [size.crowd, 10 * size.crowd]
    found = [
        bench_report.measure(url, crowd, min(size.rounds, 5), clock_for)
        for url, crowd in zip(urls, crowds, strict=True)
    ]
    for crowd, one in zip(crowds, found, strict=True):
        limit = REPORT if crowd >= MANY else None
        yield of_cpu(f"Whole report, {crowd:,} people", on, one.whole, limit, "of one pass")
    small, large = (one.whole.cpu.median for one in found)
    growth = large / small / 10
    yield Line("Whole report, ten times the people", on, "", Spread(growth, growth, growth), "of ten", LINEAR)
    first = found[0].first.cpu / found[0].passing
    yield Line(
        f"The first report of {crowds[0]:,} people", on, "", Spread(first, first, first), "of one pass"
    )


def _with_family(postmaster: int) -> Clock:
    processes = family(postmaster)
    return lambda: time.process_time_ns() + cpu_of(*processes)


def _memory(service: Service) -> Iterator[Line]:
    found = bench_server.memory_of_worker(service)
    yield of_memory("Memory of a worker, every page served", found.served, MEGABYTES)
    yield of_memory("Memory of a worker, just started", found.started)
    yield of_memory("Memory of a worker, most while two sign in", found.most)


def _start(service: Service, size: Size) -> Iterator[Line]:
    figures = bench_start.measure(service, min(size.rounds, STARTS))
    beside = "imports"
    yield of_cpu("The app's first answer", "", figures["app"], START, beside)
    yield of_cpu("make run's first answer", "", figures["serve"], START, beside)


def _due(folder: Path, size: Size) -> Iterator[Line]:
    figures = bench_due.measure(folder, size)
    for name, (what, limit) in DUE.items():
        yield of_cpu(f"{what}, {size.episodes:,} episodes", SQLITE, figures[name], limit)


def _data(folder: Path, size: Size) -> Iterator[Line]:
    found = bench_data.measure(folder, size)
    people = f"{size.exported:,} people, two surveys each"
    for name, figure in found.files.items():
        yield of_cpu(f"Export {name}, {people}", SQLITE, figure, Limit(2.3), "bare walks")
    yield Line("Export, memory for four times as many people", SQLITE, "more", found.growth, "MB", Limit(20))
    yield of_cpu("Import, a quarter of them", SQLITE, found.importing, Limit(1.5), "bare inserts")


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="wellbeing-bench-") as name:
        yield Path(name)


def _postmaster(server: str) -> int:
    folder = Path(str(make_url(server).query["host"]))
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
