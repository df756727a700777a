"""The states of the tablet's own pages: what it keeps to work without a connection."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.states.acts import State
from tests.support.tablet import finish_unlocked, pack_here

VISITS = "/visits?choose=all"


def ask_for_words(page: Page) -> None:
    """Packing has begun, and the words that were typed are others."""
    page.locator("#pack .button-primary").click()
    page.locator("#words-again").fill("something else")
    page.locator("#words-new .button-primary").click()
    expect(page.locator("#packing-says")).to_be_visible()


def try_wrong_words(page: Page) -> None:
    pack_here(page)
    page.locator("#packed a").click()
    page.locator("#passphrase").fill("not these words")
    page.locator("#unlock [type=submit]").click()
    expect(page.locator("#unlock-problem")).to_be_visible()


def unlock(page: Page) -> None:
    words = pack_here(page)
    page.locator("#packed a").click()
    page.locator("#passphrase").fill(words)
    page.locator("#unlock [type=submit]").click()
    page.locator(".visit-card").first.wait_for()
    page.locator("#ready summary").click()


def wait_to_send(page: Page) -> None:
    """No connection, a finished survey, and a look at it."""
    unlock(page)
    page.route("**/sync", lambda route: route.abort())
    finish_unlocked(page)
    page.locator("[data-do=waiting]").click()
    page.locator("#waiting summary").click()


STATES = {
    "visits: nothing packed": State(None, "/visit/"),
    "visits: nothing packed, in English": State(None, "/visit/en/"),
    "visits: no connection": State(None, "/visit/ur/no-connection/"),
    "packing: other words": State("asha", VISITS, ask_for_words),
    "visits: wrong words": State("asha", VISITS, try_wrong_words),
    "visits: unlocked": State("asha", VISITS, unlock),
    "visits: what waits": State("asha", VISITS, wait_to_send),
}
