"""A form that was sent after its sign-in had ended: whoever sent it gets it back, and nobody else."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.people import PASSWORD, Crew
from tests.support.signing_in import FAY, OTHER, field, sign_in, token
from wellbeing_app.model import Staff
from wellbeing_app.services import clock

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
