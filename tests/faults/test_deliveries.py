"""Surveys delivered several times each, out of order, over a line that breaks: each is there once, whole."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event, func, select

from tests.support.people import CHEAP, answers, days_ago, refer, staff_of
from tests.support.sealing import HEADERS, as_sent, contents, item
from tests.support.workers import crew_of, working_on
from wellbeing_app import create_app
from wellbeing_app.config import Settings
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import AuditEntry, Device, Occasion, SafetyFlag, Survey, SyncItem, Ticket
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import answers as rules
from wellbeing_app.services import clock, codes, intake, packing, sessions, soundness, sync
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.sync import Item
from wellbeing_app.web.guard import cookie_name

MOST_TIMES = 5


class LineBroke(Exception):
    """The server is gone in the middle of its work."""


@dataclass
class Line:
    """The way to the server: `fuse` is after how many statements it breaks, None that it holds."""

    fuse: int | None = None
    broken: int = 0
    unheard: int = 0

    def burn(self, *_about: Any) -> None:
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.fuse = None
                self.broken += 1
                raise LineBroke


@dataclass
class Sent:
    """What was finished on the tablet: by ticket what was answered, and the boxes in its outbox."""

    given: dict[Any, SurveyAnswers] = field(default_factory=dict)
    boxes: list[Item] = field(default_factory=list)
    worries: int = 0


def test_each_survey_is_recorded_once_however_often_and_in_whatever_order_it_comes(
    own_database: str, surveys_sent: int, tmp_path: Path, record_property: Any
) -> None:
    seed = Random().randrange(10**6)
    record_property("seed", seed)
    chance, line, began = Random(seed), Line(), time.monotonic()
    engine = create_engine_for(own_database)
    app = create_app(_settings(own_database, tmp_path), session_factory(engine))
    client = app.test_client()
    _sign_in(client, own_database)
    enrolled = client.post("/sync/enrol", json={"name": "A tablet"}, headers=HEADERS).get_json()
    sent = _finish(own_database, chance, surveys_sent, enrolled["device"])
    event.listen(engine, "before_cursor_execute", line.burn)
    deliveries = _deliver_until_all_is_receipted(client, sent, chance, line)
    line.fuse = None
    _assert_all_there_once(own_database, sent)
    engine.dispose()
    record_property("surveys", surveys_sent)
    record_property("deliveries", deliveries)
    record_property("broken off on the way in", line.broken)
    record_property("replies that nobody heard", line.unheard)
    record_property("seconds", round(time.monotonic() - began))
    assert line.broken > 0
    assert line.unheard > 0


def _settings(url: str, folder: Path) -> Settings:
    return Settings(folder, url, "a key that is only for tests, and long enough", password_cost=CHEAP)


def _sign_in(client: Any, url: str) -> None:
    with working_on(url) as db:
        token = sessions.start(db, staff_of(db, crew_of(db).asha), "A browser")
    with client.application.app_context():
        client.set_cookie(cookie_name(), token)


def _finish(url: str, chance: Random, number: int, device_id: str) -> Sent:
    """Finished surveys, some of them with a worry about the person."""
    sent = Sent()
    with working_on(url) as db:
        asha, key = crew_of(db).asha, intake.public_keys(db)[0].raw
        device = db.get_one(Device, uuid.UUID(device_id))
        chosen = _tickets(db, asha, number)
        packing.pack(db, asha, device, [ticket.id for ticket in chosen])
        for ticket in chosen:
            given = _answers(chance)
            worry = {"concern": "A worry", "told": ""} if chance.random() < 0.1 else None
            sent.worries += worry is not None
            sent.given[ticket.id] = given
            sent.boxes.append(item(key, contents(asha, ticket, given, flag=worry)))
    return sent


def _tickets(db: Any, asha: Any, number: int) -> list[Ticket]:
    """For a hundredth as many people, so that each has many baselines, of which one must count."""
    episodes = [refer(db, asha) for _ in range(max(1, number // 100))]
    made = [
        Ticket(
            episode=episodes[one % len(episodes)],
            occasion=Occasion.BASELINE,
            code=codes.new_form_code(),
            planned_for=clock.today(),
            issued_at=clock.now(),
            issued_by_id=asha.id,
        )
        for one in range(number)
    ]
    db.add_all(made)
    db.flush()
    return made


def _answers(chance: Random) -> SurveyAnswers:
    scores = {key: chance.randint(1, 5) for key in INSTRUMENT.keys}
    notes = {INSTRUMENT.keys[0]: "شکریہ" * chance.randint(0, 9)}
    return answers(scores, notes=notes, completed_on=days_ago(chance.randint(0, 20)))


def _deliver_until_all_is_receipted(client: Any, sent: Sent, chance: Random, line: Line) -> int:
    """Every box one to five times, shuffled; then again what has no receipt. Returns how many deliveries."""
    todo = [box for box in sent.boxes for _ in range(chance.randint(1, MOST_TIMES))]
    chance.shuffle(todo)
    receipted: dict[str, str] = {}
    deliveries = 0
    while todo:
        at_once = chance.randint(1, sync.MOST_ITEMS)
        batch, todo = todo[:at_once], todo[at_once:]
        deliveries += 1
        _deliver(client, batch, chance, line, receipted)
        todo = todo or [box for box in sent.boxes if box.id not in receipted]
    assert receipted == {box.id: box.sha256 for box in sent.boxes}
    return deliveries


def _deliver(client: Any, batch: list[Item], chance: Random, line: Line, receipted: dict[str, str]) -> None:
    line.fuse = chance.randint(0, 20) if chance.random() < 0.2 else None
    answer = client.post("/sync", json=as_sent(batch), headers=HEADERS)
    line.fuse = None
    if answer.status_code == 500:
        return
    if chance.random() < 0.2:
        line.unheard += 1
        return
    receipts = answer.get_json()["receipts"]
    assert [one["id"] for one in receipts] == [one.id for one in batch]
    assert {one["state"] for one in receipts} == {"recorded"}
    receipted.update({one["id"]: one["sha256"] for one in receipts})


def _assert_all_there_once(url: str, sent: Sent) -> None:
    with working_on(url) as db:
        kept = {survey.ticket_id: rules.of_row(survey) for survey in db.scalars(select(Survey))}
        assert kept == sent.given
        assert db.scalar(select(func.count()).select_from(Survey)) == len(sent.given)
        assert db.scalar(select(func.count()).select_from(SyncItem)) == len(sent.boxes)
        assert db.scalar(select(func.count()).select_from(SafetyFlag)) == sent.worries
        told = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "survey_recorded")
        assert db.scalar(told) == len(sent.given)
        counting = select(Survey.episode_id).where(Survey.counts)
        assert sorted(db.scalars(counting)) == sorted(set(db.scalars(select(Survey.episode_id))))
        assert soundness.problems(db) == []
