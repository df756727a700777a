"""A tablet to which everything happens, seeded: nothing is lost, and nothing arrives twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import StartServer
from tests.faults.test_kill import Record
from tests.support.faulty import FaultyNetwork
from tests.support.killable import KillableBrowser
from tests.support.tablet_plans import plan
from tests.support.tablet_runs import Rig
from tests.support.visiting import KEYS, open_visit, tap


@pytest.fixture
def rig(start_server: StartServer, browser: Browser, tmp_path: Path, seed: int) -> Iterator[Rig]:
    server = start_server()
    network = FaultyNetwork(server)
    tablet = KillableBrowser(browser.browser_type, tmp_path / "profile")
    rig = Rig(server, network, tablet, server.hire(), seed)
    rig.begin()
    yield rig
    tablet.kill()
    network.close()


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The one that was asked for, or a new one."""
    return int(request.config.getoption("--seed") or Random().randrange(10**6))


def test_every_answer_arrives_once_whatever_happens(
    rig: Rig, tablet_runs: int, seed: int, record_property: Record, request: pytest.FixtureRequest
) -> None:
    record_property("seed", seed)
    first = int(request.config.getoption("--first-run"))
    for number in range(first, first + tablet_runs):
        try:
            rig.run(number)
        except Exception as lost:
            raise AssertionError(f"seed {seed}, {plan(seed, number)}") from lost
    record_property("runs", tablet_runs)
    record_property("lost", 0)
    record_property("doubled", 0)
    record_property("happened", dict(sorted(rig.happened.items())))


def test_a_tap_that_was_saved_is_there_though_the_tablet_died_at_once(
    rig: Rig, kills: int, record_property: Record
) -> None:
    """Five people's forms at once; the battery goes right after a tap: two here, all eight in the soak."""
    taps = 8 if kills >= 100 else 2
    people = [rig.tickets.pop()[0] for _ in range(5)]
    given: dict[str, dict[str, str]] = {name: {} for name in people}
    rig.show_list()
    for number, key in enumerate(KEYS[:taps]):
        name, value = people[number % len(people)], str(1 + number % 5)
        open_visit(rig.page, name)
        tap(rig.page, key, value)
        given[name][key] = value
        rig.restart()
        for person in people[: number + 1]:
            open_visit(rig.page, person)
            for answered, score in given[person].items():
                expect(rig.page.locator(f"#answer-{answered}-{score}")).to_be_checked()
            rig.page.locator("#visit > [data-do=close]").click()
    record_property("restored", f"{taps} of {taps}")
