"""Filling in a survey on one page: nothing typed is lost, nothing wrong is saved, and each is saved once."""

from __future__ import annotations

import html
import re
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
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.filled import Fields, filled_in, ids
from tests.support.pages import buttons_of, main_of, text_of
from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.signing_in import field, sign_in
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Draft, Mode, Occasion, Respondent, Survey, Ticket
from wellbeing_app.services import clock, settings, surveys, tickets
from wellbeing_app.services.answers import LONGEST_NOTE
from wellbeing_app.services.settings import ServiceSettings

KEYS = INSTRUMENT.keys
A, B = f"answer-{KEYS[0]}", f"answer-{KEYS[1]}"
NOTE = f"note-{KEYS[0]}"
THREES = {f"answer-{key}": "3" for key in KEYS}
ODD = "شکریہ \u202eabc\u202c 👩🏽‍🦽 <script>alert(1)</script> \"'&"


@pytest.fixture
def asha(client: Client, crew: Crew) -> Client:
    client.sign_in(crew.asha)
    return client


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return planned(db, crew)


def planned(db: Session, crew: Crew, occasion: Occasion = Occasion.BASELINE, **details: Any) -> Ticket:
    episode = refer(db, crew.asha, "Grace", last_name="Akande", **details)
    if occasion is Occasion.FOLLOW_UP:
        record_survey(db, crew.asha, episode, scores={KEYS[0]: 2}, completed_on=days_ago(20))
    return tickets.plan(db, crew.asha, episode.id, occasion, clock.today())


def address(ticket: Ticket) -> str:
    return f"/surveys/{ticket.id}"


def send(client: Client, ticket: Ticket, changed: dict[str, Any], do: str = "check") -> TestResponse:
    """Open the form, change some of it, and press a button."""
    opened = filled_in(client.get(address(ticket)).text, str(ticket.id))
    return client.post(address(ticket), data={**opened, **changed, "do": do})


def look(client: Client, ticket: Ticket, changed: dict[str, Any]) -> Fields:
    """The same, up to the page that shows the answers before they are saved: what its button would send."""
    led_to = send(client, ticket, changed).location
    assert led_to == f"{address(ticket)}/check"
    return filled_in(client.get(led_to).text)


def save(client: Client, ticket: Ticket, changed: dict[str, Any]) -> TestResponse:
    return client.post(f"{address(ticket)}/check", data=look(client, ticket, changed))


def saved(db: Session) -> list[Survey]:
    return list(db.scalars(select(Survey).order_by(Survey.recorded_at)))


def shown(response: TestResponse, ticket: Ticket) -> Fields:
    """What the form on this page holds, apart from its token and marks."""
    fields = filled_in(response.text, str(ticket.id))
    return {name: value for name, value in fields.items() if name not in ("csrf_token", "page", "seen")}


def errors_of(response: TestResponse) -> list[tuple[str, str]]:
    """The summary of what is wrong: each sentence with the place its link leads to. It has the focus."""
    found = re.search(
        r'<div class="error-summary"[^>]*tabindex="-1" autofocus.*?</div>', response.text, re.DOTALL
    )
    assert found, "no summary with the focus on it"
    links = re.findall(r'<li>(?:<a href="#([^"]*)">)?(.*?)(?:</a>)?</li>', found[0], re.DOTALL)
    return [(html.unescape(sentence), target) for target, sentence in links]


# --- the form


def test_each_measure_offers_five_points_and_apart_from_them_reasons(asha: Client, ticket: Ticket) -> None:
    page = asha.get(address(ticket)).text
    for key in KEYS:
        values = re.findall(rf'<input type="radio" name="answer-{key}"[^>]* value="([^"]*)"', page)
        assert values == ["1", "2", "3", "4", "5", *(reason.key for reason in INSTRUMENT.reasons)]
        ticks = re.findall(rf'name="prompts-{key}" value="([^"]*)"', page)
        assert ticks == [prompt.key for prompt in INSTRUMENT.measure(key).prompts]
    text = text_of(page)
    for point in INSTRUMENT.points:
        assert text.replace("/ ", "/").count(f"{point.value} {point.label}") == len(KEYS)


def test_the_words_to_say_are_at_hand_for_an_advisor(asha: Client, ticket: Ticket) -> None:
    text = text_of(asha.get(address(ticket)).text)
    assert "Show the words to say" in text
    assert " ".join(INSTRUMENT.words["in_person_opening"].split()) in text
    assert f"The next one is about {INSTRUMENT.measures[3].title}." in text
    assert "I will write down 4, Getting there, could do more. Does that sound right to you?" in text
    assert text.count(INSTRUMENT.words["in_person_after"]) == len(KEYS)


def test_the_form_begins_with_what_is_known(asha: Client, db: Session, crew: Crew) -> None:
    ticket = planned(db, crew, needs_interpreter=True, language="pl")
    assert {
        name: value for name, value in shown(asha.get(address(ticket)), ticket).items() if value != [""]
    } == {
        "completed_on": [clock.today().isoformat()],
        "mode": ["in_person"],
        "respondent": ["self"],
        "with_interpreter": ["y"],
        "language": ["pl"],
    }


def test_the_form_speaks_the_language_chosen_each_time(asha: Client, ticket: Ticket) -> None:
    title = INSTRUMENT.measures[0].title
    assert title in asha.get(address(ticket)).text
    asha.set_cookie("language", "ur")
    assert title not in main_of(asha.get(address(ticket)).text)
    asha.set_cookie("language", "en")
    assert title in asha.get(address(ticket)).text


def test_what_one_person_said_never_shows_on_anothers_form(
    asha: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    prompt = INSTRUMENT.measures[0].prompts[0].key
    said = {
        A: "2",
        NOTE: "Only Grace said this",
        f"prompts-{KEYS[0]}": [prompt],
        "helper": "Only Grace's son",
    }
    send(asha, ticket, said, do="later")
    assert "Only Grace" in asha.get(address(ticket)).text
    other = planned(db, crew)
    page = asha.get(address(other))
    assert "Only Grace" not in page.text
    assert f"prompts-{KEYS[0]}" not in shown(page, other)


# --- from the first answer to the saved survey


def test_a_baseline_from_the_persons_record_to_the_persons_record(
    asha: Client, db: Session, crew: Crew
) -> None:
    episode = refer(db, crew.asha)
    record = f"/people/{episode.service_user.reference}?episode={episode.id}"
    form = asha.submit(f"/surveys/for/{episode.id}", {"occasion": "baseline"}, page=record).location
    ticket = db.get_one(Ticket, uuid.UUID(form.rpartition("/")[2]))
    prompts = [prompt.key for prompt in INSTRUMENT.measures[0].prompts[:2]]
    typed = {
        **THREES,
        B: "declined",
        NOTE: ODD,
        f"prompts-{KEYS[0]}": prompts,
        "mode": "telephone",
        "respondent": "self_with_help",
        "helper": "Her son",
        "with_interpreter": "y",
        "language": "ur",
        "completed_on": days_ago(1).isoformat(),
    }
    response = save(asha, ticket, typed)
    assert response.location == record
    assert "Saved." in asha.get(record).text
    [survey] = saved(db)
    assert (survey.occasion, survey.mode, survey.respondent) == (
        Occasion.BASELINE,
        Mode.TELEPHONE,
        Respondent.SELF_WITH_HELP,
    )
    assert getattr(survey, KEYS[0]) == 3
    assert survey.unanswered == {KEYS[1]: "declined"}
    assert (survey.notes, survey.prompts) == ({KEYS[0]: ODD}, {KEYS[0]: sorted(prompts)})
    assert (survey.helper, survey.with_interpreter, survey.language) == ("Her son", True, "ur")
    assert survey.completed_on == days_ago(1)
    assert db.scalar(select(func.count()).select_from(Draft)) == 0


def test_before_saving_every_answer_is_shown_in_words(asha: Client, ticket: Ticket) -> None:
    answered = {f"answer-{key}": value for key, value in zip(KEYS, "12345", strict=False)}
    send(asha, ticket, {**THREES, **answered, f"answer-{KEYS[7]}": "not_asked", NOTE: "In her words"})
    page = asha.get(f"{address(ticket)}/check").text
    for point in INSTRUMENT.points:
        assert f"{point.value} {point.label}" in text_of(page)
    assert "Not asked" in text_of(page)
    assert "In her words" in page
    for key in KEYS:
        assert f'href="{address(ticket)}#measure-{key}"' in page


def test_a_follow_up_hides_the_earlier_scores_until_it_is_saved_and_then_shows_what_changed(
    asha: Client, db: Session, crew: Crew
) -> None:
    ticket = planned(db, crew, Occasion.FOLLOW_UP)
    assert "Last time" not in asha.get(address(ticket)).text
    response = save(asha, ticket, {**THREES, A: "4"})
    survey = saved(db)[-1]
    assert response.location == f"/people/{ticket.episode.service_user.reference}/progress?latest={survey.id}"
    assert "from 2 to 4" in text_of(asha.get(response.location).text)


def test_a_service_that_wants_it_sees_the_earlier_score_beside_each_measure(
    asha: Client, db: Session, crew: Crew
) -> None:
    settings.change(db, crew.adam, ServiceSettings(hide_earlier_scores=False))
    ticket = planned(db, crew, Occasion.FOLLOW_UP)
    text = text_of(asha.get(address(ticket)).text)
    assert text.count("Last time: 3 Making changes") == 7
    assert text.count("Last time: 2 Finding out") == 1
    baseline = planned(db, crew)
    assert "Last time" not in asha.get(address(baseline)).text


# --- leaving half-way


@pytest.mark.parametrize(("do", "status"), [("later", 302), ("draft", 204), ("check", 422)])
def test_every_button_and_every_change_keeps_a_draft_as_it_was_typed(
    asha: Client, ticket: Ticket, do: str, status: int
) -> None:
    half = {
        A: "2",
        B: "6",
        NOTE: f"First line\n\n{ODD}",
        "helper": "x" * 300,
        "completed_on": "the day before",
    }
    assert send(asha, ticket, half, do=do).status_code == status
    again = shown(asha.get(address(ticket)), ticket)
    assert again[A] == ["2"]
    assert again[NOTE] == [f"First line\n\n{ODD}"]
    assert (again["helper"], again["completed_on"]) == (["x" * 300], ["the day before"])
    assert "1 of 8 answered" in text_of(asha.get(address(ticket)).text) or B in half


def test_finishing_later_leads_back_to_the_person_and_says_that_it_is_kept(
    asha: Client, ticket: Ticket
) -> None:
    response = send(asha, ticket, {A: "2"}, do="later")
    assert "Kept as a draft" in asha.get(response.location).text
    assert "Draft from" in asha.get(address(ticket)).text


def test_a_page_that_was_left_open_wipes_nothing_out_and_says_so(
    asha: Client, elsewhere: Client, crew: Crew, ticket: Ticket
) -> None:
    elsewhere.sign_in(crew.mandy)
    left_open = filled_in(elsewhere.get(address(ticket)).text, str(ticket.id))
    send(asha, ticket, {**THREES, NOTE: "Told Asha"}, do="later")
    response = elsewhere.post(address(ticket), data={**left_open, A: "5", "do": "check"})
    page = elsewhere.get(response.location).text
    assert "filled in on another page too" in page
    assert "5 As good as it can be" in text_of(page)
    assert "Told Asha" in page


def test_the_check_page_of_a_draft_that_is_not_whole_leads_to_what_is_missing(
    asha: Client, ticket: Ticket
) -> None:
    send(asha, ticket, {A: "2"}, do="later")
    response = asha.get(f"{address(ticket)}/check")
    assert response.location == f"{address(ticket)}?check=1"
    assert len(errors_of(asha.get(response.location))) == len(KEYS) - 1


# --- saved once


def record_of(ticket: Ticket) -> str:
    return f"/people/{ticket.episode.service_user.reference}?episode={ticket.episode_id}"


def test_the_button_pressed_twice_saves_once(asha: Client, db: Session, ticket: Ticket) -> None:
    fields = look(asha, ticket, THREES)
    pressed = [asha.post(f"{address(ticket)}/check", data=fields) for _ in range(3)]
    assert {(response.status_code, response.location) for response in pressed} == {(302, record_of(ticket))}
    assert len(saved(db)) == 1


def test_two_tabs_with_the_same_answers_save_once(asha: Client, db: Session, ticket: Ticket) -> None:
    one, other = look(asha, ticket, THREES), look(asha, ticket, {})
    assert asha.post(f"{address(ticket)}/check", data=one).status_code == 302
    assert asha.post(f"{address(ticket)}/check", data=other).status_code == 302
    assert len(saved(db)) == 1


def test_what_was_looked_at_is_what_is_saved_though_the_draft_changed_meanwhile(
    asha: Client, db: Session, ticket: Ticket
) -> None:
    looked_at = look(asha, ticket, THREES)
    send(asha, ticket, {A: "5"}, do="draft")
    asha.post(f"{address(ticket)}/check", data=looked_at)
    [survey] = saved(db)
    assert getattr(survey, KEYS[0]) == 3
    page = asha.get(f"/surveys/saved/{survey.id}").text
    assert "Other answers were typed for this survey, and not saved." in page


@pytest.fixture
def conflict(asha: Client, ticket: Ticket) -> TestResponse:
    """Two tabs; one is saved, then the other with a five and a note."""
    one, other = look(asha, ticket, THREES), look(asha, ticket, {A: "5", NOTE: "Second thoughts"})
    assert asha.post(f"{address(ticket)}/check", data=one).status_code == 302
    return asha.post(f"{address(ticket)}/check", data=other)


def test_other_answers_for_a_used_ticket_are_shown_beside_the_saved_ones_and_kept(
    asha: Client, db: Session, ticket: Ticket, conflict: TestResponse
) -> None:
    assert conflict.status_code == 409
    for page in (conflict.text, asha.get(address(ticket)).text, asha.get(f"{address(ticket)}/check").text):
        assert "Saved already, with other answers" in text_of(page)
        assert "3 Making changes/doing something" in text_of(page)
        assert "5 As good as it can be" in text_of(page)
        assert "Second thoughts" in page
    assert [getattr(survey, KEYS[0]) for survey in saved(db)] == [3]


def test_they_can_become_a_correction(
    asha: Client, db: Session, ticket: Ticket, conflict: TestResponse
) -> None:
    [survey] = saved(db)
    correct = f"/surveys/saved/{survey.id}/correct"
    opened = asha.post(correct, data=filled_in(conflict.text, "/correct"))
    fields = filled_in(opened.text, "/correct")
    assert (fields[A], fields[NOTE]) == (["5"], ["Second thoughts"])
    response = asha.post(correct, data={**fields, "reason": "She thought again"})
    assert response.status_code == 302
    assert [getattr(survey, KEYS[0]) for survey in saved(db)] == [5]
    assert "Other answers were typed" not in asha.get(response.location).text


def test_or_be_let_go(asha: Client, db: Session, ticket: Ticket, conflict: TestResponse) -> None:
    response = asha.post(f"{address(ticket)}/discard", data=filled_in(conflict.text, "/discard"))
    assert response.location == record_of(ticket)
    assert asha.get(address(ticket)).location == response.location
    assert db.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_saved_surveys_form_leads_to_where_saving_led(asha: Client, ticket: Ticket) -> None:
    led_to = save(asha, ticket, THREES).location
    assert asha.get(address(ticket)).location == asha.get(f"{address(ticket)}/check").location == led_to


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


# --- two baselines


def test_of_two_baselines_somebody_says_which_counts(
    asha: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    save(asha, ticket, THREES)
    record = f"/people/{ticket.episode.service_user.reference}"
    plan = {"occasion": "baseline", "another": "1"}
    form = asha.submit(f"/surveys/for/{ticket.episode_id}", plan, page=record).location
    second = db.get_one(Ticket, uuid.UUID(form.rpartition("/")[2]))
    save(asha, second, {**THREES, A: "5"})
    assert "Which baseline counts?" in text_of(asha.get(record).text)
    first, latest = saved(db)
    page = asha.get(f"/surveys/saved/{latest.id}").text
    assert "There is more than one baseline. Which one counts?" in text_of(page)
    response = asha.post(f"/surveys/saved/{latest.id}/counting", data=filled_in(page, "/counting"))
    assert "This baseline counts now" in asha.get(response.location).text
    assert "Which baseline counts?" not in text_of(asha.get(record).text)
    assert "does not count" in text_of(asha.get(f"/surveys/saved/{first.id}").text)
    assert surveys.counting_baseline(saved(db)) == latest
