"""The person answers on a screen that was handed over: their own form is all there is; it names nobody."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.filled import filled_in, ids
from tests.support.handed_over import (
    KEYS,
    LAST,
    NOTE,
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
from tests.support.pages import buttons_of, text_of
from tests.support.people import Crew
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Draft, Mode, Respondent, Ticket
from wellbeing_app.services import clock


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return planned(db, crew)


@pytest.fixture
def tablet(client: Client, crew: Crew, ticket: Ticket) -> Client:
    """Asha's tablet, in the person's hands."""
    client.sign_in(crew.asha)
    hand_over(client, ticket)
    return client


# --- the whole way


def test_one_measure_at_a_time_from_the_opening_to_thank_you(
    tablet: Client, db: Session, ticket: Ticket
) -> None:
    opening = tablet.get(own(ticket)).text
    for sentence in INSTRUMENT.words["self_opening"].splitlines():
        assert sentence in opening
    for number, measure in enumerate(INSTRUMENT.measures, 1):
        text = text_of(tablet.get(own(ticket, str(number))).text)
        assert f"Question {number} of {LAST}" in text
        assert all(words in text for words in (measure.title, measure.line, measure.prompts[0].text))
        assert "I'd rather not say" in text
        assert "Not asked" not in text
        response = reply(
            tablet, ticket, number, **{f"answer-{measure.key}": "declined" if number == 3 else "4"}
        )
        assert response.location == own(ticket, str(number + 1) if number < LAST else "check")
    check = text_of(tablet.get(own(ticket, "check")).text)
    assert check.count("4 Getting there/could do more") == LAST - 1
    assert "I'd rather not say" in check
    assert finish(tablet, ticket).location == own(ticket, "done")
    [survey] = saved(db)
    assert (survey.mode, survey.respondent, survey.language) == (Mode.SELF_TABLET, Respondent.SELF, "en")
    assert (getattr(survey, KEYS[0]), survey.unanswered) == (4, {KEYS[2]: "declined"})
    assert survey.completed_on == clock.today()


def test_whoever_helped_is_written_down(tablet: Client, db: Session, ticket: Ticket) -> None:
    answer_all(tablet, ticket)
    finish(tablet, ticket, helper=" My son ")
    assert [(one.respondent, one.helper) for one in saved(db)] == [(Respondent.SELF_WITH_HELP, "My son")]


def test_what_else_they_want_to_say_is_kept(tablet: Client, db: Session, ticket: Ticket) -> None:
    prompt = INSTRUMENT.measures[0].prompts[1].key
    answer_all(tablet, ticket)
    reply(tablet, ticket, 1, **{NOTE: "Since the garden", f"prompts-{KEYS[0]}": [prompt]})
    finish(tablet, ticket)
    assert [(one.notes, one.prompts) for one in saved(db)] == [
        ({KEYS[0]: "Since the garden"}, {KEYS[0]: [prompt]})
    ]


def test_the_button_pressed_twice_saves_once(tablet: Client, db: Session, ticket: Ticket) -> None:
    answer_all(tablet, ticket)
    fields = filled_in(tablet.get(own(ticket, "check")).text)
    pressed = [tablet.post(own(ticket, "check"), data=fields).location for _ in range(3)]
    assert set(pressed) == {own(ticket, "done")}
    assert len(saved(db)) == 1


def test_an_answer_changed_from_the_last_page_leads_back_there(tablet: Client, ticket: Ticket) -> None:
    answer_all(tablet, ticket)
    change = f"{own(ticket, '2')}?check=1"
    assert f'href="{change}"' in tablet.get(own(ticket, "check")).text
    page = tablet.get(change).text
    fields = {**filled_in(page, "?check=1"), f"answer-{KEYS[1]}": "1", "do": "continue"}
    response = tablet.post(change, data=fields)
    assert response.location == own(ticket, "check")
    assert "1 Not thinking about it" in text_of(tablet.get(response.location).text)


def test_whoever_carries_on_later_begins_where_they_stopped(tablet: Client, ticket: Ticket) -> None:
    for number in (1, 2):
        reply(tablet, ticket, number, **{f"answer-{KEYS[number - 1]}": "2"})
    page = tablet.get(own(ticket)).text
    assert "Carry on" in buttons_of(page)
    assert f'href="{own(ticket, "3")}"' in page


def test_a_pause_keeps_the_answer_and_shows_none(tablet: Client, ticket: Ticket) -> None:
    led_to = reply(tablet, ticket, 1, do="pause", **{A: "2", NOTE: "Half a sentence"}).location
    page = tablet.get(led_to).text
    assert "Take your time" in page
    assert "Half a sentence" not in page
    assert "Finding out" not in page
    assert f'href="{own(ticket, "1")}"' in page
    assert filled_in(tablet.get(own(ticket, "1")).text, "/1")[NOTE] == ["Half a sentence"]


@pytest.mark.parametrize("number", ["0", "9", "-1", "x", "99999999999"])
def test_a_pause_at_no_measure_carries_on_with_the_first(tablet: Client, ticket: Ticket, number: str) -> None:
    assert f'href="{own(ticket, "1")}"' in tablet.get(f"{own(ticket, 'paused')}?number={number}").text
    assert tablet.get(own(ticket, number)).status_code in (302, 404)


# --- slips


@pytest.mark.parametrize(
    ("wrong", "sentence", "place"),
    [
        ({}, "To leave it out, choose one of the last three.", f"{A}-1"),
        ({A: "6"}, "That is not one of the answers.", f"{A}-1"),
        ({A: "\x00"}, "To leave it out, choose one of the last three.", f"{A}-1"),
        ({A: "3", f"prompts-{KEYS[0]}": "wealth"}, "Tick them again.", f"{A}-1"),
        ({A: "3", NOTE: "x" * 2001}, "This note is too long.", NOTE),
    ],
)
def test_a_slip_is_told_on_its_page_and_what_was_typed_stays(
    tablet: Client, ticket: Ticket, wrong: dict[str, Any], sentence: str, place: str
) -> None:
    response = reply(tablet, ticket, 1, **{NOTE: "My words", **wrong})
    assert response.status_code == 422
    assert text_of(response.text).count(sentence) == 2
    assert f'href="#{place}"' in response.text
    assert place in ids(response.text)
    assert "autofocus" in response.text
    assert filled_in(response.text, "/1")[NOTE] == [wrong.get(NOTE, "My words")]


def test_a_token_that_grew_old_keeps_what_was_typed(tablet: Client, db: Session, ticket: Ticket) -> None:
    response = reply(tablet, ticket, 1, **{A: "2", NOTE: "My words", "csrf_token": "old"})
    assert response.status_code == 400
    assert "Nothing you typed is lost." in text_of(response.text)
    fields = filled_in(response.text, "/1")
    assert (fields[A], fields[NOTE]) == (["2"], ["My words"])
    assert db.scalar(select(func.count()).select_from(Draft)) == 0
    assert tablet.post(own(ticket, "1"), data={**fields, "do": "continue"}).location == own(ticket, "2")


def test_the_last_page_survives_an_old_token_and_a_long_name(
    tablet: Client, db: Session, ticket: Ticket
) -> None:
    answer_all(tablet, ticket)
    for wrong in ({"csrf_token": "old", "helper": "My son"}, {"helper": "x" * 201}):
        response = finish(tablet, ticket, **wrong)
        assert response.status_code in (400, 422)
        assert filled_in(response.text)["helper"] == [wrong["helper"]]
    assert saved(db) == []


def test_the_last_page_of_a_form_that_is_not_whole_leads_to_what_is_missing(
    tablet: Client, db: Session, ticket: Ticket
) -> None:
    reply(tablet, ticket, 1, **{A: "2"})
    assert tablet.get(own(ticket, "check")).location == own(ticket, "2")
    page = tablet.get(own(ticket, "2")).text
    response = tablet.post(own(ticket, "check"), data=filled_in(page, "/2"))
    assert tablet.get(response.location).location == own(ticket, "2")
    assert saved(db) == []


# --- their language


def test_it_begins_in_the_advisors_language_unless_a_reviewed_one_is_theirs(
    client: Client, db: Session, crew: Crew
) -> None:
    client.sign_in(crew.asha)
    ticket = planned(db, crew, language="ur")
    hand_over(client, ticket)
    assert '<html lang="en"' in client.get(own(ticket)).text


def test_they_switch_the_language_and_an_answer_half_way_comes_along(
    tablet: Client, db: Session, ticket: Ticket
) -> None:
    page = tablet.get(own(ticket, "4")).text
    switch = f'form="survey" formaction="{own(ticket, "preferences")}"'
    assert page.count(switch) == page.count('name="language"') + page.count('name="text_size"')
    key = KEYS[3]
    fields = {**filled_in(page, "/4"), f"answer-{key}": "2", f"note-{key}": "Half", "language": "ur"}
    response = tablet.post(own(ticket, "preferences"), data=fields)
    assert response.location == own(ticket, "4")
    again = tablet.get(response.location)
    assert '<html lang="ur" dir="rtl"' in again.text
    assert INSTRUMENT.measures[3].title not in text_of(again.text)
    kept = filled_in(again.text, "/4")
    assert (kept[f"answer-{key}"], kept[f"note-{key}"]) == (["2"], ["Half"])
    assert 'dir="rtl"' in tablet.get("/help").text, "the help speaks it too"
    answer_all(tablet, ticket)
    finish(tablet, ticket)
    assert [survey.language for survey in saved(db)] == ["ur"]
    assert '<html lang="ur"' in tablet.get(own(ticket, "done")).text


def test_the_advisors_own_language_is_there_again_afterwards(tablet: Client, ticket: Ticket) -> None:
    tablet.submit(own(ticket, "preferences"), {"language": "ur"}, page=own(ticket))
    take_back(tablet, ticket)
    assert '<html lang="en"' in tablet.get(f"/surveys/{ticket.id}").text


def test_a_language_or_a_place_that_is_forged_changes_nothing(tablet: Client, ticket: Ticket) -> None:
    forged = {"language": "xx", "next": "https://elsewhere.example/", "number": "99"}
    response = tablet.submit(own(ticket, "preferences"), forged, page=own(ticket))
    assert response.location == own(ticket)
    assert '<html lang="en"' in tablet.get(response.location).text


def test_they_choose_the_size_of_the_text(tablet: Client, ticket: Ticket) -> None:
    tablet.submit(own(ticket, "preferences"), {"text_size": "larger"}, page=own(ticket))
    assert 'data-text="larger"' in tablet.get(own(ticket)).text
