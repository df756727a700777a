"""What goes wrong at a survey, and what comes too late: it is told, and nothing typed is lost."""

from __future__ import annotations

import html
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, has_request_context
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.support.client import Client
from tests.support.filled import filled_in, ids
from tests.support.pages import buttons_of, text_of
from tests.support.people import Crew, days_ago
from tests.support.signing_in import field, sign_in
from tests.support.surveying import (
    KEYS,
    NOTE,
    ODD,
    THREES,
    A,
    address,
    errors_of,
    look,
    planned,
    save,
    saved,
    send,
    shown,
)
from wellbeing_app.model import Draft, Ticket
from wellbeing_app.services import clock, tickets
from wellbeing_app.services.answers import LONGEST_NOTE


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return planned(db, crew)


# --- wrong input

WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("a six", {A: "6"}, "not one of the answers", f"{A}-1"),
    ("a zero", {A: "0"}, "not one of the answers", f"{A}-1"),
    ("a negative", {A: "-3"}, "not one of the answers", f"{A}-1"),
    ("a huge number", {A: "9" * 5000}, "not one of the answers", f"{A}-1"),
    ("letters", {A: "three"}, "not one of the answers", f"{A}-1"),
    ("another script's digit", {A: "۳"}, "not one of the answers", f"{A}-1"),
    ("a fraction", {A: "3.0"}, "not one of the answers", f"{A}-1"),
    ("nothing", {A: ""}, "Choose an answer", f"{A}-1"),
    ("a control character", {A: "\x00"}, "Choose an answer", f"{A}-1"),
    ("an unknown tick", {f"prompts-{KEYS[0]}": ["wealth"]}, "Tick them again", f"{A}-1"),
    ("a very long note", {NOTE: "long" * LONGEST_NOTE}, "too long", NOTE),
    ("no day", {"completed_on": ""}, "Enter the day", "completed_on"),
    ("no real day", {"completed_on": "31/2/2026"}, "Enter the day", "completed_on"),
    ("a day to come", {"completed_on": "2999-01-01"}, "has not come yet", "completed_on"),
    ("a year of two digits", {"completed_on": "0026-11-05"}, "year with four digits", "completed_on"),
    ("before the referral", {"completed_on": days_ago(31).isoformat()}, "before the referral", "date_reason"),
    ("a long reason", {"date_reason": "x" * 501}, "too long", "date_reason"),
    ("no mode", {"mode": ""}, "Choose how", "mode-in_person"),
    ("a forged mode", {"mode": "telepathy"}, "Choose how", "mode-in_person"),
    ("a forged respondent", {"respondent": "nobody"}, "Choose who", "respondent-self"),
    ("help by nobody", {"respondent": "proxy"}, "Say who helped", "helper"),
    ("a long helper", {"helper": "x" * 201}, "too long", "helper"),
    ("a forged language", {"language": "Klingon'; --"}, "Choose the language", "language"),
]


@pytest.mark.parametrize(
    ("wrong", "sentence", "place"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_slip_is_told_with_the_focus_on_it_and_what_was_typed_is_kept(
    asha: Client, db: Session, ticket: Ticket, wrong: dict[str, Any], sentence: str, place: str
) -> None:
    typed = {**THREES, f"note-{KEYS[5]}": "Kept", **wrong}
    response = send(asha, ticket, typed)
    assert response.status_code == 422
    [(said, target)] = errors_of(response)
    assert sentence in said
    assert target == place
    assert place in ids(response.text)
    assert response.text.count(html.escape(said.split(": ")[-1], quote=False)) >= 2, "also beside the box"
    again = shown(response, ticket)
    assert again[f"note-{KEYS[5]}"] == ["Kept"]
    for name, value in wrong.items():
        if name in (NOTE, "date_reason", "helper", "completed_on"):
            assert again[name] == [value]
    assert saved(db) == []


@pytest.mark.parametrize(
    ("wrong", "sentence", "place"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_slip_that_is_forged_into_the_last_page_saves_nothing_either(
    asha: Client, db: Session, ticket: Ticket, wrong: dict[str, Any], sentence: str, place: str
) -> None:
    response = asha.post(f"{address(ticket)}/check", data={**look(asha, ticket, THREES), **wrong})
    assert response.status_code == 422
    assert [target for _said, target in errors_of(response)] == [place]
    assert saved(db) == []


def test_two_answers_of_one_measure_count_as_the_first(asha: Client, db: Session, ticket: Ticket) -> None:
    save(asha, ticket, {**THREES, A: ["2", "5"]})
    assert [getattr(survey, KEYS[0]) for survey in saved(db)] == [2]


def test_a_form_without_any_field_is_told_all_that_is_missing(asha: Client, ticket: Ticket) -> None:
    response = asha.submit(address(ticket), {"do": "check"})
    assert response.status_code == 422
    assert [target for _said, target in errors_of(response)] == [
        *(f"answer-{key}-1" for key in KEYS),
        "completed_on",
        "mode-in_person",
        "respondent-self",
    ]


def test_a_note_that_is_too_large_for_any_form_is_refused_kindly(asha: Client, ticket: Ticket) -> None:
    response = asha.submit(address(ticket), {**THREES, NOTE: "x" * 1_000_001})
    assert response.status_code == 413
    assert "That did not work" in response.text


def test_unreadable_characters_are_left_out_and_everything_else_is_kept(
    asha: Client, db: Session, ticket: Ticket
) -> None:
    save(asha, ticket, {**THREES, NOTE: f"\x00a\x0bb\r\nc\ufffe {ODD}", "helper": "\x00"})
    [survey] = saved(db)
    assert survey.notes == {KEYS[0]: f"ab\nc {ODD}"}


@pytest.mark.parametrize("occasion", ["", "birthday", "\x00"])
def test_a_forged_occasion_is_refused(asha: Client, ticket: Ticket, occasion: str) -> None:
    record = f"/people/{ticket.episode.service_user.reference}"
    response = asha.submit(f"/surveys/for/{ticket.episode_id}", {"occasion": occasion}, page=record)
    assert response.status_code == 400


def test_a_follow_up_before_a_baseline_is_explained(asha: Client, ticket: Ticket) -> None:
    record = f"/people/{ticket.episode.service_user.reference}"
    response = asha.submit(f"/surveys/for/{ticket.episode_id}", {"occasion": "follow_up"}, page=record)
    assert "Take the baseline first." in asha.get(response.location).text


def test_a_forged_ticket_and_another_teams_look_the_same(
    asha: Client, client: Client, crew: Crew, ticket: Ticket
) -> None:
    forged = asha.get(f"/surveys/{uuid.uuid4()}")
    client.sign_in(crew.carol)
    others = client.get(address(ticket))
    assert forged.status_code == others.status_code == 404
    assert text_of(forged.text) == text_of(others.text)


# --- too late


def test_a_token_that_grew_old_shows_the_form_again_with_everything_typed(
    asha: Client, db: Session, ticket: Ticket
) -> None:
    typed = {**THREES, A: "2", NOTE: ODD, "helper": "Her son"}
    response = send(asha, ticket, {**typed, "csrf_token": "old"})
    assert response.status_code == 400
    assert "Nothing you typed is lost" in errors_of(response)[0][0]
    assert db.scalar(select(func.count()).select_from(Draft)) == 0
    again = filled_in(response.text, str(ticket.id))
    assert (again[A], again[NOTE], again["helper"]) == (["2"], [ODD], ["Her son"])
    assert asha.post(address(ticket), data={**again, "do": "check"}).status_code == 302


def test_so_does_the_page_before_saving(asha: Client, db: Session, ticket: Ticket) -> None:
    response = asha.post(f"{address(ticket)}/check", data={**look(asha, ticket, THREES), "csrf_token": "old"})
    assert response.status_code == 400
    assert saved(db) == []
    assert asha.post(f"{address(ticket)}/check", data=filled_in(response.text)).status_code == 302
    assert len(saved(db)) == 1


@pytest.mark.parametrize("step", ["form", "check"])
def test_a_sign_in_that_ended_loses_nothing(
    client: Client, crew: Crew, db: Session, ticket: Ticket, step: str
) -> None:
    with time_machine.travel(clock.now() - timedelta(minutes=31), tick=False):
        sign_in(client, crew.asha)
        if step == "check":
            path, fields = f"{address(ticket)}/check", look(client, ticket, {**THREES, NOTE: ODD})
        else:
            path, opened = address(ticket), filled_in(client.get(address(ticket)).text, str(ticket.id))
            fields = {**opened, **THREES, NOTE: ODD, "do": "check"}
    refused = client.post(path, data=fields)
    assert refused.status_code == 401
    given_back = sign_in(client, crew.asha, held=field(refused, "held"))
    response = client.post(path, data=filled_in(given_back.text, path))
    if step == "form":
        response = client.post(response.location, data=filled_in(client.get(response.location).text))
    assert response.status_code == 302
    assert [survey.notes for survey in saved(db)] == [{KEYS[0]: ODD}]


@pytest.mark.parametrize("step", ["form", "check"])
def test_a_survey_cancelled_meanwhile_keeps_what_was_typed_and_can_be_taken_up_again(
    asha: Client, db: Session, crew: Crew, ticket: Ticket, step: str
) -> None:
    if step == "form":
        opened = filled_in(asha.get(address(ticket)).text, str(ticket.id))
        path, fields = address(ticket), {**opened, **THREES, NOTE: "Typed in vain", "do": "check"}
    else:
        path, fields = f"{address(ticket)}/check", look(asha, ticket, {**THREES, NOTE: "Typed in vain"})
    tickets.void(db, crew.mandy, ticket.id)
    response = asha.post(path, data=fields)
    assert response.status_code == 409
    for page in (response.text, asha.get(address(ticket)).text):
        assert "This survey was cancelled" in text_of(page)
        assert "Typed in vain" in page
    assert buttons_of(response.text) == ["Take it up again", "Leave it cancelled"]
    led_to = asha.post(f"{address(ticket)}/reinstate", data=filled_in(response.text, "/reinstate")).location
    assert shown(asha.get(led_to), ticket)[NOTE] == ["Typed in vain"]
    assert save(asha, ticket, {}).status_code == 302


def test_an_advisor_cancels_a_planned_survey(asha: Client, ticket: Ticket) -> None:
    page = asha.get(address(ticket)).text
    response = asha.post(f"{address(ticket)}/withdraw", data=filled_in(page, str(ticket.id)))
    assert "The planned survey is cancelled." in asha.get(response.location).text


@contextmanager
def failing(sessions: sessionmaker[Session], moment: str) -> Iterator[None]:
    def fail(*_arguments: object) -> None:
        if has_request_context():
            raise OSError("no space left on device")

    event.listen(sessions, moment, fail)
    try:
        yield
    finally:
        event.remove(sessions, moment, fail)


@pytest.mark.parametrize("moment", ["before_flush", "before_commit"])
def test_a_server_that_fails_gives_back_what_was_sent_and_claims_nothing(
    asha: Client, app: Flask, db: Session, sessions: sessionmaker[Session], ticket: Ticket, moment: str
) -> None:
    app.testing = False
    opened = filled_in(asha.get(address(ticket)).text, str(ticket.id))
    fields = {**opened, **THREES, NOTE: ODD, "do": "later"}
    with failing(sessions, moment):
        response = asha.post(address(ticket), data=fields)
    assert response.status_code == 500
    assert "What you just sent was not saved. It is still here" in text_of(response.text)
    assert "Kept as a draft" not in response.text
    again = filled_in(response.text)
    assert again[NOTE] == [ODD]
    assert asha.post(address(ticket), data=again).status_code == 302
    assert shown(asha.get(address(ticket)), ticket)[NOTE] == [ODD]
