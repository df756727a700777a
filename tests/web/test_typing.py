"""Typing paper in by keys: the right form by its code, one key a measure, what is in doubt is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.pages import text_of
from tests.support.people import Crew, answers, days_ago, record_survey, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import HeldPaper, Mode, Occasion, PrintedCopy, Retyping, Survey, Ticket
from wellbeing_app.paper import codes as paper_codes
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.services import clock, papers, printing, retyping, surveys, tickets
from wellbeing_app.services import settings as service_settings
from wellbeing_app.services.printing import Edition
from wellbeing_app.services.settings import ServiceSettings

HERE = "http://127.0.0.1:8080"
URDU = Edition("survey", 1, "ur")
TYPED = {"keys": "12345987", "completed_on": days_ago(2).isoformat(), "mode": "self_paper"}
KEYS = INSTRUMENT.keys


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    episode = refer(db, crew.asha, "Zenobia", last_name="Quist")
    return tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())


@pytest.fixture
def dev(client: Client, crew: Crew) -> Client:
    client.sign_in(crew.dev)
    return client


def scanned(token: str, where: str = HERE) -> str:
    return paper_codes.address(where, SheetCode("S", 1, 1, "ur", token))


def set_up(db: Session, crew: Crew, **choices: object) -> None:
    now = service_settings.read(db)
    service_settings.change(db, crew.adam, ServiceSettings(**{**vars(now), **choices}))  # type: ignore[arg-type]


def test_a_scan_in_any_case_opens_the_form_and_eight_keys_save_it(
    dev: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    copy, token = printing.one(db, crew.asha, URDU, ticket)
    led_to = dev.submit("/forms", {"code": scanned(token).lower()}).location
    assert led_to == f"/forms/{ticket.id}/keys?copy={copy.id}"
    page = dev.get(led_to).text
    assert "Z.Q." in page
    assert "Zenobia" not in page
    assert dev.submit(led_to, {**TYPED, "keys": "1234"}).status_code == 422
    assert dev.submit(led_to, {**TYPED, "copy": str(copy.id)}).location == "/forms"
    [survey] = db.scalars(select(Survey))
    assert [getattr(survey, key) for key in KEYS[:5]] == [1, 2, 3, 4, 5]
    assert [survey.unanswered[key] for key in KEYS[5:]] == ["declined", "dont_know", "not_applicable"]
    assert (survey.mode, survey.language, survey.completed_on) == (Mode.SELF_PAPER, "ur", days_ago(2))
    assert db.get_one(PrintedCopy, copy.id).used_at is not None
    following = dev.get("/forms")
    assert "Last saved: Z.Q." in text_of(following.text)


def test_the_camera_names_a_form_and_opens_nothing_by_itself(
    dev: Client, client: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    _copy, token = printing.one(db, crew.asha, URDU, ticket)
    path = scanned(token).removeprefix(HERE.upper())
    for one in (path, path.lower()):
        page = dev.get(one)
        assert page.status_code == 200
        assert "Z.Q." not in page.text


def test_undo_puts_right_what_was_just_saved_as_a_revision(
    dev: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    dev.submit("/forms", {"code": ticket.code})
    dev.submit(f"/forms/{ticket.id}/keys", TYPED)
    assert 'value="12345987"' in dev.get(f"/forms/{ticket.id}/keys").text
    dev.submit(f"/forms/{ticket.id}/keys", {**TYPED, "keys": "52345987"})
    [survey] = db.scalars(select(Survey))
    assert (getattr(survey, KEYS[0]), survey.revision) == (5, 2)


@pytest.mark.parametrize("wrong", ["void copy", "saved", "colleague's", "elsewhere", "nonsense"])
def test_wrong_paper_is_explained_and_changes_nothing(
    client: Client, db: Session, crew: Crew, ticket: Ticket, wrong: str
) -> None:
    first, token = printing.one(db, crew.asha, URDU, ticket)
    client.sign_in(crew.carol if wrong == "colleague's" else crew.dev)
    code, says = scanned(token), "No form that you may type in has this code."
    if wrong == "void copy":
        printing.one(db, crew.asha, URDU, ticket)
        code, says = first.human_id, "A newer copy of this form was printed"
    elif wrong == "saved":
        surveys.record(db, crew.asha, ticket.id, answers())
        says = "This form is saved already."
    elif wrong == "elsewhere":
        code, says = scanned(token, "https://other.example.org"), "not one of this service’s forms"
    elif wrong == "nonsense":
        code, says = "12345678", "There is a slip in this code."
    before = len(db.scalars(select(Survey)).all())
    page = client.submit("/forms", {"code": code})
    assert page.status_code == 422
    assert says in text_of(page.text)
    assert "Quist" not in page.text
    assert len(db.scalars(select(Survey)).all()) == before


def test_answers_in_doubt_are_kept_until_somebody_files_them(
    client: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    client.sign_in(crew.dev)
    client.submit(
        "/forms/keep", {"keys": "1234", "code": "7QK2M4XD", "reason": "unknown", "note": "From the group"}
    )
    [held] = db.scalars(select(HeldPaper))
    client.sign_in(crew.mandy)
    assert "From the group" in client.get("/forms/waiting").text
    reference = ticket.episode.service_user.reference
    filed = client.submit(
        f"/forms/waiting/{held.id}",
        {"do": "file", "reference": reference, "occasion": "baseline"},
        page="/forms/waiting",
    )
    assert filed.location == f"/surveys/{ticket.id}"
    db.expire_all()
    assert ticket.draft is not None
    assert ticket.draft.fields[f"answer-{KEYS[3]}"] == "4"
    assert db.get_one(HeldPaper, held.id).outcome == "filed"
    assert papers.waiting(db, crew.mandy) == []


def test_a_blank_form_is_matched_to_a_person_once(
    client: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    copy, token = printing.one(db, crew.asha, URDU)
    client.sign_in(crew.asha)
    whose = client.submit("/forms", {"code": scanned(token)}).location
    assert whose == f"/forms/copies/{copy.id}"
    reference = ticket.episode.service_user.reference
    assert client.submit(whose, {"reference": "R-00000", "occasion": "baseline"}).status_code == 422
    led_to = client.submit(whose, {"reference": reference, "occasion": "baseline"}).location
    assert led_to == f"/forms/{ticket.id}/keys?copy={copy.id}"
    other = refer(db, crew.asha, "Abel").service_user.reference
    assert client.submit(whose, {"reference": other, "occasion": "baseline"}).status_code == 404


def test_a_second_entry_is_blind_and_by_somebody_else_and_differences_are_settled(
    client: Client, db: Session, crew: Crew, ticket: Ticket
) -> None:
    set_up(db, crew, type_twice=True)
    client.sign_in(crew.dev)
    client.submit("/forms", {"code": ticket.code})
    client.submit(f"/forms/{ticket.id}/keys", TYPED)
    client.sign_in(crew.mandy)
    client.submit("/forms", {"code": ticket.code})
    page = client.get(f"/forms/{ticket.id}/keys").text
    assert "Second entry" in page
    assert "12345987" not in page
    client.submit(f"/forms/{ticket.id}/keys", {**TYPED, "keys": "12344987"})
    [asked] = db.scalars(select(Retyping))
    assert (asked.differing, asked.settled_at) == (1, None)
    waiting = text_of(client.get("/forms/waiting").text)
    assert "1 of 8 answers that were typed twice differ: 125.0 in 1,000" in waiting
    client.submit(f"/forms/differences/{asked.id}", {KEYS[4]: "4"}, page="/forms/waiting")
    [survey] = db.scalars(select(Survey))
    assert (getattr(survey, KEYS[4]), survey.revision) == (4, 2)
    assert retyping.unsettled(db, crew.mandy) == []


def test_chance_chooses_the_sample_of_forms_that_are_typed_again(db: Session, crew: Crew) -> None:
    survey = record_survey(db, crew.asha, refer(db, crew.asha))
    assert retyping.ask(db, crew.dev, survey.id, {}, every=False, percent=0) is None
    assert retyping.ask(db, crew.dev, survey.id, {}, every=False, percent=100) is not None
