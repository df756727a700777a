"""What the app's pages cost it, in process: the work of the app and its database, without a network."""

from __future__ import annotations

import gc
import itertools
import sys
from collections.abc import Callable, Sequence

from benchmarks.door import Door
from benchmarks.hello import hello_app
from benchmarks.measure import Clock, Figure, Work, interleaved, repeated
from benchmarks.service import Service, assert_submitted, submits
from benchmarks.size import Size
from wellbeing_app.instrument import INSTRUMENT

Pages = tuple[Door, list[str]]


def measure(service: Service, size: Size, cpu: Clock) -> dict[str, Figure]:
    """Each page beside hello."""
    before = set(sys.modules)
    hello = Door(hello_app())
    greeting = hello.request("/")
    yardstick = Work(repeated(lambda: hello.ask(greeting)), size.hellos)
    works = {name: Work(repeated(in_turn(*each)), size.pages) for name, each in pages(service).items()}
    works["submit"] = Work(repeated(submit(service)), size.submits)
    gc.collect()
    gc.freeze()  # what was prepared is not the app's, and not to be looked through for garbage meanwhile
    figures = interleaved(yardstick, works, size.rounds, cpu)
    gc.unfreeze()
    assert_submitted(service, size)
    loaded = set(sys.modules) - before
    assert "weasyprint" not in loaded, "A page has loaded WeasyPrint, which is for PDF only."
    return figures


def pages(service: Service) -> dict[str, Pages]:
    """Every page to be read, by what it is called: whose it is, and its address for each person or step."""
    steps = range(1, len(INSTRUMENT.keys) + 1)
    return {
        "survey": (service.asha, [f"/surveys/{ticket}" for ticket in service.blank]),
        "half_filled": (service.asha, [f"/surveys/{ticket}" for ticket in service.half_filled]),
        "one_measure": (service.handed_over, [f"/self/{service.blank[0]}/{step}" for step in steps]),
        "check": (service.carol, [f"/surveys/{ticket}/check" for ticket in service.complete]),
        "caseload": (service.asha, ["/caseload"]),
        "person": (service.asha, [f"/people/{reference}" for reference in service.people]),
        "progress": (service.asha, [f"/people/{reference}/progress" for reference in service.people]),
    }


def in_turn(door: Door, paths: Sequence[str]) -> Callable[[], object]:
    """Opens these pages one after the other, and then again."""
    door.open(paths[0])
    requests = itertools.cycle([door.request(path) for path in paths])
    return lambda: door.ask(next(requests))


def submit(service: Service) -> Callable[[], object]:
    """Saves the next complete draft, and is sent on."""
    requests = iter([service.carol.request(path, fields) for path, fields in submits(service)])
    return lambda: service.carol.ask(next(requests), 302)
