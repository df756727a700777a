"""A follow-up by telephone with the keyboard alone: interrupted, rung back, gone on with, and told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.people import PASSWORD, Crew, days_ago, record_survey, refer
from tests.support.server import LiveServer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    ContactAttempt,
    ContactOutcome,
    Mode,
    ModeChange,
    Occasion,
    SafetyFlag,
    Survey,
    Ticket,
)
from wellbeing_app.services import answers, clock, tickets

KEYS = INSTRUMENT.keys
MOST_TABS = 60


@pytest.fixture(scope="module")
def ticket_id(live_server: LiveServer) -> str:
    """A follow-up of somebody of Asha's, of which two answers were given in person."""
    crew = live_server.hire()
    with live_server.database() as db:
        return str(_begun(db, crew).id)


def _begun(db: Session, crew: Crew) -> Ticket:
    wishes = {"telephone": "01709 960000", "date_of_birth": days_ago(20000)}
    episode = refer(db, crew.asha, "Grace", last_name="Akande", referred_on=days_ago(120), **wishes)
    record_survey(db, crew.asha, episode, scores={KEYS[0]: 1}, completed_on=days_ago(100))
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today())
    fields = {"mode": "in_person", f"answer-{KEYS[0]}": "4", f"answer-{KEYS[1]}": "3"}
    tickets.save_draft(db, crew.asha, ticket, fields)
    return ticket


def on_the_button(page: Page, name: str) -> None:
    """Go there with Tab, and press it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.innerText?.trim()") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not lead to {name}")


def tick(page: Page, ticks: int) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('input[type=checkbox]')"):
            page.keyboard.press("Space")
            ticks -= 1
        if not ticks:
            return


def begin(page: Page, button: str) -> None:
    tick(page, 3)
    on_the_button(page, button)


def title(number: int) -> str:
    return INSTRUMENT.measures[number - 1].title


def at_question(page: Page, number: int) -> None:
    expect(page.locator("h1")).to_have_text(title(number))
    page.wait_for_load_state()  # then the keys are listened to


def test_a_call_by_keyboard_alone_interrupted_and_taken_up_again(
    page: Page, live_server: LiveServer, ticket_id: str
) -> None:
    page.goto(f"/sign-in?next=/calls/{ticket_id}/")
    page.locator("[name=email]").focus()
    page.keyboard.type("asha@service.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("by telephone")
    page.goto(f"/calls/{ticket_id}/")
    begin(page, "Go on with question 3")
    at_question(page, 3)
    expect(page.locator(".points-aloud .point")).to_have_count(5)
    expect(page.locator(".read-back:visible")).to_have_count(0)
    page.keyboard.press("4")
    expect(page.locator(".read-back:visible")).to_contain_text("So that is 4")
    page.keyboard.press("2")
    expect(page.locator(".read-back:visible")).to_contain_text("So that is 2")
    page.keyboard.press("Enter")
    at_question(page, 4)
    raise_a_flag(page)
    at_question(page, 4)
    pause(page)
    ring_back(page, ticket_id)
    go_on(page)
    tell(page)
    assert_kept(live_server, ticket_id)


def raise_a_flag(page: Page) -> None:
    """Half-way, with one key."""
    page.keyboard.press("s")
    expect(page.locator("h1")).to_contain_text("Safety flag")
    page.locator("[name=concern]").focus()
    page.keyboard.type("He sounded frightened")
    on_the_button(page, "Raise the flag, and back to the call")


def pause(page: Page) -> None:
    page.keyboard.press("p")
    expect(page.locator("[name=outcome][value=call_back]")).to_be_checked()


def ring_back(page: Page, ticket_id: str) -> None:
    page.goto(f"/calls/{ticket_id}/")
    begin(page, "Go on with question 4")
    at_question(page, 4)
    page.keyboard.press("Backspace")
    at_question(page, 3)
    expect(page.locator(f"#answer-{KEYS[2]}-2")).to_be_checked()
    page.keyboard.press("Enter")
    at_question(page, 4)


def go_on(page: Page) -> None:
    page.keyboard.press("9")
    for number, key in enumerate("1535", start=5):
        page.keyboard.press("Enter")
        at_question(page, number)
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Follow-up")
    on_the_button(page, "Save")


def tell(page: Page) -> None:
    expect(page.locator(".say")).to_have_text(INSTRUMENT.words["telephone_end"])
    on_the_button(page, "Yes, tell them")
    expect(page.locator(".say").first).to_contain_text("Last time you chose 1")


def assert_kept(server: LiveServer, ticket_id: str) -> None:
    with server.database() as db:
        survey = db.scalars(select(Survey).where(Survey.occasion == Occasion.FOLLOW_UP)).one()
        given = answers.of_row(survey)
        assert list(given.scores.values()) == [4, 3, 2, 1, 5, 3, 5]
        assert given.unanswered == {KEYS[3]: "declined"}
        assert (given.mode, str(survey.ticket_id)) == (Mode.TELEPHONE, ticket_id)
        changes = [(one.mode, one.answered) for one in db.scalars(select(ModeChange))]
        assert changes == [(Mode.IN_PERSON, 2)]
        assert [flag.concern for flag in db.scalars(select(SafetyFlag))] == ["He sounded frightened"]
        assert {one.outcome for one in db.scalars(select(ContactAttempt))} == {ContactOutcome.SPOKE}
