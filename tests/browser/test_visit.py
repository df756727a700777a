"""A visit without a connection: the form, drafts at every tap, check, save, and what changed."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.server import LiveServer
from tests.support.visiting import (
    KEYS,
    answer_all,
    finish,
    open_visit,
    pack,
    sent,
    stored,
    tap,
    unlock,
)
from wellbeing_app.model import Occasion, Survey, SyncItem
from wellbeing_app.services import answers, clock, tickets

ONE, TWO, THREE, FOUR = KEYS[:4]
# What the page of progress and the tablet must draw alike, string for string.
DRAWN = """() => {
    const tidy = text => text.replace(/\\s+/g, ' ').trim()
    const seen = selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility())
    const all = (selector, tell) => seen(selector).map(tell)
    const words = selector => all(selector, one => tidy(one.innerText))
    return {
        lines: all('.star-drawing .series-line', one => one.getAttribute('d')),
        marks: all('.star-drawing .series-mark', one => one.outerHTML.replace(/\\s+/g, ' ')),
        labels: words('.star-labels li'),
        legend: words('.star .chart-legend li'),
        sentence: words('.change-sentence :is(p, li)'),
        talk: words('.change-talk :is(p, li)'),
        table: words('.change-table :is(th, td)'),
    }
}"""


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


def plan(server: LiveServer, crew: Crew, name: str, occasion: Occasion = Occasion.BASELINE) -> uuid.UUID:
    """A planned survey; before a follow-up, a baseline with a score that is missing."""
    with server.database() as db:
        episode = refer(db, crew.asha, name, last_name="Quist", telephone="01709 960000")
        if occasion is Occasion.FOLLOW_UP:
            scores, unanswered = {ONE: 1, TWO: 4, THREE: 2}, {FOUR: "declined"}
            record_survey(
                db, crew.asha, episode, scores=scores, unanswered=unanswered, completed_on=days_ago(20)
            )
        return tickets.plan(db, crew.asha, episode.id, occasion, clock.today()).id


def test_a_visit_reaches_the_database_as_it_was_given_and_shows_what_changed_as_the_server_does(
    page: Page, live_server: LiveServer, crew: Crew
) -> None:
    ticket = plan(live_server, crew, "Zenobia", Occasion.FOLLOW_UP)
    live_server.sign_in(page, crew.asha)
    pack(page, [ticket])
    page.context.set_offline(True)
    unlock(page)
    open_visit(page, "Zenobia")
    answer_with_a_helper(page)
    finish(page)
    drawn = page.evaluate(DRAWN)
    assert drawn["sentence"][0].startswith("1 of 8 areas moved up, 4 stayed the same and 1 is lower.")
    expect(page.locator("[data-status]")).to_contain_text("Waiting to send: 1")
    page.context.set_offline(False)
    sent(page)
    with live_server.database() as db:
        survey = db.scalars(select(Survey).where(Survey.ticket_id == ticket)).one()
        given, reference = answers.of_row(survey), survey.episode.service_user.reference
    assert given.scores == {key: 3 for key in KEYS if key != THREE} | {ONE: 4, TWO: 2}
    assert given.unanswered == {THREE: "dont_know"}
    assert (given.notes, given.helper) == ({TWO: "since the garden"}, "Her son")
    page.goto(f"/people/{reference}/progress")
    assert page.evaluate(DRAWN) == drawn


def answer_with_a_helper(page: Page) -> None:
    """Who helped is forgotten first, and asked for."""
    answer_all(page, **{ONE: 4, TWO: 2, THREE: "dont_know"})
    page.locator(f"#measure-{TWO}").get_by_text("Add a note").click()
    page.locator(f"#note-{TWO}").fill("since the garden  ")
    page.locator("#respondent-self_with_help").check()
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("link", name="Say who helped or answered").click()
    expect(page.locator("#helper")).to_be_focused()
    page.locator("#helper").fill("Her son")


def test_five_peoples_drafts_at_once_and_each_carries_on_where_it_was(
    page: Page, live_server: LiveServer, crew: Crew
) -> None:
    names = ["Ada", "Bea", "Cyd", "Dot", "Eli"]
    live_server.sign_in(page, crew.asha)
    pack(page, [plan(live_server, crew, name) for name in names])
    page.context.set_offline(True)
    unlock(page)
    for number, name in enumerate(names, 1):
        open_visit(page, name)
        tap(page, KEYS[number], number)
        page.get_by_role("button", name="Finish later").click()
    unlock(page)
    for number, name in enumerate(names, 1):
        open_visit(page, name)
        expect(page.locator(f"#answer-{KEYS[number]}-{number}")).to_be_checked()
        expect(page.locator("#progress-words")).to_have_text("1 of 8 answered")
        page.get_by_role("button", name="Back to your visits").click()
    assert len(stored(page, "drafts")["drafts"]) == 5


def test_a_form_that_is_open_in_another_tab_can_only_be_read(
    page: Page, live_server: LiveServer, crew: Crew
) -> None:
    live_server.sign_in(page, crew.asha)
    pack(page, [plan(live_server, crew, "Fay")])
    unlock(page)
    open_visit(page, "Fay")
    tap(page, ONE, 2)
    other = page.context.new_page()
    unlock(other)
    open_visit(other, "Fay")
    expect(other.get_by_text("This form is open in another tab.")).to_be_visible()
    expect(other.locator(f"#answer-{ONE}-2")).to_be_checked()
    expect(other.locator(f"#answer-{ONE}-4")).to_be_disabled()
    page.close()
    other.get_by_role("button", name="Back to your visits").click()
    open_visit(other, "Fay")
    tap(other, ONE, 4)


def test_somebody_who_is_not_packed_and_a_worry_reach_the_office(
    page: Page, live_server: LiveServer, crew: Crew
) -> None:
    live_server.sign_in(page, crew.asha)
    pack(page, [])
    page.context.set_offline(True)
    unlock(page)
    page.get_by_role("button", name="Somebody who is not listed").click()
    answer_all(page)
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("link", name="Enter a first name").click()
    page.keyboard.type("Nobody")
    page.locator("#flag").get_by_text("Raise a safety flag").click()
    page.get_by_role("button", name="Raise the flag").click()
    expect(page.get_by_text("Say in a few words what worries you.")).to_be_visible()
    page.locator("#concern").fill("Had not eaten for two days")
    page.get_by_role("button", name="Raise the flag").click()
    expect(page.locator("#flag-status")).to_contain_text("sent as soon as there is a connection")
    finish(page)
    page.context.set_offline(False)
    sent(page)
    with live_server.database() as db:
        held = {item.kind.value: item for item in db.scalars(select(SyncItem)) if item.ticket_id is None}
    assert set(held) == {"survey", "flag"}


def test_the_whole_visit_by_keyboard(page: Page, live_server: LiveServer, crew: Crew) -> None:
    live_server.sign_in(page, crew.asha)
    pack(page, [plan(live_server, crew, "Gwen")])
    page.goto("/visit/en/")
    page.locator("#passphrase").focus()
    page.keyboard.type("badomi feruta lanopi semuvo")
    page.keyboard.press("Enter")
    expect(page.locator("#visits")).to_be_visible()
    tab_to(page, "button[data-do=visit]")
    page.keyboard.press("Enter")
    for key in KEYS:
        tab_to(page, f"[name=answer-{key}]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    tab_to(page, "[data-do=check]")
    page.keyboard.press("Enter")
    tab_to(page, "[data-do=save]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved on this tablet.", exact=True)).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    """With Tab alone, as far as a form is long."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached")
