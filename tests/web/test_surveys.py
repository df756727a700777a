"""Filling in a survey on one page: nothing typed is lost, nothing wrong is saved, and each is saved once."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.filled import filled_in
from tests.support.pages import main_of, text_of
from tests.support.people import Crew, days_ago, refer
from tests.support.surveying import (
    KEYS,
    NOTE,
    ODD,
    THREES,
    A,
    B,
    address,
    errors_of,
    look,
    planned,
    save,
    saved,
    send,
    shown,
)
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Draft, Mode, Occasion, Respondent, Ticket
from wellbeing_app.services import clock, settings, surveys
from wellbeing_app.services.settings import ServiceSettings


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return planned(db, crew)


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
