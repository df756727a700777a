"""While the screen is handed over nothing else opens, nobody is named, and a password takes it back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.support.client import Client
from tests.support.filled import Fields, filled_in
from tests.support.handed_over import (
    KEYS,
    LAST,
    NAMES,
    A,
    answer_all,
    finish,
    hand_over,
    own,
    planned,
    reply,
    saved,
    take_back,
)
from tests.support.pages import text_of
from tests.support.people import Crew, answers, refer
from tests.support.signing_in import field, sign_in
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Survey, Ticket
from wellbeing_app.services import clock, surveys, throttle, tickets


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return planned(db, crew)


@pytest.fixture
def tablet(client: Client, crew: Crew, ticket: Ticket) -> Client:
    """Asha's tablet, in the person's hands."""
    client.sign_in(crew.asha)
    hand_over(client, ticket)
    return client


# --- nothing else opens, and nobody is named


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method


OPEN = ("static", "settings.logo", "help.panel", "help.preferences")


def test_every_other_address_leads_back_or_is_not_there_and_no_answer_names_anybody(
    tablet: Client, app: Flask, db: Session, crew: Crew, ticket: Ticket
) -> None:
    other = planned(db, crew)
    survey = surveys.record(db, crew.asha, other.id, answers()).survey_id
    token = filled_in(tablet.get(own(ticket, "1")).text, "/1")["csrf_token"]
    others = {
        "filename": "icon.svg",
        "number": 1,
        "reference": ticket.episode.service_user.reference,
        "episode_id": ticket.episode_id,
        "ticket_id": other.id,
        "survey_id": survey,
    }
    tried = 0
    for rule, method in rules(app):
        values = {name: others.get(name) or uuid.uuid4() for name in rule.arguments}
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **values)
        response = tablet.open(path, method=method, data={"csrf_token": token}, buffered=True)
        if rule.endpoint in OPEN or rule.endpoint.startswith("visit."):
            assert response.status_code in (200, 302, 404), path
        elif rule.endpoint == "sync.deliver":
            assert response.status_code == 403, path  # it takes what a tablet sends, no more
        elif method == "GET":
            assert (response.status_code, response.location) == (302, own(ticket)), path
        else:
            assert response.status_code == 404, path
        assert not [name for name in NAMES if name in response.text], path
        tried += 1
    assert tried > 60


def test_none_of_their_own_pages_names_anybody_or_leads_elsewhere(tablet: Client, ticket: Ticket) -> None:
    pages = ["", *map(str, range(1, LAST + 1)), "paused", "hand-back"]
    seen = [tablet.get(own(ticket, page)) for page in pages]
    seen += [reply(tablet, ticket, 1), tablet.get("/nowhere"), tablet.post("/sign-out")]
    answer_all(tablet, ticket)
    seen += [tablet.get(own(ticket, "check")), finish(tablet, ticket, helper="x" * 999)]
    finish(tablet, ticket)
    seen += [tablet.get(own(ticket, "done")), tablet.get("/help")]
    for response in seen:
        assert response.status_code in (200, 404, 422)
        assert not [name for name in NAMES if name in response.text]
        assert "Main</" not in response.text
        for elsewhere in ('href="/account', 'href="/caseload', 'href="/people', 'href="/surveys', 'href="/"'):
            assert elsewhere not in response.text


def test_what_was_said_to_the_advisor_is_not_shown_to_the_person(
    client: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    client.sign_in(crew.asha)
    form = client.get(f"/surveys/{ticket.id}").text
    client.post(f"/surveys/{ticket.id}", data={**filled_in(form, str(ticket.id)), "do": "later"})
    client.post(f"/surveys/{ticket.id}/hand-over", data=filled_in(form, str(ticket.id)))
    assert "Kept as a draft" not in client.get(own(ticket)).text


def test_help_opens_and_leads_back_to_the_question(tablet: Client, ticket: Ticket) -> None:
    page = tablet.get(own(ticket, "5"))
    assert 'href="/help"' in page.text
    helped = tablet.get("/help", headers={"Referer": f"http://localhost{own(ticket, '5')}"})
    assert "116 123" in text_of(helped.text)
    assert f'href="{own(ticket, "5")}"' in helped.text


def test_after_saving_no_earlier_page_shows_anything(tablet: Client, ticket: Ticket) -> None:
    answer_all(tablet, ticket, "2")
    fields = filled_in(tablet.get(own(ticket, "1")).text, "/1")
    before = tablet.get_cookie("form")
    finish(tablet, ticket)
    for page in ("", *map(str, range(1, LAST + 1)), "check"):
        response = tablet.get(own(ticket, page))
        assert (response.status_code, response.location) == (302, own(ticket, "done"))
        assert response.headers["Cache-Control"] == "no-store"
    assert tablet.post(own(ticket, "1"), data=fields).location == own(ticket, "done")
    thanks = text_of(tablet.get(own(ticket, "done")).text)
    assert "Please hand the screen back to your advisor." in thanks
    assert "Finding out" not in thanks
    # A changed cookie makes browsers drop the pages that they keep in memory for "back".
    assert tablet.get_cookie("form") != before


def test_the_persons_pages_lead_staff_to_the_form_as_they_see_it(
    client: Client, crew: Crew, ticket: Ticket
) -> None:
    client.sign_in(crew.asha)
    for page in ("", "1", "check", "done", "hand-back"):
        assert client.get(own(ticket, page)).location == f"/surveys/{ticket.id}"


# --- taking it back


def test_the_advisors_password_takes_the_screen_back_with_what_was_answered(
    tablet: Client, ticket: Ticket
) -> None:
    reply(tablet, ticket, 1, **{A: "2"})
    response = take_back(tablet, ticket)
    assert response.location == f"/surveys/{ticket.id}"
    page = tablet.get(response.location).text
    assert "What was answered so far is kept as a draft." in page
    fields = filled_in(page, str(ticket.id))
    assert (fields[A], fields["mode"]) == (["2"], ["self_tablet"])
    assert "Zenobia Quist" in page


def test_a_wrong_password_opens_nothing_and_says_so(tablet: Client, ticket: Ticket) -> None:
    for wrong, sentence in (("", "Enter your password."), ("mine", "That is not your password. Try again.")):
        response = take_back(tablet, ticket, wrong)
        assert response.status_code == 422
        assert text_of(response.text).count(sentence) == 2
    assert tablet.get("/caseload").location == own(ticket)


def test_guessing_it_is_slowed_down(tablet: Client, ticket: Ticket) -> None:
    for number in range(throttle.PER_ACCOUNT):
        take_back(tablet, ticket, str(number))
    response = take_back(tablet, ticket)
    assert "There were too many tries. Wait ten minutes" in text_of(response.text)
    assert tablet.get("/caseload").location == own(ticket)
    with time_machine.travel(clock.now() + throttle.WINDOW + timedelta(seconds=1)):
        assert take_back(tablet, ticket).status_code == 302


# --- what happens elsewhere meanwhile


def test_a_survey_cancelled_meanwhile_ends_kindly_and_the_answers_wait_for_the_advisor(
    tablet: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    reply(tablet, ticket, 1, **{A: "2"})
    open_page = filled_in(tablet.get(own(ticket, "2")).text, "/2")
    tickets.void(db, crew.mandy, ticket.id)
    sent = {**open_page, f"answer-{KEYS[1]}": "5", "do": "continue"}
    assert tablet.post(own(ticket, "2"), data=sent).location == own(ticket, "done")
    assert "Your answers are kept safe." in tablet.get(own(ticket, "done")).text
    page = tablet.get(take_back(tablet, ticket).location).text
    assert "This survey was cancelled" in page
    assert "2 Finding out" in text_of(page)
    assert "5 As good as" in text_of(page)


def test_a_survey_saved_elsewhere_meanwhile_keeps_both_for_the_advisor(
    tablet: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    answer_all(tablet, ticket, "5")
    fields = filled_in(tablet.get(own(ticket, "check")).text)
    surveys.record(db, crew.mandy, ticket.id, answers())
    assert tablet.post(own(ticket, "check"), data=fields).location == own(ticket, "done")
    page = tablet.get(take_back(tablet, ticket).location).text
    assert "Saved already, with other answers" in text_of(page)
    assert "5 As good as" in text_of(page)


def test_answers_that_only_the_advisor_can_put_right_are_kept_for_them(
    client: Client, db: Session, crew: Crew
) -> None:
    client.sign_in(crew.asha)
    ticket = planned(db, crew)
    ticket.episode.referred_on = clock.today() + timedelta(days=1)
    hand_over(client, ticket)
    answer_all(client, ticket)
    response = finish(client, ticket)
    assert response.location == own(ticket, "done")
    assert "Your answers are kept safe." in client.get(response.location).text
    assert saved(db) == []
    client.get(take_back(client, ticket).location)
    page = client.get(f"/surveys/{ticket.id}?check=1").text
    assert "The day is before the referral." in page
    assert filled_in(page, str(ticket.id))[A] == ["4"]


def test_a_sign_in_that_ended_under_the_person_loses_nothing(
    client: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    with time_machine.travel(clock.now() - timedelta(hours=12, minutes=1), tick=False):
        sign_in(client, crew.asha)
        hand_over(client, ticket)
        fields: Fields = {**filled_in(client.get(own(ticket, "1")).text, "/1"), A: ["2"], "do": ["continue"]}
    refused = client.post(own(ticket, "1"), data=fields)
    assert refused.status_code == 401
    assert not [name for name in NAMES if name in refused.text]
    given_back = sign_in(client, crew.asha, held=field(refused, "held"))
    response = client.post(own(ticket, "1"), data=filled_in(given_back.text, "/1"))
    assert client.get(response.location).location == f"/surveys/{ticket.id}"
    assert filled_in(client.get(f"/surveys/{ticket.id}").text, str(ticket.id))[A] == ["2"]


def test_what_the_advisor_had_typed_comes_along_when_the_screen_is_handed_over(
    client: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    client.sign_in(crew.asha)
    form = filled_in(client.get(f"/surveys/{ticket.id}").text, str(ticket.id))
    answered = {f"answer-{key}": "4" for key in INSTRUMENT.keys[:2]}
    client.post(f"/surveys/{ticket.id}/hand-over", data={**form, **answered})
    assert client.get(own(ticket)).text.count(own(ticket, "3")) == 1, "it carries on at the third question"


def test_nobody_says_that_an_interpreter_was_there_when_a_person_answers_alone(
    client: Client, db: Session, crew: Crew
) -> None:
    episode = refer(db, crew.asha, needs_interpreter=True)
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())
    client.sign_in(crew.asha)
    form = filled_in(client.get(f"/surveys/{ticket.id}").text, str(ticket.id))
    assert form["with_interpreter"]
    client.post(f"/surveys/{ticket.id}/hand-over", data={**form, f"answer-{INSTRUMENT.keys[0]}": "4"})
    for number in range(1, 9):
        key = INSTRUMENT.keys[number - 1]
        page = filled_in(client.get(own(ticket, str(number))).text)
        client.post(own(ticket, str(number)), data={**page, f"answer-{key}": "3"})
    client.post(own(ticket, "check"), data=filled_in(client.get(own(ticket, "check")).text))
    assert db.scalars(select(Survey)).one().with_interpreter is False
