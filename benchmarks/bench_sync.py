"""What it costs to take custody of what a tablet sends: fifty surveys, two hundred, and fifty again."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.door import Door, Environ
from benchmarks.hello import hello_app
from benchmarks.measure import Clock, Figure, Work, interleaved, repeated
from benchmarks.service import NOTE, Service
from benchmarks.size import Size
from tests.support.people import answers, refer
from tests.support.sealing import HEADERS, as_sent, contents, item
from tests.support.workers import crew_of
from wellbeing_app.model import Occasion, Survey, Ticket
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import clock, devices, intake, packing, tickets
from wellbeing_app.services.access import Actor
from wellbeing_app.services.sync import MOST_ITEMS, Item

DAY, WEEK = 50, 200


@dataclass(frozen=True)
class Outbox:
    """What one tablet sends: request by request, each at most once as new, then for ever as a replay."""

    door: Door
    days: Sequence[Sequence[Environ]]
    weeks: Sequence[Sequence[Environ]]
    boxes: Sequence[Item]
    keys: Mapping[str, bytes]


def measure(service: Service, size: Size, cpu: Clock) -> dict[str, Figure]:
    """Each beside hello: `day` and `week` (new), `again` (the same day), `opening` (the boxes alone)."""
    rounds, day, week = max(1, size.rounds // 3), min(DAY, size.people), min(WEEK, size.people)
    outbox = _fill(service, rounds + 1, day, week)
    before = _surveys(service)
    hello = Door(hello_app())
    greeting = hello.request("/")
    yardstick = Work(repeated(lambda: hello.ask(greeting)), size.hellos)
    works = {
        "day": Work(repeated(_sending(outbox.door, iter(outbox.days)))),
        "again": Work(repeated(_sending(outbox.door, iter(outbox.days)))),
        "opening": Work(repeated(lambda: _open(outbox))),
        "week": Work(repeated(_sending(outbox.door, iter(outbox.weeks)))),
    }
    gc.collect()
    gc.freeze()
    figures = interleaved(yardstick, works, rounds, cpu)
    gc.unfreeze()
    recorded = _surveys(service) - before
    assert recorded == (rounds + 1) * (day + week), f"Only {recorded} surveys were recorded."
    return figures


def _fill(service: Service, turns: int, day: int, week: int) -> Outbox:
    engine = create_engine_for(service.settings.database_url)
    with session_factory(engine).begin() as db:
        carol = crew_of(db).carol
        device, token = devices.enrol(db, carol, None, "A tablet", "")
        public, keys = intake.public_keys(db)[0].raw, dict(intake.private_keys(db))
        visits = [_visit(db, carol) for _ in range(turns * (day + week))]
        packing.pack(db, carol, device, [visit.id for visit in visits])
        boxes = [_box(public, carol, visit) for visit in visits]
    engine.dispose()
    door = Door(service.app, {"device": token})
    days, weeks = boxes[: turns * day], boxes[turns * day :]
    return Outbox(door, _requests(door, days, day), _requests(door, weeks, week), days[:day], keys)


def _visit(db: Session, advisor: Actor) -> Ticket:
    episode = refer(db, advisor, "Mei", last_name="Example")
    return tickets.plan(db, advisor, episode.id, Occasion.BASELINE, clock.today())


def _box(public: bytes, author: Actor, visit: Ticket) -> Item:
    return item(public, contents(author, visit, answers(notes={"money": NOTE, "lifestyle": NOTE})))


def _requests(door: Door, boxes: Sequence[Item], at_once: int) -> list[list[Environ]]:
    """For each turn, the requests that a tablet would send one after the other."""
    turns = [boxes[start : start + at_once] for start in range(0, len(boxes), at_once)]
    return [
        [
            door.script("/sync", json.dumps(as_sent(turn[start : start + MOST_ITEMS])), HEADERS)
            for start in range(0, len(turn), MOST_ITEMS)
        ]
        for turn in turns
    ]


def _sending(door: Door, turns: Iterator[Sequence[Environ]]) -> Callable[[], object]:
    def send() -> None:
        for request in next(turns):
            reply = json.loads(door.ask(request))
            assert {one["state"] for one in reply["receipts"]} == {"recorded"}

    return send


def _open(outbox: Outbox) -> None:
    for box in outbox.boxes:
        intake.open_box(outbox.keys, box.id, box.sealed)


def _surveys(service: Service) -> int:
    engine = create_engine_for(service.settings.database_url)
    with Session(engine) as db:
        found = db.scalar(select(func.count()).select_from(Survey)) or 0
    engine.dispose()
    return found
