"""The whole job on a fresh machine; the same by keyboard alone; and the survey with scripts switched off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from tests.support.browser import open_page
from tests.support.people import PASSWORD, Crew, days_ago, email, refer
from tests.support.server import LiveServer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Mode, ServiceUser, Survey
from wellbeing_app.services import answers

KEYS = INSTRUMENT.keys
ONE, TWO, THREE = KEYS[:3]
NEW_PASSWORD = "nine herons mend a quiet gate"
MOST_TABS = 100

Scores = dict[str, int | str]


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


def person(server: LiveServer, crew: Crew, name: str) -> str:
    """The address of somebody of Asha's whose baseline is next."""
    with server.database() as db:
        return f"/people/{refer(db, crew.asha, name).service_user.reference}"


def saved(server: LiveServer, name: str) -> Survey:
    """The one survey of the person with this name."""
    with server.database() as db:
        query = select(Survey).join(Survey.episode).join(Episode.service_user)
        return db.scalars(query.where(ServiceUser.first_name == name)).one()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def scores(everywhere: int) -> Scores:
    return dict.fromkeys(KEYS, everywhere)


def answer(page: Page, given: Scores) -> None:
    for key, value in given.items():
        page.locator(f"#answer-{key}-{value}").check()


def test_the_whole_job_on_a_fresh_machine(start_server: Callable[..., LiveServer], browser: Browser) -> None:
    server = start_server(fresh=True)
    with open_page(browser, server.url) as page:
        become_administrator(page, server.first_link())
        link = invite_advisor(page)
    with open_page(browser, server.url) as page:
        page.goto(link)
        page.get_by_label("Your new password").fill(NEW_PASSWORD)
        press(page, "Save and sign in")
        add_person(page)
        take_baseline(page)
        take_follow_up(page)
        talk_about_change(page)
        correct_a_slip(page)
        sign_out_and_in(page)


def become_administrator(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill("Gwen")
    page.get_by_label("Your email address").fill("gwen@service.example")
    page.get_by_label("Your new password").fill(NEW_PASSWORD)
    press(page, "Save and sign in")


def invite_advisor(page: Page) -> str:
    follow(page, "Staff")
    follow(page, "Add somebody")
    page.get_by_role("textbox", name="Name").fill("Asha")
    page.get_by_label("Email address").fill("asha@service.example")
    page.get_by_role("radio", name="Advisor").check()
    press(page, "Add, and show the link")
    return page.get_by_label("The link").input_value()


def add_person(page: Page) -> None:
    follow(page, "Add a person")
    page.get_by_label("First name").fill("Grace")
    page.get_by_label("Last name").fill("Hill")
    page.get_by_label("Date of birth").fill("3/4/1961")
    page.get_by_role("radio", name="Long-term conditions").check()
    page.get_by_label("Day of the referral").fill(days_ago(130).isoformat())
    press(page, "Add this person")


def take_baseline(page: Page) -> None:
    press(page, "Take the baseline")
    answer(page, scores(2) | {TWO: 4, THREE: "dont_know"})
    page.get_by_label("Day they were given").fill(days_ago(120).isoformat())
    press(page, "Check answers")
    expect(page.get_by_text("Look the answers over, then save.")).to_be_visible()
    press(page, "Save")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def take_follow_up(page: Page) -> None:
    """The earlier scores stay out of sight until the answers are in."""
    press(page, "Take the follow-up")
    expect(page.get_by_text("Last time:")).to_have_count(0)
    answer(page, scores(3) | {ONE: 5})
    press(page, "Check answers")
    press(page, "Save")


def talk_about_change(page: Page) -> None:
    """Of eight, six moved up, one is lower, and one had no score at the start."""
    said = page.get_by_role("region", name="What has changed")
    expect(said).to_contain_text("6 of 8 areas moved up and 1 is lower.")
    expect(said).to_contain_text("1 area has no score on one of the two dates")
    expect(page.get_by_role("heading", name="The star", exact=True)).to_be_visible()
    expect(page.locator("svg").first).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text(INSTRUMENT.reason("dont_know").label)


def correct_a_slip(page: Page) -> None:
    page.get_by_role("link", name="Start,").last.click()
    follow(page, "Correct a slip")
    answer(page, {TWO: 1})
    page.get_by_label("What was wrong").fill("The wrong line was ticked")
    press(page, "Save the correction")
    expect(page.get_by_text("The wrong line was ticked")).to_be_visible()
    follow(page, "Progress")
    expect(page.get_by_role("region", name="What has changed")).to_contain_text("7 of 8 areas moved up.")


def sign_out_and_in(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email address").fill("asha@service.example")
    page.get_by_label("Password").fill(NEW_PASSWORD)
    press(page, "Sign in")
    expect(page.get_by_role("link", name="Grace Hill")).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"No way to {target} by keyboard on {page.url}")


def tab_to_button(page: Page, name: str) -> None:
    tab_to(page, page.get_by_role("button", name=name, exact=True))


def test_by_keyboard_alone(page: Page, live_server: LiveServer, crew: Crew) -> None:
    person(live_server, crew, "Kay")
    page.goto("/sign-in")
    tab_to(page, page.get_by_label("Email address"))
    page.keyboard.type(email(crew.asha))
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Kay"))
    page.keyboard.press("Enter")
    tab_to_button(page, "Take the baseline")
    page.keyboard.press("Enter")
    a_slip_leads_to_its_place(page)
    for key in KEYS:
        tab_to(page, page.locator(f"#answer-{key}-1"))
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    tab_to_button(page, "Check answers")
    page.keyboard.press("Enter")
    tab_to_button(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert answers.scores_of(saved(live_server, "Kay")) == dict.fromkeys(KEYS, 2)


def a_slip_leads_to_its_place(page: Page) -> None:
    """Sent with nothing in it, the page begins with what is missing; each error leads to its own answer."""
    tab_to_button(page, "Check answers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#answer-{ONE}-1")).to_be_focused()
    page.keyboard.press("Shift+Tab")


def test_all_on_one_page_without_scripts(
    page_without_scripts: Page, live_server: LiveServer, crew: Crew
) -> None:
    page = page_without_scripts
    live_server.sign_in(page, crew.asha)
    page.goto(person(live_server, crew, "Noor"))
    press(page, "Take the baseline")
    answer(page, {ONE: 4})
    page.locator(f"#measure-{ONE}").get_by_text("Add a note").click()
    page.locator(f"#note-{ONE}").fill("since the garden")
    press(page, "Check answers")
    expect(page.get_by_role("alert")).to_contain_text("Please check 7 things")
    assert page.locator(f"#answer-{ONE}-4").is_checked()
    answer(page, scores(5) | {ONE: 4})
    press(page, "Check answers")
    press(page, "Save")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    survey = saved(live_server, "Noor")
    assert answers.scores_of(survey) == {**dict.fromkeys(KEYS, 5), ONE: 4}
    assert survey.notes == {ONE: "since the garden"}


def test_one_at_a_time_without_scripts(
    page_without_scripts: Page, live_server: LiveServer, crew: Crew
) -> None:
    page = page_without_scripts
    live_server.sign_in(page, crew.asha)
    record = person(live_server, crew, "Otto")
    page.goto(record)
    press(page, "Take the baseline")
    press(page, "Hand the screen to the person")
    follow(page, "Start")
    for key in KEYS:
        answer(page, {key: 3})
        press(page, "Continue")
        if key == THREE:
            no_other_way(page, record)
    press(page, "These are my answers")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    follow(page, "For the advisor: take the screen back")
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, "Take the screen back")
    page.goto(record)
    expect(page.get_by_role("heading", name="Next: the follow-up")).to_be_visible()
    survey = saved(live_server, "Otto")
    assert survey.mode is Mode.SELF_TABLET
    assert answers.scores_of(survey) == dict.fromkeys(KEYS, 3)


def no_other_way(page: Page, record: str) -> None:
    """While the person has the screen, any other address leads to their own form."""
    page.goto(record)
    expect(page.get_by_role("heading", name="How are things for you?")).to_be_visible()
    follow(page, "Carry on")
