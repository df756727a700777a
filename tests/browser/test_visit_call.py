"""A follow-up by telephone without a connection: by keyboard alone, broken off, and taken up again."""

from __future__ import annotations

import uuid

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.server import LiveServer
from tests.support.visiting import KEYS, WORDS, pack, sent, unlock
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, ModeChange, Occasion, SafetyFlag, Survey
from wellbeing_app.services import answers, clock, tickets

SAVED = "() => document.getElementById('survey').dataset.state === 'saved'"
FOCUSED = "selector => document.activeElement.matches(selector) && document.activeElement.checkVisibility()"


def plan(db: Session, crew: Crew) -> uuid.UUID:
    wishes = {"telephone": "01709 960000", "date_of_birth": days_ago(20000)}
    episode = refer(db, crew.asha, "Grace", last_name="Akande", referred_on=days_ago(120), **wishes)
    record_survey(db, crew.asha, episode, scores={KEYS[0]: 1}, completed_on=days_ago(100))
    return tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today()).id


def go_to(page: Page, selector: str, key: str = "Enter") -> None:
    """With Tab alone, and press it there."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED, selector):
            page.keyboard.press(key)
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def begin(page: Page) -> None:
    """From the list of visits through the three checks to the question where it stood."""
    go_to(page, "[data-do=call]")
    go_to(page, "[data-do=ask]")
    expect(page.get_by_text("Tick each of the three once it is so")).to_be_visible()
    for name in ("good_time", "free_to_talk", "right_person"):
        page.locator(f"#{name}").focus()
        page.keyboard.press("Space")
    go_to(page, "[data-do=ask]")


def at_question(page: Page, number: int) -> None:
    """It is asked alone, in the questionnaire's words; what was done before is on the disk."""
    measure = INSTRUMENT.measures[number - 1]
    expect(page.locator(".measure:visible")).to_have_count(1)
    expect(page.locator(".measure:visible > legend")).to_contain_text(measure.title)
    expect(page.locator(".measure:visible .say:visible").first).to_contain_text(
        f"The next one is about {measure.title}."
    )
    spoken = [f"{point.number}. {point.spoken}." for point in INSTRUMENT.points]
    expect(page.locator(".measure:visible .point-spoken")).to_have_text(spoken)
    page.wait_for_function(SAVED)


def test_a_call_without_a_connection_by_keyboard_alone(page: Page, live_server: LiveServer) -> None:
    crew = live_server.hire()
    with live_server.database() as db:
        ticket = plan(db, crew)
    live_server.sign_in(page, crew.asha)
    pack(page, [ticket])
    page.context.set_offline(True)
    unlock(page)
    two_in_person(page)
    begin(page)
    at_question(page, 3)
    expect(page.locator(".read-back:visible")).to_have_count(0)
    for key in "42":
        page.keyboard.press(key)
        expect(page.locator(".read-back:visible")).to_contain_text(f"So that is {key}")
    page.keyboard.press("Enter")
    at_question(page, 4)
    ask_for_help_and_raise_a_flag(page)
    broken_off(page)
    go_on(page)
    page.context.set_offline(False)
    sent(page)
    assert_kept(live_server, ticket)


def two_in_person(page: Page) -> None:
    go_to(page, "[data-do=visit]")
    for key, value in zip(KEYS, "43", strict=False):
        page.locator(f"#answer-{key}-{value}").focus()
        page.keyboard.press("Space")
    page.wait_for_function(SAVED)
    go_to(page, ".button-secondary[data-do=close]")


def ask_for_help_and_raise_a_flag(page: Page) -> None:
    page.keyboard.press("h")
    expect(page.get_by_role("heading", name="Help and urgent support")).to_be_visible()
    go_to(page, "[data-do=on]")
    page.keyboard.press("s")
    page.keyboard.type("He sounded frightened")
    go_to(page, "#flag-form button")
    expect(page.locator("#flag-status")).to_contain_text("sent as soon as there is a connection")
    at_question(page, 4)


def broken_off(page: Page) -> None:
    """Paused; and the tablet was switched off meanwhile."""
    page.keyboard.press("p")
    expect(page.locator("[data-view=visits]")).to_be_visible()
    unlock(page, WORDS)
    begin(page)
    at_question(page, 4)
    page.keyboard.press("Backspace")
    at_question(page, 3)
    expect(page.locator(f"#answer-{KEYS[2]}-2")).to_be_checked()
    page.keyboard.press("Enter")
    at_question(page, 4)


def go_on(page: Page) -> None:
    page.keyboard.press("Enter")
    expect(page.locator(".measure:visible .field-error")).to_be_visible()
    page.keyboard.press("9")
    for number, key in enumerate("1535", start=5):
        page.keyboard.press("Enter")
        at_question(page, number)
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    go_to(page, "[data-do=save]")
    expect(page.get_by_text(INSTRUMENT.words["telephone_end"])).to_be_visible()
    go_to(page, "[data-do=tell]")
    expect(page.locator("[data-put=told] p").first).to_contain_text("Last time you chose 1")


def assert_kept(server: LiveServer, ticket: uuid.UUID) -> None:
    with server.database() as db:
        given = answers.of_row(db.scalars(select(Survey).where(Survey.ticket_id == ticket)).one())
        assert list(given.scores.values()) == [4, 3, 2, 1, 5, 3, 5]
        assert (given.unanswered, given.mode) == ({KEYS[3]: "declined"}, Mode.TELEPHONE)
        changes = db.scalars(select(ModeChange).where(ModeChange.ticket_id == ticket))
        assert [(one.mode, one.answered) for one in changes] == [(Mode.IN_PERSON, 2)]
        assert [flag.concern for flag in db.scalars(select(SafetyFlag))] == ["He sounded frightened"]
