"""A disk with no room left: nothing is called saved that is not, and all is well again once there is room."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from sqlalchemy import func, select

from tests.conftest import StartServer
from tests.support.server import LiveServer
from tests.support.submitting import Advisor, Diary, advisors
from tests.support.visitor import Visitor
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Survey
from wellbeing_app.services import soundness

A_LOT = "x" * 1900


@pytest.fixture
def server(start_server: StartServer) -> LiveServer:
    return start_server()


@pytest.fixture
def advisor(server: LiveServer) -> Advisor:
    """Somebody with a person who has had a baseline."""
    crew = server.hire()
    with server.database() as db:
        return advisors(db, server.url, crew.asha, 1, Random(1).randrange(100), Diary())[0]


@contextmanager
def no_room_left(server: LiveServer) -> Iterator[None]:
    """The system lets the server write to no file."""
    _soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard, hard))


def saved(server: LiveServer) -> int:
    with server.database() as db:
        assert soundness.problems(db) == []
        return db.scalar(select(func.count()).select_from(Survey)) or 0


def test_a_survey_that_finds_no_room_is_refused_and_saved_when_there_is_room_again(
    server: LiveServer, advisor: Advisor
) -> None:
    before = saved(server)
    notes = {f"note-{measure.key}": A_LOT for measure in INSTRUMENT.measures}
    page = advisor.check({**advisor.answers(), **notes})
    with no_room_left(server):
        refused = advisor.save(page)
    assert refused.status == 500
    assert "was not saved" in refused.text
    assert saved(server) == before
    # The page of the refusal holds what was sent, and its button sends it once more.
    assert advisor.save(refused).status == 302
    assert saved(server) == before + 1


def test_pages_can_still_be_read_and_the_server_lives(server: LiveServer, advisor: Advisor) -> None:
    with no_room_left(server):
        for _ in range(3):
            assert Visitor(server.url).get("/health").status == 200
            assert Visitor(server.url).get("/sign-in").status == 200
