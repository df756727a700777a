"""Every step of a visit and of the person's own form: axe finds nothing, it fits, and needs no colour."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import SMALL_TARGETS, UNSEEN
from tests.browser.test_visit import plan
from tests.support.browser import (
    PHONE,
    assert_accessible,
    assert_fits,
    assert_fits_narrow_with_large_text,
)
from tests.support.people import Crew
from tests.support.server import LiveServer
from tests.support.visiting import KEYS, answer_all, open_visit, pack, tap, unlock
from wellbeing_app.model import Occasion

ONE, TWO, THREE = KEYS[:3]
Look = Callable[[str], None]
# The focus is drawn around a choice's whole label.
OUTLINED = """() => [document.activeElement, document.activeElement.closest('label')]
    .some(one => one && getComputedStyle(one).outlineStyle !== 'none')"""


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


@pytest.fixture(params=["en", "ur"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def look(page: Page, language: str) -> Look:
    """English on a tablet by day; Urdu on a phone by night, and narrow with large text."""
    if language == "ur":
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
    steps = count(1)

    def look_at(step: str) -> None:
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ur" else "ltr"), step
        assert_accessible(page)
        assert_fits(page)
        assert page.evaluate(SMALL_TARGETS) == [], step
        if language == "ur":
            assert_fits_narrow_with_large_text(page)
        elif next(steps) % 3 == 0:
            assert_no_colour_is_needed(page)

    return look_at


def assert_no_colour_is_needed(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.keyboard.press("Tab")
    assert page.evaluate(OUTLINED)
    assert page.evaluate(UNSEEN) == []
    page.emulate_media(forced_colors="none")


def test_each_step_of_a_visit(
    page: Page, look: Look, language: str, live_server: LiveServer, crew: Crew
) -> None:
    live_server.sign_in(page, crew.asha)
    pack(page, [plan(live_server, crew, f"Zenobia{language}", Occasion.FOLLOW_UP)])
    page.context.set_offline(True)
    unlock(page, language=language)
    page.locator("#unknown").click()
    look("somebody who is not listed")
    page.locator("#visit > [data-do=close]").click()
    open_visit(page, "Zenobia")
    tap(page, ONE, 4)
    page.locator("#flag summary").click()
    look("the form, with a safety flag begun")
    call(page, look)
    open_visit(page, "Zenobia")
    page.locator("#respondent-proxy").check()
    page.locator("[data-do=check]").click()
    look("what is missing")
    page.locator("#helper").fill("Her son")
    answer_all(page, **{ONE: 4, TWO: 2, THREE: "declined"})
    page.locator("[data-do=check]").click()
    look("check")
    page.locator("[data-do=save]").click()
    expect(page.locator("[data-step=saved] .star")).to_be_visible()
    look("what changed")


def call(page: Page, look: Look) -> None:
    """By telephone for a while; its form is open when it begins, and closed when it ends."""
    page.locator("#visit [data-do=call]").click()
    page.locator("[data-do=ask]").click()
    look("before a call, not all ticked")
    for tick in page.locator("[data-step=call] [type=checkbox]").all():
        tick.check()
    page.locator("[data-do=ask]").click()
    page.keyboard.press("4")
    look("a question of a call")
    page.keyboard.press("h")
    look("help during a call")
    page.locator("#visit [data-do=on]").click()
    page.locator("[data-do=pause]").click()


def test_each_step_of_the_persons_own(
    page: Page, look: Look, language: str, live_server: LiveServer, crew: Crew
) -> None:
    live_server.sign_in(page, crew.asha)
    pack(page, [plan(live_server, crew, f"Bo{language}")])
    page.context.set_offline(True)
    unlock(page, language=language)
    open_visit(page, "Bo")
    page.locator("[data-do=before]").click()
    look("before handing over")
    page.locator("[data-do=hand-over]").click()
    page.locator("#preferences").get_by_role("button").first.wait_for()
    page.locator(f"#preferences [data-language={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    look("start")
    page.locator("[data-step=start] [data-do=next]").click()
    page.locator("[data-do=next]:visible").click()
    look("a question left out")
    for step in ("pause", "help"):
        page.locator(f"[data-do={step}]:visible").click()
        look(step)
        page.locator("[data-do=on]:visible").click()
    for key in KEYS:
        page.locator(f"#answer-{key}-3").check()
        page.locator("[data-do=next]:visible").click()
    look("check")
    page.locator("[data-do=finish]").click()
    expect(page.locator("[data-step=done]")).to_be_visible()
    look("thank you")
