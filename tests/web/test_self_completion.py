"""The person answers on a screen that was handed over: their own form is all there is; it names nobody."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.filled import Fields, filled_in, ids
from tests.support.pages import buttons_of, text_of
from tests.support.people import PASSWORD, Crew, answers, refer
from tests.support.signing_in import field, sign_in
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Draft, Mode, Occasion, Respondent, Survey, Ticket
from wellbeing_app.services import clock, surveys, throttle, tickets

KEYS = INSTRUMENT.keys
LAST = len(KEYS)
A, NOTE = f"answer-{KEYS[0]}", f"note-{KEYS[0]}"
NAMES = ("Zenobia", "Quist", "Asha", "Z.Q.")


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return planned(db, crew)


def planned(db: Session, crew: Crew, **details: Any) -> Ticket:
    episode = refer(db, crew.asha, "Zenobia", last_name="Quist", **details)
    return tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())


@pytest.fixture
def tablet(client: Client, crew: Crew, ticket: Ticket) -> Client:
    """Asha's tablet, in the person's hands."""
    client.sign_in(crew.asha)
    hand_over(client, ticket)
    return client


def hand_over(client: Client, ticket: Ticket) -> None:
    page = client.get(f"/surveys/{ticket.id}").text
    response = client.post(f"/surveys/{ticket.id}/hand-over", data=filled_in(page, str(ticket.id)))
    assert response.location == own(ticket)


def own(ticket: Ticket, page: str = "") -> str:
    return f"/self/{ticket.id}/{page}"


def reply(client: Client, ticket: Ticket, number: int, do: str = "continue", **changed: Any) -> TestResponse:
    """Open a measure's page, change something, and press a button."""
    page = client.get(own(ticket, str(number))).text
    sent = {**filled_in(page, str(number)), **changed, "do": do}
    return client.post(own(ticket, str(number)), data=sent)


def answer_all(client: Client, ticket: Ticket, value: str = "4") -> TestResponse:
    for number, key in enumerate(KEYS, 1):
        response = reply(client, ticket, number, **{f"answer-{key}": value})
    return response


def finish(client: Client, ticket: Ticket, **changed: str) -> TestResponse:
    page = client.get(own(ticket, "check")).text
    return client.post(own(ticket, "check"), data={**filled_in(page), **changed})


def saved(db: Session) -> list[Survey]:
    return list(db.scalars(select(Survey)))


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
        if rule.endpoint in OPEN:
            assert response.status_code in (200, 302, 404), path
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


def take_back(client: Client, ticket: Ticket, password: str = PASSWORD) -> TestResponse:
    return client.submit(own(ticket, "hand-back"), {"password": password})


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
