"""The account pages in a browser: the first link, with and without scripts, and every state accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.browser import (
    PHONE,
    TABLET,
    assert_accessible,
    assert_fits,
    assert_fits_narrow_with_large_text,
    open_page,
)
from tests.support.people import Crew
from tests.support.server import LiveServer

PASSWORD = "nine herons mend a quiet gate"
StartServer = Callable[..., LiveServer]


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


def test_the_first_link_leaves_the_address_and_makes_an_administrator(
    start_server: StartServer, browser: Browser
) -> None:
    server = start_server()
    link = server.first_link()
    with open_page(browser, server.url) as page:
        page.goto(link)
        page.get_by_label("Your name").fill("Gwen")
        assert page.url == f"{server.url}/welcome"
        assert_accessible(page)
        page.get_by_label("Your email address").fill("gwen@service.example")
        page.get_by_label("Your new password").fill(PASSWORD)
        page.get_by_role("button", name="Save and sign in").click()
        assert page.get_by_role("link", name="Staff").is_visible()
        page.goto(link)
        page.get_by_text("This link does not work any more.").first.wait_for()


def test_without_scripts_the_link_can_be_pasted(start_server: StartServer, browser: Browser) -> None:
    server = start_server()
    with open_page(browser, server.url, java_script_enabled=False) as page:
        page.goto("/welcome")
        page.get_by_label("The code from your link").fill(server.first_link())
        page.get_by_role("button", name="Continue").click()
        assert page.get_by_label("Your name").is_visible()


def press(page: Page) -> None:
    page.locator("main form[novalidate] button").first.click()


def wrong_password(page: Page) -> None:
    page.get_by_label("Email address").fill("adam@service.example")
    page.get_by_label("Password").fill("wrong wrong wrong")
    press(page)


def half_a_line(page: Page) -> None:
    page.locator("#help_lines-0-who").fill("Duty desk")
    page.locator("#help_lines-1-number").fill("ask")
    press(page)


def invite(page: Page) -> None:
    page.get_by_role("textbox", name="Name").fill("Fay")
    page.get_by_label("Email address").fill(f"fay{page.viewport_size['width']}@service.example")  # type: ignore[index]
    page.get_by_role("radio", name="Advisor").check()
    press(page)


STATES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "sign in": ("/sign-in", None),
    "sign in, blank": ("/sign-in", press),
    "sign in, wrong": ("/sign-in", wrong_password),
    "help": ("/help", None),
    "link": ("/welcome", None),
    "link, blank": ("/welcome", press),
    "account": ("/account", None),
    "password": ("/account/password", None),
    "password, blank": ("/account/password", press),
    "staff": ("/staff", None),
    "new": ("/staff/new", None),
    "new, blank": ("/staff/new", press),
    "new, link": ("/staff/new", invite),
    "log": ("/staff/log", None),
    "settings": ("/settings", None),
    "settings, wrong": ("/settings", half_a_line),
    "logo": ("/settings/logo", None),
    "logo, none chosen": ("/settings/logo", press),
}


@pytest.mark.parametrize("viewport", [TABLET, PHONE], ids=["tablet", "phone"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_and_fits(
    browser: Browser, live_server: LiveServer, crew: Crew, state: str, viewport: ViewportSize
) -> None:
    path, act = STATES[state]
    with open_page(browser, live_server.url, viewport=viewport) as page:
        if not path.startswith(("/sign-in", "/help", "/welcome")):
            live_server.sign_in(page, crew.adam)
        page.goto(path)
        if act:
            act(page)
        assert_accessible(page)
        assert_fits(page)
        assert_fits_narrow_with_large_text(page)
