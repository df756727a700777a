"""What the app does behind its own server, on this machine's own network, asked by eight browsers at once."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.bench_pages import pages
from benchmarks.door import Door
from benchmarks.hello import hello_app
from benchmarks.measure import Figure, cpu_of, interleaved, memory, most_memory
from benchmarks.servers import HelloServer, load, serving
from benchmarks.service import Service, assert_submitted, submits
from benchmarks.size import SERVED, Size
from tests.support.people import PASSWORD
from tests.support.server import LiveServer

VISITS = 5


@dataclass(frozen=True)
class Memory:
    """The megabytes of the app's process: just started, after every page, and when two people signed in."""

    started: float
    served: float
    most: float


def rates(service: Service, size: Size) -> dict[str, Figure]:
    """Submits and survey pages beside hello. Processor time is the two servers', not a database's."""
    of_submit = [(service.carol.as_sent(path, fields), "302") for path, fields in submits(service)]
    of_survey = _asked(*pages(service)["survey"])
    hello = [(Door(hello_app()).as_sent("/"), "200")]
    with contextlib.ExitStack() as at_the_end:
        enter = at_the_end.enter_context
        yardstick, app = (enter(serving(server)) for server in _servers(service))
        works = {
            "submit": enter(load(app, of_submit)).work(SERVED * size.submits),
            "survey": enter(load(app, of_survey)).work(SERVED * size.pages),
        }
        cpu = lambda: cpu_of(yardstick.pid, app.pid)  # noqa: E731
        figures = interleaved(
            enter(load(yardstick, hello)).work(SERVED * size.hellos), works, size.rounds, cpu
        )
    assert_submitted(service, size, SERVED)
    return figures


def memory_of_worker(service: Service) -> Memory:
    """Opens every page, several times; and then two people sign in at once."""
    every = [one for door, paths in pages(service).values() for one in _asked(door, paths[:VISITS])]
    server = _servers(service)[1]
    with serving(server):
        started = memory(server.pid)
        with load(server, every) as sender:
            sender.send(len(every))
        served = memory(server.pid)
        with load(server, [(_sign_in(service), "302")] * 2) as sender:
            sender.send(2)
        return Memory(started, served, most_memory(server.pid))


def _asked(door: Door, paths: Sequence[str]) -> list[tuple[str, str]]:
    return [(door.as_sent(path), "200") for path in paths]


def _sign_in(service: Service) -> str:
    anybody = Door(service.app)
    fields = anybody.hidden_fields("/sign-in")
    return anybody.as_sent("/sign-in", {**fields, "email": "asha@service.example", "password": PASSWORD})


def _servers(service: Service) -> tuple[LiveServer, LiveServer]:
    where = service.settings.instance, service.settings.database_url
    return HelloServer(*where), LiveServer(*where)
