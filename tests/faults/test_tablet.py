"""A tablet to which everything happens, seeded: nothing is lost, and nothing arrives twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser

from tests.conftest import StartServer
from tests.faults.test_kill import Record
from tests.support.faulty import FaultyNetwork
from tests.support.killable import KillableBrowser
from tests.support.tablet_runs import Rig, plan


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
