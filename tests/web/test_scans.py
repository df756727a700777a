"""A machine reads what was ticked; a person looks at each row, and only then it is saved."""

from __future__ import annotations

import io
import random
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.conftest import KEY
from tests.support.client import Client
from tests.support.people import Crew, refer
from wellbeing_app.config import Settings
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import HeldPaper, Occasion, ReadPage, Survey, Ticket
from wellbeing_app.paper import codes, readings
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.services import clock, layouts, papers, printing, scans, tickets
from wellbeing_app.services.codes import new_form_code, new_token
from wellbeing_app.services.papers import Found
from wellbeing_app.services.printing import Edition
from wellbeing_app.web.context import EXTENSION

ALL = dict(enumerate(INSTRUMENT.keys, start=1))
ROWS = {row: ("value", 2) if row != 8 else ("blank", None) for row in ALL}
LAST = INSTRUMENT.keys[-1]


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return tickets.plan(db, crew.asha, refer(db, crew.asha).id, Occasion.BASELINE, clock.today())


@pytest.fixture
def page(db: Session, crew: Crew, ticket: Ticket) -> ReadPage:
    found = papers.by_characters(db, crew.dev, ticket.code)
    return scans.take(db, crew.dev, found, ROWS, scans.sealed({1: b"a picture"}, KEY))


def sure(**more: str) -> dict[str, str]:
    chosen = {f"answer-{key}": "2" for key in INSTRUMENT.keys[:-1]}
    return {**chosen, "completed_on": clock.today().isoformat(), "mode": "self_paper", **more}


def test_what_is_sure_is_chosen_and_what_is_not_waits_for_a_person(
    client: Client, crew: Crew, page: ReadPage
) -> None:
    client.sign_in(crew.dev)
    text = client.get(f"/forms/scans/{page.id}").text
    assert text.count(" checked") == 7 + 1  # seven measures, and how the answers were given
    assert client.submit(f"/forms/scans/{page.id}", sure()).status_code == 422


def test_what_a_person_confirmed_is_saved_and_its_pictures_go(
    client: Client, db: Session, crew: Crew, ticket: Ticket, page: ReadPage
) -> None:
    client.sign_in(crew.dev)
    assert client.get(f"/forms/scans/{page.id}/1.png").data == b"a picture"
    address = f"/forms/scans/{page.id}"
    assert client.submit(address, sure(**{f"answer-{LAST}": "not_asked"})).status_code == 302
    survey = db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).one()
    assert (survey.feeling_positive, survey.unanswered) == (2, {LAST: "not_asked"})
    kept = db.get_one(ReadPage, page.id)
    assert (kept.outcome, kept.pictures) == ("saved", None)
    assert client.get(address).status_code == 404


def test_another_persons_page_is_not_there(client: Client, crew: Crew, page: ReadPage) -> None:
    client.sign_in(crew.mandy)
    assert client.get(f"/forms/scans/{page.id}").status_code == 404
    assert client.get(f"/forms/scans/{page.id}/1.png").status_code == 404


def test_a_form_saved_meanwhile_is_held_and_nothing_is_overwritten(
    client: Client, db: Session, crew: Crew, ticket: Ticket, page: ReadPage
) -> None:
    client.sign_in(crew.dev)
    answers = sure(**{f"answer-{LAST}": "3"})
    second = scans.take(db, crew.dev, Found(None, ticket), ROWS, b"")
    client.submit(f"/forms/scans/{page.id}", answers)
    client.submit(f"/forms/scans/{second.id}", sure(**{f"answer-{LAST}": "5"}))
    assert db.scalar(select(func.count()).select_from(Survey)) == 1
    assert db.scalars(select(HeldPaper)).one().fields[f"answer-{LAST}"] == "5"


def test_a_code_of_nobodys_is_confirmed_and_held(client: Client, db: Session, crew: Crew) -> None:
    page = scans.take(db, crew.dev, Found(why="unknown"), ROWS, b"")
    client.sign_in(crew.dev)
    client.submit(f"/forms/scans/{page.id}", sure(**{f"answer-{LAST}": "3"}))
    assert db.scalars(select(HeldPaper)).one().reason == "unknown"


def test_pictures_nobody_confirmed_are_forgotten_after_thirty_days(
    db: Session, crew: Crew, page: ReadPage
) -> None:
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert scans.waiting(db, crew.dev) == []
    db.refresh(page)
    assert page.pictures is None


@cache
def ticked() -> tuple[bytes, dict[str, Any]]:
    """A JPEG of a form on which everything is answered with 4, and its layout."""
    from tests.support.scans import hands
    from tests.support.scans.forms import PENS
    from tests.support.scans.press import printed

    blank, layout = printed()
    page, photo = blank.copy(), io.BytesIO()
    for box in layout["boxes"]:
        if box["col"] == 4:
            hand = hands.Hand(random.Random(box["row"]), page, PENS[0])
            hands.tick(hand, tuple(box["rect_mm"]))
    Image.fromarray(page[:, :, ::-1]).save(photo, "JPEG", quality=80)
    return photo.getvalue(), layout


@pytest.mark.slow
def test_a_photo_that_is_sent_waits_to_be_confirmed(
    client: Client, db: Session, sessions: sessionmaker[Session], crew: Crew, ticket: Ticket, app: Flask
) -> None:
    photo, layout = ticked()
    layouts.keep(db, layout)
    client.sign_in(crew.dev)
    files = [(io.BytesIO(photo), "a.jpg"), (io.BytesIO(b"x" * 2_000_000), "b.jpg")]
    answer = client.submit("/forms/scans", {"files": files})
    answer.request.environ["wsgi.input"].close()
    assert "0 of 2 pages are read" in client.get(answer.location).text
    readings.run(sessions, app.extensions[EXTENSION].settings)
    assert "b.jpg, page 1, was not read" in client.get(answer.location).text
    kept = db.scalars(select(ReadPage)).one()
    assert kept.answers == dict.fromkeys(INSTRUMENT.keys, "4")
    assert kept.why == "elsewhere"  # the specimen's address is another service's
    assert len(scans.unsealed(kept, KEY)) == 8


def test_a_photo_of_the_code_opens_the_form_and_one_without_says_what_to_do(
    client: Client, db: Session, crew: Crew, ticket: Ticket, settings: Settings
) -> None:
    copy, token = printing.one(db, crew.asha, Edition("survey", 1, "en"), ticket)
    client.sign_in(crew.dev)
    seen = codes.modules(codes.address(settings.public_url, SheetCode("S", 1, 1, "en", token)))
    dark = np.kron(np.pad(np.array(seen, bool), 4), np.ones((12, 12), bool))
    photos = [Image.fromarray(np.where(dark, 40, 220).astype(np.uint8)), Image.new("L", (600, 600), 200)]
    answers = []
    for photo in photos:
        file = io.BytesIO()
        photo.save(file, "JPEG")
        sent = {"photo": (io.BytesIO(file.getvalue()), "photo.jpg")}
        answers.append(client.submit("/forms/photo", sent, page="/forms"))
    assert answers[0].location == f"/forms/{ticket.id}/keys?copy={copy.id}"
    assert "No code of a form is seen on it" in answers[1].text


def test_a_specimen_is_called_one(client: Client, crew: Crew) -> None:
    client.sign_in(crew.dev)
    token = new_token(specimen=True)
    code = codes.address("https://elsewhere.example", SheetCode("S", 1, 1, "en", token))
    for typed in (code, new_form_code(specimen=True)):
        assert "This is a specimen" in client.submit("/forms", {"code": typed}).text
