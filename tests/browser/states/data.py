"""The states of the pages for data: taken out, and brought in."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.states.acts import State, blank, press

FILE = b"person,occasion,completed_on,money\nC-1,baseline,2026-01-05,%s\nC-2,baseline,2026-01-05,3\n"


def bring(page: Page, score: bytes) -> None:
    sent = {"name": "people.csv", "mimeType": "text/csv", "buffer": FILE % score}
    page.locator("[name=file]").set_input_files(sent)  # type: ignore[arg-type]
    press(page)
    page.locator("#found").wait_for()


def bring_well(page: Page) -> None:
    bring(page, b"3")


def bring_wrong(page: Page) -> None:
    bring(page, b"9")


def take_in(page: Page) -> None:
    bring_well(page)
    press(page)
    page.locator("table").wait_for()


def no_choice(page: Page) -> None:
    page.locator("main form").first.evaluate("form => form.querySelector('[name=level]').name = 'none'")
    page.locator("main .button-primary").first.click()


STATES = {
    "data": State("mandy", "/data"),
    "data: evaluator": State("eve", "/data"),
    "data: nothing chosen": State("mandy", "/data", no_choice),
    "bring in": State("mandy", "/data/import"),
    "bring in: blank": State("mandy", "/data/import", blank),
    "bring in: a file that waits": State("mandy", "/data/import/{import_id}"),
    "bring in: something to put right": State("mandy", "/data/import", bring_wrong),
    "bring in: ready": State("mandy", "/data/import", bring_well),
    "bring in: taken in": State("mandy", "/data/import", take_in),
}
