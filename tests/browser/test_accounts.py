"""The first link in a browser, with and without scripts. How its pages look is in `test_accessibility`."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser

from tests.support.browser import assert_accessible, open_page
from tests.support.server import LiveServer

PASSWORD = "nine herons mend a quiet gate"
StartServer = Callable[..., LiveServer]


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
