"""A machine reads what was ticked; a person looks at each row, and only then it is saved."""

from __future__ import annotations

import io
import random
from datetime import timedelta

import pytest
import time_machine
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import KEY
from tests.support.client import TOKEN, Client
from tests.support.people import Crew, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import HeldPaper, Occasion, ReadPage, Survey, Ticket
from wellbeing_app.services import clock, papers, scans, tickets
from wellbeing_app.services.papers import Found

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


@pytest.mark.slow
def test_a_photo_that_is_sent_waits_to_be_confirmed(
    client: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    from tests.support.scans import hands
    from tests.support.scans.forms import PENS
    from tests.support.scans.hands import Hand
    from tests.support.scans.press import printed

    blank, layout = printed()
    page = blank.copy()
    for box in layout["boxes"]:
        if box["col"] == 4:
            hands.tick(Hand(random.Random(box["row"]), page, PENS[0]), tuple(box["rect_mm"]))
    photo = io.BytesIO()
    Image.fromarray(page[:, :, ::-1]).save(photo, "JPEG", quality=80)
    from wellbeing_app.services import layouts

    layouts.keep(db, layout)
    client.sign_in(crew.dev)
    token = TOKEN.search(client.get("/forms/scans").text)
    assert token
    sent = {
        "csrf_token": token[1],
        "files": [(io.BytesIO(photo.getvalue()), "a.jpg"), (io.BytesIO(b"x" * 2_000_000), "b.jpg")],
    }
    answer = client.post("/forms/scans", data=sent, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    assert "b.jpg, page 1, was not read" in answer.text
    kept = db.scalars(select(ReadPage)).one()
    assert kept.answers == dict.fromkeys(INSTRUMENT.keys, "4")
    assert kept.why == "elsewhere"  # the specimen's address is another service's
    assert len(scans.unsealed(kept, KEY)) == 8
