"""The tablet in the person's hands: their own form only, no way out, no names, nothing to read back."""

from __future__ import annotations

import json
import uuid

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.support.people import Crew, refer
from tests.support.server import LiveServer
from tests.support.visiting import KEYS, SAVED, open_visit, pack, sent, stored, tap, type_words, unlock
from wellbeing_app.model import Occasion, Survey
from wellbeing_app.services import clock, held, tickets

ONE, TWO = KEYS[:2]
NAMES = ("Zenobia", "Quist", "Asha", "01709 111222")
EVERYTHING_KEPT = """async () => {
    const told = [document.documentElement.outerHTML, document.title, location.href]
    told.push(JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state))
    for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const request of await cache.keys()) told.push(await (await cache.match(request)).text())
    }
    return told.join('\\n')
}"""
VOICE = """
    const voice = { localService: true, lang: 'en-GB', name: 'A voice' }
    const said = []
    Object.defineProperty(window, 'speechSynthesis', { value: {
        getVoices: () => [voice], addEventListener() {},
        cancel() { said.length = 0 }, speak: one => said.push(one.text),
    } })
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
    window.said = said
"""


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


@pytest.fixture
def ticket(live_server: LiveServer, crew: Crew, page: Page) -> uuid.UUID:
    """Asha's tablet, unlocked, at the form of Zenobia's visit. There is a connection, and a session."""
    with live_server.database() as db:
        episode = refer(db, crew.asha, "Zenobia", last_name="Quist", telephone="01709 111222")
        ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today()).id
    live_server.sign_in(page, crew.asha)
    pack(page, [ticket])
    unlock(page)
    open_visit(page, "Zenobia")
    return ticket


def hand_over(page: Page) -> None:
    page.get_by_role("button", name="Hand the screen to the person").click()
    page.get_by_role("button", name="Hand over now").click()
    expect(page.get_by_role("heading", name="How are things for you?")).to_be_visible()


def reply(page: Page, key: str, value: str | int) -> None:
    page.locator(f"#answer-{key}-{value}").check()
    page.locator("[data-do=next]:visible").click()


def answer_and_finish(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    for key in KEYS:
        reply(page, key, 4)
    page.get_by_role("button", name="These are my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def assert_nobody_is_named(page: Page) -> None:
    stores = ("device", "vaults", "visits", "drafts", "outbox", "receipts", "handover")
    kept = page.evaluate(EVERYTHING_KEPT) + json.dumps(stored(page, *stores))
    assert [name for name in NAMES if name in kept] == []


def test_no_page_no_store_and_no_way_back_names_anybody(page: Page, ticket: uuid.UUID) -> None:
    tap(page, ONE, 2)
    hand_over(page)
    assert_nobody_is_named(page)
    page.get_by_role("button", name="Start", exact=True).click()
    reply(page, ONE, 4)
    for _ in range(4):
        page.go_back()
        assert_nobody_is_named(page)
    for address in ("/caseload", "/find?q=Zenobia", "/visits", "/account", f"/surveys/{ticket}", "/help"):
        page.goto(address)
        expect(page.get_by_role("heading", name="Please give the tablet back")).to_be_visible()
        assert_nobody_is_named(page)
    page.goto("/visit/en/")
    expect(page.get_by_role("heading", name="Unlock your visits")).to_be_visible()
    assert_nobody_is_named(page)


def test_somebody_who_is_not_listed_gets_the_tablet_too_and_lies_on_it_sealed(
    page: Page, ticket: uuid.UUID, crew: Crew, live_server: LiveServer
) -> None:
    page.get_by_role("button", name="Back to your visits").click()
    page.get_by_role("button", name="Somebody who is not listed").click()
    page.get_by_role("button", name="Hand the screen to the person").click()
    expect(page.locator(".error-summary")).to_contain_text("first name")
    page.get_by_label("First name").fill("Asha-Zenobia")
    page.wait_for_function(SAVED)
    hand_over(page)
    assert_nobody_is_named(page)
    page.context.set_offline(True)
    answer_and_finish(page)
    assert_nobody_is_named(page)
    page.get_by_role("button", name="take the screen back").click()
    type_words(page)
    page.get_by_role("button", name="What waits").click()
    expect(page.locator("#waiting")).to_contain_text("Asha-Zenobia")
    expect(page.locator("#waiting")).to_have_count(1)
    page.context.set_offline(False)
    sent(page)
    with live_server.database() as db:
        assert "Asha-Zenobia" in [line.person for line in held.queue(db, crew.asha)]


def test_after_a_reload_only_the_advisor_goes_on_with_what_was_answered(
    page: Page, ticket: uuid.UUID
) -> None:
    tap(page, TWO, 2)
    hand_over(page)
    page.get_by_role("button", name="Start", exact=True).click()
    reply(page, ONE, 5)
    page.locator(f"#answer-{TWO}-declined").check()
    page.wait_for_timeout(300)
    page.reload()
    expect(page.get_by_role("heading", name="Please give the tablet back")).to_be_visible()
    assert page.locator(":checked").count() == 0
    page.get_by_role("button", name="For the advisor").click()
    type_words(page)
    open_visit(page, "Zenobia")
    expect(page.locator(f"#answer-{ONE}-5")).to_be_checked()
    expect(page.locator(f"#answer-{TWO}-declined")).to_be_checked()
    assert stored(page, "handover")["handover"] == []


def test_finished_answers_are_sent_and_nothing_of_them_is_left_to_be_read(
    page: Page, live_server: LiveServer, ticket: uuid.UUID
) -> None:
    page.context.set_offline(True)
    hand_over(page)
    answer_and_finish(page)
    assert "Getting there" not in page.locator("main").inner_text()
    assert page.locator("[name^=answer-]").count() == 0
    page.reload()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="For the advisor").click()
    type_words(page)
    sent(page)
    with live_server.database() as db:
        survey = db.scalars(select(Survey).where(Survey.ticket_id == ticket)).one()
        assert (survey.mode.value, survey.respondent.value, survey.money) == ("self_tablet", "self", 4)


def test_the_person_chooses_a_language_and_keeps_their_answers(page: Page, ticket: uuid.UUID) -> None:
    page.context.set_offline(True)
    hand_over(page)
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("[data-do=next]:visible").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the answer that is most like you.")
    page.locator(f"#answer-{ONE}-4").check()
    page.locator("#preferences [data-language=ur]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator(f"#answer-{ONE}-4")).to_be_checked()
    page.locator("[data-size=larger]").click()
    expect(page.locator("html")).to_have_attribute("data-text", "larger")
    for key in KEYS:
        reply(page, key, 4)
    page.locator(".answers a").first.click()
    reply(page, ONE, 2)
    expect(page.locator(".answers dd").first).to_contain_text("2")


def test_a_tablet_left_alone_shows_nothing_and_then_waits_for_the_advisor(
    page: Page, ticket: uuid.UUID
) -> None:
    page.clock.install()
    hand_over(page)
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(f"#answer-{ONE}-4").check()
    page.clock.run_for(91_000)
    expect(page.get_by_role("heading", name="Take your time")).to_be_visible()
    page.get_by_role("button", name="Carry on").click()
    expect(page.locator(f"#answer-{ONE}-4")).to_be_checked()
    page.clock.run_for(91_000)
    page.clock.run_for(601_000)
    expect(page.get_by_role("heading", name="Please give the tablet back")).to_be_visible()


def test_a_question_is_read_aloud_where_the_voice_is_on_the_tablet(page: Page, ticket: uuid.UUID) -> None:
    offer = page.locator("[data-aloud]:visible")
    page.add_init_script(VOICE)
    hand_over(page)
    page.get_by_role("button", name="Start", exact=True).click()
    offer.get_by_role("button", name="Read this to me").click()
    said = page.evaluate("said")
    assert said[0] == page.locator(f"#measure-{ONE} h1").inner_text()
    assert len([line for line in said if line[0] in "12345"]) == 5
    offer.get_by_role("button", name="Stop reading").click()
    assert page.evaluate("said") == []


def test_another_advisor_cannot_open_what_was_answered_and_the_first_still_can(
    page: Page, live_server: LiveServer, crew: Crew, ticket: uuid.UUID
) -> None:
    hand_over(page)
    page.get_by_role("button", name="Start", exact=True).click()
    reply(page, ONE, 5)
    live_server.sign_in(page, crew.carol)
    pack(page, [], words="linora tesupa medovi hanalu")
    page.goto("/visit/en/")
    page.get_by_label("C", exact=True).check()
    type_words(page, "linora tesupa medovi hanalu")
    assert "Zenobia" not in page.content()
    unlock_as(page, "A")
    open_visit(page, "Zenobia")
    expect(page.locator(f"#answer-{ONE}-5")).to_be_checked()


def unlock_as(page: Page, initials: str) -> None:
    page.goto("/visit/en/")
    page.get_by_label(initials, exact=True).check()
    type_words(page)
