"""Several browsers at the very same moment, on a database that truly commits."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.filled import filled_in
from tests.support.people import CHEAP, refer, staff_of
from tests.support.sealing import HEADERS, as_sent, contents, item
from tests.support.workers import crew_of, working_on
from wellbeing_app import create_app
from wellbeing_app.config import Settings
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Draft, Occasion, Survey, SurveyRevision, SyncItem, Ticket
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import clock, intake, sessions, tickets

BROWSERS = 4
KEYS = INSTRUMENT.keys


@pytest.fixture
def app(own_database: str, tmp_path: Path) -> Iterator[Flask]:
    engine = create_engine_for(own_database)
    key = "a key that is only for tests, and long enough"
    settings = Settings(tmp_path, own_database, key, password_cost=CHEAP)
    yield create_app(settings, session_factory(engine))
    engine.dispose()


@pytest.fixture
def ticket_id(own_database: str) -> uuid.UUID:
    with working_on(own_database) as db:
        asha = crew_of(db).asha
        return tickets.plan(db, asha, refer(db, asha).id, Occasion.BASELINE, clock.today()).id


@pytest.fixture
def browsers(app: Flask, own_database: str) -> list[FlaskClient]:
    """Asha's, each signed in."""
    with working_on(own_database) as db:
        asha = staff_of(db, crew_of(db).asha)
        tokens = [sessions.start(db, asha, "A browser") for _ in range(BROWSERS)]
    found = [app.test_client() for _ in tokens]
    for browser, token in zip(found, tokens, strict=True):
        browser.set_cookie("wellbeing", token)
    return found


def at_once(browsers: list[FlaskClient], do: Callable[[FlaskClient], TestResponse]) -> list[TestResponse]:
    together = Barrier(len(browsers), timeout=30)

    def run(browser: FlaskClient) -> TestResponse:
        together.wait()
        return do(browser)

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(run, browsers))


def rows(url: str, table: type) -> int:
    with working_on(url) as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_all_who_save_the_same_survey_are_told_it_is_saved_and_it_is_once(
    browsers: list[FlaskClient], own_database: str, ticket_id: uuid.UUID
) -> None:
    form = f"/surveys/{ticket_id}"
    answers = {f"answer-{key}": "3" for key in KEYS}
    opened = filled_in(browsers[0].get(form).text, str(ticket_id))
    browsers[0].post(form, data={**opened, **answers, "do": "check"})
    pages = {id(browser): filled_in(browser.get(f"{form}/check").text) for browser in browsers}
    told = at_once(browsers, lambda browser: browser.post(f"{form}/check", data=pages[id(browser)]))
    assert [response.status_code for response in told] == [302] * BROWSERS
    assert len({response.location for response in told}) == 1
    assert (rows(own_database, Survey), rows(own_database, SurveyRevision)) == (1, 1)
    assert rows(own_database, Draft) == 0


def test_of_all_who_save_other_answers_one_does_and_the_others_see_both(
    browsers: list[FlaskClient], own_database: str, ticket_id: uuid.UUID
) -> None:
    form = f"/surveys/{ticket_id}"
    pages = {}
    for number, browser in enumerate(browsers, 1):
        answers = {f"answer-{key}": str(number) for key in KEYS}
        opened = filled_in(browser.get(form).text, str(ticket_id))
        browser.post(form, data={**opened, **answers, "do": "check"})
        pages[id(browser)] = filled_in(browser.get(f"{form}/check").text)
    told = at_once(browsers, lambda browser: browser.post(f"{form}/check", data=pages[id(browser)]))
    assert sorted(response.status_code for response in told) == [302, *[409] * (BROWSERS - 1)]
    assert rows(own_database, Survey) == 1


def test_drafts_that_arrive_together_are_all_kept(
    browsers: list[FlaskClient], own_database: str, ticket_id: uuid.UUID
) -> None:
    form = f"/surveys/{ticket_id}"
    opened = {id(browser): filled_in(browser.get(form).text, str(ticket_id)) for browser in browsers}
    own = {id(browser): {f"answer-{key}": "3"} for browser, key in zip(browsers, KEYS, strict=False)}

    def keep(browser: FlaskClient) -> TestResponse:
        return browser.post(form, data={**opened[id(browser)], **own[id(browser)], "do": "draft"})

    assert [response.status_code for response in at_once(browsers, keep)] == [204] * BROWSERS
    kept = filled_in(browsers[0].get(form).text, str(ticket_id))
    assert [kept.get(f"answer-{key}") for key in KEYS[:BROWSERS]] == [["3"]] * BROWSERS


def test_a_person_who_presses_twice_while_it_is_saved_elsewhere_is_thanked(
    browsers: list[FlaskClient], own_database: str, ticket_id: uuid.UUID
) -> None:
    tablet, office = browsers[0], browsers[1]
    form, own = f"/surveys/{ticket_id}", f"/self/{ticket_id}"
    answers = {f"answer-{key}": "3" for key in KEYS}
    opened = filled_in(office.get(form).text, str(ticket_id))
    office.post(form, data={**opened, **answers, "do": "check"})
    at_the_office = filled_in(office.get(f"{form}/check").text)
    tablet.post(f"{form}/hand-over", data=filled_in(tablet.get(form).text, str(ticket_id)))
    on_the_tablet = filled_in(tablet.get(f"{own}/check").text)

    def press(browser: FlaskClient) -> TestResponse:
        if browser is tablet:
            return browser.post(f"{own}/check", data=on_the_tablet)
        return browser.post(f"{form}/check", data=at_the_office)

    told = at_once([tablet, office], press)
    assert told[0].location == f"{own}/done"
    assert told[1].status_code in (302, 409)
    assert rows(own_database, Survey) == 1


def test_one_survey_sent_twenty_times_at_once_is_recorded_once_and_each_gets_the_same_receipt(
    app: Flask, browsers: list[FlaskClient], own_database: str, ticket_id: uuid.UUID
) -> None:
    enrolled = browsers[0].post("/sync/enrol", json={}, headers=HEADERS)
    cookie = enrolled.headers["Set-Cookie"].split(";")[0].removeprefix("device=")
    with working_on(own_database) as db:
        public, ticket = intake.public_keys(db)[0].raw, db.get_one(Ticket, ticket_id)
        body = as_sent([item(public, contents(crew_of(db).asha, ticket))])
    tablets = [app.test_client() for _ in range(20)]
    for tablet in tablets:
        tablet.set_cookie("device", cookie, path="/sync")
    replies = at_once(tablets, lambda tablet: tablet.post("/sync", json=body, headers=HEADERS))
    assert {reply.status_code for reply in replies} == {200}
    assert len({str(reply.get_json()["receipts"]) for reply in replies}) == 1
    assert replies[0].get_json()["receipts"][0]["state"] == "recorded"
    assert (rows(own_database, Survey), rows(own_database, SyncItem)) == (1, 1)
