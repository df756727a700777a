"""kill -9 of the server while surveys are saved: what was acknowledged is there, once, whole, as it was."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.conftest import StartServer
from tests.support.server import LiveServer
from tests.support.submitting import Advisor, Diary, Saved, advisors
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import AuditEntry, Mode, Survey, SurveyRevision, Ticket
from wellbeing_app.services import answers, soundness

Record = Callable[[str, object], None]
AT_ONCE = 4
PATIENCE = 60
SAVED_BETWEEN = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, start_server: StartServer) -> LiveServer:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    return start_server(database_url=url)


def test_no_acknowledged_survey_is_lost_and_none_is_half_there(
    server: LiveServer, kills: int, record_property: Record
) -> None:
    seed = Random().randrange(10**6)
    record_property("seed", seed)
    chance, diary = Random(seed), Diary()
    with filling_in(server, seed, diary):
        for _ in range(kills):
            before = len(diary.saved)
            wait_for(diary, before + SAVED_BETWEEN)
            wait_for_a_moment(diary, chance)
            server.kill()
            server.start()
            check(server, diary.saved[before:])
        wait_for(diary, len(diary.saved) + AT_ONCE)
    check(server, diary.saved)
    assert_nothing_else(server, diary.saved)
    record_property("kills", kills)
    record_property("surveys acknowledged", len(diary.saved))
    record_property("saves broken off and sent again", diary.broken_off["save"])
    # Otherwise no kill came at a moment that matters, and nothing was shown.
    assert diary.broken_off["save"] > 0 or kills < 5


@contextmanager
def filling_in(server: LiveServer, seed: int, diary: Diary) -> Iterator[Sequence[Advisor]]:
    """Meanwhile, several advisors fill in surveys. At the end, each finishes the one begun."""
    crew = server.hire()
    with server.database() as db:
        at_work = advisors(db, server.url, crew.asha, AT_ONCE, seed, diary)
    for advisor in at_work:
        advisor.start()
    try:
        yield at_work
    finally:
        diary.enough.set()
        for advisor in at_work:
            advisor.join(PATIENCE)
    assert diary.failures == []
    assert not any(advisor.is_alive() for advisor in at_work)


def wait_for(diary: Diary, saved: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(diary.saved) < saved:
        assert diary.failures == []
        assert time.monotonic() < until, f"Only {len(diary.saved)} of {saved} were saved."
        time.sleep(0.01)


def wait_for_a_moment(diary: Diary, chance: Random) -> None:
    """Any moment; or, every other time, one while a survey is being saved."""
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, 0.3))
        return
    diary.a_save_begins.clear()
    diary.a_save_begins.wait(PATIENCE)
    time.sleep(chance.uniform(0, 0.06))


def check(server: LiveServer, saved: Sequence[Saved]) -> None:
    with server.database() as db:
        assert_all_there(db, saved)
        assert_sound(db)


def assert_all_there(db: Session, saved: Sequence[Saved]) -> None:
    """Each is there once, with its first revision, the answers that were sent, and a row in the trail."""
    rows = {str(row.ticket_id): row for row in db.scalars(select(Survey))}
    revisions = Counter(db.scalars(select(SurveyRevision.survey_id)))
    trail = Counter(db.scalars(select(AuditEntry.subject).where(AuditEntry.action == "survey_recorded")))
    for one in saved:
        assert one.ticket in rows, f"The survey of ticket {one.ticket} was acknowledged, and is lost."
        row = rows[one.ticket]
        assert_as_sent(row, one)
        assert revisions[row.id] == 1
        assert trail[f"survey:{row.id}"] == 1


def assert_as_sent(row: Survey, one: Saved) -> None:
    scores = answers.scores_of(row)
    for key in INSTRUMENT.keys:
        kept = str(scores[key]) if key in scores else row.unanswered[key]
        assert kept == one.fields[f"answer-{key}"]
        assert row.notes.get(key, "") == one.fields[f"note-{key}"]
        assert row.prompts.get(key, []) == one.fields[f"prompts-{key}"]
    assert row.mode == Mode(str(one.fields["mode"]))


def assert_sound(db: Session) -> None:
    assert soundness.problems(db) == []
    if db.get_bind().dialect.name == "sqlite":
        assert db.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
        assert db.execute(text("PRAGMA foreign_key_check")).all() == []


def assert_nothing_else(server: LiveServer, saved: Sequence[Saved]) -> None:
    """All were acknowledged in the end, so there is nothing but them and the baselines."""
    tickets = {uuid.UUID(one.ticket) for one in saved}
    assert len(tickets) == len(saved)
    with server.database() as db:
        kept = set(db.scalars(select(Survey.ticket_id)))
        redeemed = set(db.scalars(select(Ticket.id).where(Ticket.redeemed_at.is_not(None))))
    assert len(kept - tickets) == AT_ONCE
    assert redeemed == kept
