"""The states of the report, and of the ledger behind it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.states.acts import State, blank, press


def too_early(page: Page) -> None:
    page.locator("#employment").check()
    page.locator("#employment_on").fill("2001-01-01")
    press(page)


def no_hours(page: Page) -> None:
    page.locator(".ledger-small [name=hours]").first.fill("many")
    page.locator(".ledger-small .button").first.click()


STATES = {
    "report": State("mandy", "/report?cost=394300"),
    "report: shared": State("eve", "/report"),
    "report: nobody": State("mandy", "/report?since=1990-01-01&until=1990-12-31"),
    "report: no period": State("mandy", "/report?since=2026-02-01&until=2026-01-01"),
    "report: plain": State("mandy", "/report/plain"),
    "report: compared": State("eve", "/report/compare"),
    "ledger": State("asha", "/episodes/{once.episode_id}/ledger"),
    "ledger: too early": State("asha", "/episodes/{full.episode_id}/ledger", too_early),
    "ledger: no hours": State("asha", "/episodes/{once.episode_id}/ledger", no_hours),
    "outcomes": State("asha", "/outcomes"),
    "outcomes: none": State("nia", "/outcomes"),
    "activities": State("mandy", "/activities"),
    "activities: blank": State("mandy", "/activities", blank),
    "activity": State("mandy", "/activities/{walks.activity_id}"),
    "activity: blank": State("mandy", "/activities/{walks.activity_id}", blank),
}
