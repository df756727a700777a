"""The states of the office's pages about tablets: packing, what was held, and the tablets themselves."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.states.acts import State, blank


def destroy_blank(page: Page) -> None:
    """Without a reason."""
    page.locator("details summary").last.click()
    page.locator("form[action$=destroy] button").click()


STATES = {
    "tablets": State("adam", "/devices"),
    "held": State("mandy", "/held"),
    "held: nothing": State("nia", "/held"),
    "held: whose, blank": State("asha", "/held/{held_stranger}", blank),
    "held: two surveys": State("mandy", "/held/{held_two}"),
    "held: something wrong": State("asha", "/held/{held_wrong}"),
    "held: destroy, blank": State("mandy", "/held/{held_unread}", destroy_blank),
    "visits": State("asha", "/visits"),
    "visits: none planned": State("nia", "/visits"),
}
