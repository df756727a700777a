"""Typing in paper forms: a code opens one form; whoever types it in sees initials, and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.filled import Fields, filled_in
from tests.support.pages import text_of
from tests.support.people import Crew, answers, days_ago, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Occasion, Survey, Ticket
from wellbeing_app.services import clock, codes, surveys, tickets

KEYS = INSTRUMENT.keys
TYPED = {**{f"answer-{key}": "3" for key in KEYS}, "completed_on": days_ago(2).isoformat()}
NAMES = ("Zenobia", "Quist", "Asha")


@pytest.fixture
def dev(client: Client, crew: Crew) -> Client:
    client.sign_in(crew.dev)
    return client


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    episode = refer(db, crew.asha, "Zenobia", last_name="Quist", telephone="01632 960000")
    return tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())


def opened(client: Client, ticket: Ticket) -> Fields:
    led_to = client.submit("/forms", {"code": ticket.code}).location
    assert led_to == f"/forms/{ticket.id}/keys"
    assert "Zenobia" not in client.get(led_to).text
    return filled_in(client.get(f"/surveys/{ticket.id}").text, f"/surveys/{ticket.id}")


@pytest.mark.parametrize("write", [str.lower, lambda code: f" {code[:4]}-{code[4:]} "])
def test_the_code_opens_the_form_however_it_is_written(dev: Client, ticket: Ticket, write: object) -> None:
    assert dev.submit("/forms", {"code": write(ticket.code)}).location == f"/forms/{ticket.id}/keys"  # type: ignore[operator]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Enter the code printed on the form."),
        ("x" * 201, "200 characters or fewer"),
        ("12345678", "There is a slip in this code."),
        ("\x00", "Enter the code printed on the form."),
        ("BCDFGHJ" + codes.check_character("BCDFGHJ"), "No form that you may type in has this code."),
    ],
)
def test_a_code_that_opens_nothing_is_explained_and_kept(dev: Client, code: str, sentence: str) -> None:
    response = dev.submit("/forms", {"code": code})
    assert response.status_code == 422
    assert text_of(response.text).count(sentence) == 2, "above, and beside the box"
    assert filled_in(response.text)["code"] == [code.replace("\x00", "")]


def test_a_cancelled_form_is_not_typed_in(dev: Client, db: Session, crew: Crew, ticket: Ticket) -> None:
    tickets.void(db, crew.asha, ticket.id)
    response = dev.submit("/forms", {"code": ticket.code})
    assert "This form was cancelled." in text_of(response.text)


def test_from_the_code_to_the_next_form_and_never_a_name(dev: Client, db: Session, ticket: Ticket) -> None:
    fields = opened(dev, ticket)
    assert (fields["mode"], fields["completed_on"]) == (["self_paper"], [""])
    form = dev.get(f"/surveys/{ticket.id}")
    assert "Z.Q." in text_of(form.text)
    assert ticket.code in text_of(form.text)
    assert "Show the words to say" not in form.text
    wrong = dev.post(f"/surveys/{ticket.id}", data={**fields, "do": "check"})
    led_to = dev.post(f"/surveys/{ticket.id}", data={**fields, **TYPED, "do": "check"}).location
    check = dev.get(led_to)
    saved = dev.post(led_to, data=filled_in(check.text))
    assert saved.location == "/forms"
    after = dev.get(saved.location)
    for page in (form, wrong, check, after):
        assert not [name for name in NAMES if name in page.text]
        assert "/people/" not in page.text
    [survey] = db.scalars(select(Survey))
    assert (survey.mode, survey.completed_on) == (Mode.SELF_PAPER, days_ago(2))
    assert dev.get(f"/surveys/{ticket.id}").location == "/forms"


def test_finishing_later_leads_to_the_next_form_and_the_code_opens_the_draft(
    dev: Client, ticket: Ticket
) -> None:
    fields = opened(dev, ticket)
    first = f"answer-{KEYS[0]}"
    assert dev.post(f"/surveys/{ticket.id}", data={**fields, first: "2", "do": "later"}).location == "/forms"
    assert opened(dev, ticket)[first] == ["2"]


def test_a_form_saved_meanwhile_with_other_answers_is_left_to_the_advisor(
    dev: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    fields = opened(dev, ticket)
    surveys.record(db, crew.asha, ticket.id, answers({KEYS[0]: 5}))
    response = dev.post(f"/surveys/{ticket.id}", data={**fields, **TYPED, "do": "check"})
    assert response.status_code == 409
    assert "tell the advisor, who can see both" in text_of(response.text)
    assert "correction" not in response.text
    assert "Zenobia" not in response.text
    survey = surveys.of_ticket(db, ticket)
    dev.sign_in(crew.asha)
    assert "Other answers were typed for this survey" in dev.get(f"/surveys/saved/{survey.id}").text


def test_a_form_cancelled_meanwhile_is_left_to_the_advisor_with_what_was_typed(
    dev: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    fields = opened(dev, ticket)
    tickets.void(db, crew.asha, ticket.id)
    response = dev.post(f"/surveys/{ticket.id}", data={**fields, **TYPED, "do": "check"})
    assert response.status_code == 409
    assert "Ask the advisor, who can take it up again." in text_of(response.text)
    assert "Take it up again" not in response.text


@pytest.mark.parametrize("action", ["hand-over", "withdraw", "reinstate"])
def test_a_form_that_is_open_is_there_to_be_filled_in_and_no_more(
    dev: Client, db: Session, ticket: Ticket, action: str
) -> None:
    opened(dev, ticket)
    assert dev.submit(f"/surveys/{ticket.id}/{action}", page="/forms").status_code == 404
    assert db.get_one(Ticket, ticket.id).is_open


def test_whoever_types_in_forms_opens_no_person_and_no_list(dev: Client, ticket: Ticket) -> None:
    opened(dev, ticket)
    reference = ticket.episode.service_user.reference
    for path in (f"/people/{reference}", "/caseload", "/find", f"/people/{reference}/progress"):
        response = dev.get(path)
        assert response.status_code == 404
        assert "Zenobia" not in response.text


def test_a_form_that_is_saved_already_says_so(dev: Client, db: Session, crew: Crew, ticket: Ticket) -> None:
    surveys.record(db, crew.asha, ticket.id, answers())
    assert "This form is saved already." in dev.submit("/forms", {"code": ticket.code}).text


def test_a_survey_begun_on_a_screen_is_not_shown_to_whoever_types_in_paper(
    dev: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    opened(dev, ticket)
    begun = {"mode": Mode.IN_PERSON.value, f"note-{KEYS[0]}": "Something private"}
    tickets.save_draft(db, crew.asha, ticket, begun)
    assert (
        "The advisor has begun this survey on a screen." in dev.submit("/forms", {"code": ticket.code}).text
    )
    response = dev.get(f"/surveys/{ticket.id}", follow_redirects=True)
    assert response.request.path == "/forms"
    assert "Something private" not in response.text
