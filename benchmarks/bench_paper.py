"""What paper costs: forms and summaries as PDF, one and many, and reading pages that come back."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2

from benchmarks import child
from benchmarks.bars import Limit, Line, of_memory
from benchmarks.measure import Spread
from benchmarks.service import Service, found
from benchmarks.size import Size
from tests.support.scans.journeys import JOURNEYS
from tests.support.scans.press import printed
from tests.support.scans.scoring import page_of
from tests.support.workers import crew_of, working_on
from wellbeing_app.model import BatchState, SummaryBatch
from wellbeing_app.services import summaries
from wellbeing_app.services.summaries import Setting

ONE_FORM, ONE_SUMMARY = Limit(0.4), Limit(0.5)  # seconds
PILE, PILE_MEMORY, NO_GROWTH = Limit(1.3), Limit(60), Limit(10)
SUMMARIES_MEMORY, READER_MEMORY = Limit(300), Limit(250)
PAGES_A_SECOND = Limit(8, at_most=False)
JPEG = [cv2.IMWRITE_JPEG_QUALITY, 90]


def on_paper(size: Size) -> Iterator[Line]:
    """Each in a process of its own, but for one summary."""
    yield from _forms(size)
    with tempfile.TemporaryDirectory(prefix="wellbeing-paper-") as name:
        folder = Path(name)
        yield from _reading(folder, size)
        service = found(folder, f"sqlite:///{folder}/summaries.sqlite", size.summaries, 0)
        yield _seconds("One summary, warm", _summary(service, size), ONE_SUMMARY)
        most = _summaries(service)
        yield of_memory(f"{size.summaries} summaries in one run, most memory", most, SUMMARIES_MEMORY)


def _forms(size: Size) -> Iterator[Line]:
    one = json.loads(child.run("benchmarks.paper").said)
    yield _seconds("One tagged form, warm", Spread.of(one), ONE_FORM)
    piles = [json.loads(child.run("benchmarks.paper", str(many)).said) for many in size.piles]
    few, many = size.piles
    ratio = piles[0]["whole"] / piles[0]["alone"]
    words = f"{1000 * piles[0]['whole'] / few:.1f} ms a form"
    yield Line(f"{few} forms in one file", "", words, _exactly(ratio), "of their codes alone", PILE)
    yield of_memory(f"{few} forms in one file, memory", piles[0]["more"], PILE_MEMORY, "more")
    growth = piles[1]["more"] - piles[0]["more"]
    yield of_memory(f"{many:,} forms, memory beside {few}", growth, NO_GROWTH, "more")


def _reading(folder: Path, size: Size) -> Iterator[Line]:
    """Pages of every kind through the command, with all that it does but for its start."""
    layout = folder / "layout.json"
    layout.write_text(json.dumps(printed()[1]))
    names = [f"{number} {journey}" for number in range(size.scans) for journey in JOURNEYS]
    for name in names:
        page, _rows = page_of(name, name.split(" ", 1)[1])
        cv2.imwrite(str(folder / f"{name}.jpg"), page, JPEG)
    files = [str(folder / f"{name}.jpg") for name in names]
    command = "read-form", "--layout", str(layout), "--json"
    first, used = (child.run("wellbeing_app", *command, *some) for some in (files[:1], files))
    read = sum(json.loads(line)["status"] == "read" for line in used.said.splitlines())
    assert read > 0.9 * len(files), f"Only {read} of {len(files)} pages were read."
    of_one = (used.cpu - first.cpu) / (len(files) - 1)
    words = f"{1000 * of_one:.0f} ms a page"
    yield Line(f"Reading {len(files)} pages", "", words, _exactly(1 / of_one), "pages/s", PAGES_A_SECOND)
    yield of_memory("Reading pages, most memory", used.most, READER_MEMORY)


def _summary(service: Service, size: Size) -> Spread:
    requests = [service.asha.request(f"/people/{one}/summary") for one in service.people[: size.rounds + 1]]
    taken = []
    for request in requests:
        start = time.process_time()
        service.asha.fetch(request)
        taken.append(time.process_time() - start)
    return Spread.of(taken[1:])


def _summaries(service: Service) -> float:
    """The most megabytes that the process drawing a summary for everybody ever had resident."""
    settings = service.settings
    with working_on(settings.database_url) as db:
        asha = crew_of(db).asha
        wanted = [episode.id for episode in summaries.choosable(db, asha)]
        batch = summaries.make(db, asha, Setting(), wanted).id
    where = {"WELLBEING_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url}
    used = child.run("wellbeing_app", "draw-summaries", str(batch), environment=where)
    with working_on(settings.database_url) as db:
        done = db.get_one(SummaryBatch, batch)
        assert (done.state, done.done) == (BatchState.READY, len(service.people)), done.problem
    return used.most


def _seconds(what: str, spread: Spread, limit: Limit) -> Line:
    return Line(what, "", "processor time", spread, "s", limit)


def _exactly(value: float) -> Spread:
    return Spread(value, value, value)
