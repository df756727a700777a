"""Help is there for everybody, and so are the choice of language and of the size of text."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Purpose
from wellbeing_app.services import clock, settings, tickets
from wellbeing_app.services.settings import HelpLine, ServiceSettings
from wellbeing_app.web.wording import agreement_wording, default_help_lines


def test_help_is_there_without_signing_in(client: Client) -> None:
    page = client.get("/help")
    assert page.status_code == 200
    assert re.findall(r'href="tel:([^"]+)"', page.text) == ["999", "116123", "111"]


def test_the_usual_numbers_are_those_that_the_questionnaire_tells(app: Flask) -> None:
    with app.test_request_context():
        numbers = [line.number for line in default_help_lines()]
    assert [number for number in numbers if number not in INSTRUMENT.words["safety"]] == []


def test_the_services_own_lines_and_words_take_the_place_of_ours(
    client: Client, crew: Crew, db: Session
) -> None:
    lines = (HelpLine("Duty <desk>", "+44 (0)1632 960-123", "By day"),)
    settings.change(db, crew.adam, ServiceSettings(help_text="First.\n\nSecond.", help_lines=lines))
    page = client.get("/help").text
    assert 'href="tel:+441632960123"' in page
    assert "Duty &lt;desk&gt;" in page
    assert "116123" not in page
    assert re.findall(r'<p dir="auto">([^<]+)</p>', page) == [
        "First.",
        "Second.",
        "If somebody is in danger now",
        "By day",
    ]


@pytest.mark.parametrize("number", ["999", "9 9 9", "999 (ask for the police)"])
def test_a_line_for_emergencies_is_always_there_and_only_once(
    client: Client, crew: Crew, db: Session, number: str
) -> None:
    desk = HelpLine("Duty desk", "01632 960123")
    settings.change(db, crew.adam, ServiceSettings(help_lines=(desk,)))
    assert re.findall(r'href="tel:([^"]+)"', client.get("/help").text) == ["999", "01632960123"]
    own = (desk, HelpLine("Emergency", number))
    settings.change(db, crew.adam, ServiceSettings(help_lines=own, version=1))
    assert re.findall(r'href="tel:([^"]+)"', client.get("/help").text) == ["01632960123", "999"]


def test_help_works_while_the_person_has_the_tablet_and_leads_back_to_their_form(
    client: Client, crew: Crew, db: Session
) -> None:
    episode = refer(db, crew.asha)
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())
    client.sign_in(crew.asha)
    client.submit(f"/surveys/{ticket.id}/hand-over", page=f"/surveys/{ticket.id}")
    page = client.get("/help")
    assert page.status_code == 200
    assert f'class="back-link" href="/self/{ticket.id}' in page.text
    assert 'href="/account"' not in page.text
    assert "Caseload" not in page.text


def test_help_leads_back_to_where_one_was(client: Client, crew: Crew) -> None:
    client.sign_in(crew.adam)
    here = {"Referer": "http://localhost/staff/log?before=2026"}
    assert 'class="back-link" href="/staff/log?before=2026"' in client.get("/help", headers=here).text
    for other in ("http://evil.example/staff", "http://localhost/help", "http://localhost//evil.example", ""):
        assert "back-link" not in client.get("/help", headers={"Referer": other}).text


def choose(client: Client, **fields: str) -> str | None:
    return client.submit("/preferences", fields, page="/help").location


def test_a_language_is_kept_on_this_browser(client: Client) -> None:
    assert '<html lang="en" dir="ltr"' in client.get("/help").text
    assert choose(client, language="ur", next="/help") == "/help"
    assert '<html lang="ur" dir="rtl"' in client.get("/sign-in").text


def test_a_size_of_text_is_kept_on_this_browser(client: Client) -> None:
    choose(client, text_size="larger", next="/help")
    assert 'data-text="larger"' in client.get("/sign-in").text
    choose(client, language="en")
    assert 'data-text="larger"' in client.get("/sign-in").text


@pytest.mark.parametrize("fields", [{}, {"language": "tlh"}, {"text_size": "huge"}, {"language": ""}])
def test_a_choice_that_there_is_not_changes_nothing(client: Client, fields: dict[str, str]) -> None:
    assert choose(client, next="/help", **fields) == "/help"
    page = client.get("/help").text
    assert '<html lang="en" dir="ltr" data-text="normal"' in page


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/sign-out", "/nowhere", ""])
def test_a_choice_leads_back_on_this_site_only(client: Client, address: str) -> None:
    assert choose(client, text_size="large", next=address) == "/"


def test_a_choice_from_another_site_is_refused(client: Client) -> None:
    response = client.post("/preferences", data={"language": "ur"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_an_agreement_is_in_the_services_words_or_else_in_ours(app: Flask, crew: Crew, db: Session) -> None:
    own = ServiceSettings(agreements={Purpose.TAKE_PART: "Yes, I will."})
    settings.change(db, crew.adam, own)
    db.commit()
    with app.test_request_context():
        assert agreement_wording(Purpose.TAKE_PART) == "Yes, I will."
        for purpose in Purpose:
            assert len(agreement_wording(purpose)) >= len("Yes, I will.")
