"""While a survey is filled in: each change is kept, the page says when not, and "back" shows nothing."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update

from tests.support.people import PASSWORD, Crew, refer
from tests.support.server import LiveServer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Draft, Occasion, StaffSession
from wellbeing_app.services import clock, tickets

KEYS = INSTRUMENT.keys
ONE, TWO = KEYS[:2]
SAYS = "#draft-status"


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


@pytest.fixture
def ticket_id(live_server: LiveServer, crew: Crew, page: Page) -> uuid.UUID:
    """A planned survey, and Asha at her browser."""
    live_server.sign_in(page, crew.asha)
    with live_server.database() as db:
        episode = refer(db, crew.asha, "Zenobia")
        return tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today()).id


def kept(server: LiveServer, ticket_id: uuid.UUID) -> dict[str, object]:
    with server.database() as db:
        draft = db.get(Draft, ticket_id)
        return dict(draft.fields) if draft else {}


def test_each_change_is_kept_and_counted_without_a_press(
    page: Page, live_server: LiveServer, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    page.locator(f"#answer-{ONE}-4").check()
    expect(page.locator("#progress-words")).to_have_text("1 of 8 answered")
    expect(page.locator(SAYS)).to_have_text("Draft kept on the server.")
    page.locator(f"#measure-{TWO}").get_by_text("Add a note").click()
    with page.expect_response(lambda answer: answer.status == 204):
        page.locator(f"#note-{TWO}").press_sequentially("since the garden", delay=20)
    assert kept(live_server, ticket_id)[f"answer-{ONE}"] == "4"
    assert kept(live_server, ticket_id)[f"note-{TWO}"] == "since the garden"


def test_a_tablet_that_is_put_away_keeps_the_last_change_too(
    page: Page, live_server: LiveServer, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    page.locator(f"#answer-{ONE}-4").check()
    with page.expect_response(f"**/surveys/{ticket_id}"):
        page.evaluate("""() => {
            Object.defineProperty(document, 'visibilityState', { value: 'hidden' })
            document.dispatchEvent(new Event('visibilitychange'))
        }""")
    assert kept(live_server, ticket_id)[f"answer-{ONE}"] == "4"


def test_without_a_connection_it_says_so_and_keeps_trying(
    page: Page, live_server: LiveServer, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    cut: list[Route] = []

    def cut_off(route: Route) -> None:
        cut.append(route)
        route.abort()

    page.route(f"**/surveys/{ticket_id}", cut_off, times=1)
    page.locator(f"#answer-{ONE}-4").check()
    expect(page.locator(SAYS)).to_contain_text("There is no connection just now.")
    assert kept(live_server, ticket_id) == {}
    expect(page.locator(SAYS)).to_have_text("Draft kept on the server.", timeout=15_000)
    assert kept(live_server, ticket_id)[f"answer-{ONE}"] == "4"


def test_a_press_without_a_connection_stays_with_the_answers_and_goes_on_when_it_is_back(
    page: Page, live_server: LiveServer, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    page.context.set_offline(True)
    page.locator(f"#answer-{ONE}-4").check()
    page.get_by_role("button", name="Finish later").click()
    says = page.locator(SAYS)
    expect(says).to_contain_text("There is no connection just now.")
    expect(says).to_be_in_viewport()
    expect(page.locator(f"#answer-{ONE}-4")).to_be_checked()
    page.context.set_offline(False)
    page.get_by_role("button", name="Finish later").click()
    expect(page.get_by_text("Kept as a draft. Nothing is lost.")).to_be_visible()
    assert kept(live_server, ticket_id)[f"answer-{ONE}"] == "4"


def test_bad_news_about_the_draft_is_in_sight_at_the_top_of_the_page_too(
    page: Page, live_server: LiveServer, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    page.route(f"**/surveys/{ticket_id}", lambda route: route.abort())
    page.locator(f"#answer-{ONE}-4").check()
    expect(page.locator(SAYS)).to_contain_text("There is no connection just now.")
    expect(page.locator(SAYS)).to_be_in_viewport()


def test_somebody_who_was_signed_out_is_told_and_loses_nothing(
    page: Page, live_server: LiveServer, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    with live_server.database() as db:
        db.execute(update(StaffSession).values(ended_at=clock.now()))
    for key in KEYS:
        page.locator(f"#answer-{key}-2").check()
    expect(page.locator(SAYS)).to_contain_text("You are signed out.")
    page.get_by_role("button", name="Check answers").click()
    page.get_by_label("Email").fill("asha@service.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Carry on and send").click()
    expect(page.get_by_role("heading", name="Answers", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def test_a_survey_that_was_cancelled_meanwhile_says_so(
    page: Page, live_server: LiveServer, crew: Crew, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    with live_server.database() as db:
        tickets.void(db, crew.asha, ticket_id)
    page.locator(f"#answer-{ONE}-4").check()
    expect(page.locator(SAYS)).to_contain_text("press “Check answers” to see why")
    assert kept(live_server, ticket_id)[f"answer-{ONE}"] == "4"


def test_the_words_to_say_appear_when_asked_for_and_read_back_what_was_chosen(
    page: Page, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    measure = page.locator(f"#measure-{ONE}")
    expect(measure.get_by_text("The next one is about")).to_be_hidden()
    page.get_by_label("Show the words to say").check()
    expect(measure.get_by_text("The next one is about")).to_be_visible()
    expect(measure.get_by_text("I will write down")).to_have_count(5)
    assert [one.is_visible() for one in measure.get_by_text("I will write down").all()] == [False] * 5
    page.locator(f"#answer-{ONE}-2").check()
    expect(measure.get_by_text("I will write down 2,")).to_be_visible()
    expect(measure.get_by_text("I will write down 3,")).to_be_hidden()


def test_an_error_has_the_focus_and_its_link_leads_to_the_box_in_an_opened_note(
    page: Page, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    page.locator(f"#measure-{TWO}").get_by_text("Add a note").click()
    page.locator(f"#note-{TWO}").fill("x" * 2001)
    page.get_by_role("button", name="Check answers").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="This note is too long").click()
    expect(page.locator(f"#note-{TWO}")).to_be_focused()
    expect(page.locator(f"#note-{TWO}")).to_be_visible()


def test_the_person_keeps_a_half_answer_through_help_and_another_language(
    page: Page, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    page.get_by_role("button", name="Hand the screen to the person").click()
    page.get_by_role("link", name="Start", exact=True).click()
    with page.expect_response(lambda answer: answer.status == 204):
        page.locator(f"#answer-{ONE}-4").check()
    page.get_by_role("link", name="Help and urgent support").click()
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.locator(f"#answer-{ONE}-4")).to_be_checked()
    page.locator(f"#answer-{ONE}-5").check()
    page.locator(".site-footer button[lang=ur]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator(f"#answer-{ONE}-5")).to_be_checked()


def test_back_shows_the_person_neither_the_advisors_page_nor_afterwards_their_own(
    page: Page, ticket_id: uuid.UUID
) -> None:
    page.goto(f"/surveys/{ticket_id}")
    page.get_by_role("button", name="Hand the screen to the person").click()
    page.go_back()
    expect(page.get_by_role("heading", name="How are things for you?")).to_be_visible()
    assert "Zenobia" not in page.content()
    page.get_by_role("link", name="Start", exact=True).click()
    for key in KEYS:
        page.locator(f"#answer-{key}-2").check()
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="These are my answers").click()
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        assert "Finding out" not in page.content()
