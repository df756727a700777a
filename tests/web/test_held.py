"""A form that was sent after its sign-in had ended: whoever sent it gets it back, and nobody else."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import time_machine
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.people import PASSWORD, Crew, refer
from tests.support.signing_in import FAY, OTHER, field, sign_in, token
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Draft, Occasion, Staff, Ticket
from wellbeing_app.services import clock, tickets
from wellbeing_app.web.i18n import use_language

KEYS = INSTRUMENT.keys
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def too_late(client: Client, crew: Crew) -> TestResponse:
    """Adam sent a form, half an hour too late."""
    with time_machine.travel(clock.now() - timedelta(minutes=31), tick=False):
        sign_in(client, crew.adam)
        form_token = token(client, "/staff/new")
    return client.post("/staff/new", data={**FAY, "csrf_token": form_token})


def test_a_form_sent_too_late_is_held_in_the_sign_in_page_sealed(too_late: TestResponse, db: Session) -> None:
    assert too_late.status_code == 401
    assert "What you typed is still here" in too_late.text
    assert "Sealed" not in too_late.text
    assert not db.scalar(select(Staff).where(Staff.email == FAY["email"]))


def test_whoever_sent_it_gets_it_back_and_carries_on(
    client: Client, crew: Crew, too_late: TestResponse, db: Session
) -> None:
    wrong = sign_in(client, crew.adam, "a slip of the hand", held=field(too_late, "held"))
    page = sign_in(client, crew.adam, held=field(wrong, "held"))
    assert page.status_code == 200
    assert "Carry on and send" in page.text
    assert "Sealed" not in re.sub(HIDDEN, "", page.text)
    assert 'action="/staff/new"' in page.text
    fields = [(name, html.unescape(value)) for name, value in HIDDEN.findall(page.text)]
    assert client.post("/staff/new", data=dict(fields)).status_code == 201
    assert db.scalar(select(Staff.name).where(Staff.email == FAY["email"])) == FAY["name"]


def test_another_person_at_this_browser_does_not_get_to_see_it(
    client: Client, crew: Crew, too_late: TestResponse
) -> None:
    response = sign_in(client, crew.mandy, held=field(too_late, "held"))
    assert (response.status_code, response.location) == (302, "/")
    assert "Sealed" not in response.text
    assert "Somebody else had typed something on this browser." in client.get("/account").text


@pytest.mark.parametrize("change", ["cut off", "tampered", "nonsense"])
def test_what_was_held_and_changed_on_the_way_is_not_trusted(
    client: Client, crew: Crew, too_late: TestResponse, change: str
) -> None:
    sealed = field(too_late, "held")
    changed = {"cut off": sealed[:-4], "tampered": "x" + sealed[1:], "nonsense": "نہیں"}
    assert sign_in(client, crew.adam, held=changed[change]).status_code == 302


def test_what_was_held_for_too_long_is_gone(client: Client, crew: Crew, too_late: TestResponse) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1)):
        assert sign_in(client, crew.adam, held=field(too_late, "held")).status_code == 302


def test_a_password_is_never_held(client: Client, crew: Crew) -> None:
    with time_machine.travel(clock.now() - timedelta(minutes=31), tick=False):
        sign_in(client, crew.adam)
        form_token = token(client, "/account/password")
    response = client.post(
        "/account/password", data={"old": PASSWORD, "new": OTHER, "csrf_token": form_token}
    )
    assert response.status_code == 401
    assert field(response, "held") == ""


@pytest.fixture
def out_of_time(client: Client, crew: Crew, db: Session) -> Ticket:
    """The person has answered the first question, in Urdu, and Asha's sign-in came to its end."""
    with time_machine.travel(clock.now() - timedelta(hours=12, minutes=1), tick=False):
        ticket = tickets.plan(db, crew.asha, refer(db, crew.asha).id, Occasion.BASELINE, clock.today())
        client.sign_in(crew.asha)
        client.submit(f"/surveys/{ticket.id}/hand-over", page=f"/surveys/{ticket.id}")
        client.submit(f"/self/{ticket.id}/preferences", {"language": "ur"}, page=f"/self/{ticket.id}/1")
        client.submit(f"/self/{ticket.id}/1", {f"answer-{KEYS[0]}": "2"})
    return ticket


def test_a_sign_in_that_ended_in_the_persons_hands_asks_for_the_advisor_in_their_language(
    client: Client, out_of_time: Ticket
) -> None:
    for page in (client.get(f"/self/{out_of_time.id}/2"), client.get("/caseload")):
        assert page.status_code == 401
        assert '<html lang="ur" dir="rtl"' in page.text
        with client.application.test_request_context(), use_language("ur"):
            assert gettext("Your answers so far are kept.") in page.text
        assert re.search(
            r'<details[^>]* lang="en" dir="ltr">\s*<summary>For the advisor: sign in<', page.text
        )
        assert "Grace" not in page.text


def test_the_answer_that_was_on_its_way_then_waits_for_that_advisor_only(
    client: Client, crew: Crew, db: Session, out_of_time: Ticket
) -> None:
    path = f"/self/{out_of_time.id}/2"
    late = client.post(path, data={f"answer-{KEYS[1]}": "4"})
    assert late.status_code == 401
    page = sign_in(client, crew.asha, held=field(late, "held"))
    assert f'action="{path}"' in page.text
    client.post(path, data=dict(HIDDEN.findall(page.text)))
    draft = db.scalars(select(Draft)).one()
    assert (draft.fields[f"answer-{KEYS[0]}"], draft.fields[f"answer-{KEYS[1]}"]) == ("2", "4")


def test_what_a_stranger_sends_is_not_held(client: Client) -> None:
    response = client.submit("/staff/new", FAY, page="/sign-in")
    assert response.status_code == 401
    assert field(response, "held") == ""


def test_several_answers_of_the_same_name_are_all_given_back(client: Client, crew: Crew) -> None:
    with time_machine.travel(clock.now() - timedelta(minutes=31), tick=False):
        sign_in(client, crew.adam)
    late = client.post("/staff/new?from=list", data={"role": ["advisor", "manager"], "note": "<b>&"})
    page = sign_in(client, crew.adam, held=field(late, "held")).text
    assert 'action="/staff/new?from=list"' in page
    fields = [(name, html.unescape(value)) for name, value in HIDDEN.findall(page) if name != "csrf_token"]
    assert fields == [("role", "advisor"), ("role", "manager"), ("note", "<b>&")]
