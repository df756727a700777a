"""The states of the pages about paper: printing forms, and typing them in."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.states.acts import State, blank, sending


def file_for_nobody(page: Page) -> None:
    page.locator("details summary").first.click()
    page.locator("details .button-primary").first.click()


STATES = {
    "print forms": State("asha", "/paper"),
    "print forms: nobody chosen": State("asha", "/paper", blank),
    "print forms: none planned": State("nia", "/paper"),
    "print a form": State("asha", "/paper/{full.ticket_id}"),
    "code": State("dev", "/e/{fresh.code}"),
    "code: unknown": State("dev", "/forms", sending(code="BCDF GHJH")),
    "whose form": State("asha", "/forms/copies/{blank.copy_id}"),
    "whose form: blank": State("asha", "/forms/copies/{blank.copy_id}", blank),
    "keys": State("dev", "/forms/{fresh.ticket_id}/keys"),
    "keys: blank": State("dev", "/forms/{fresh.ticket_id}/keys", blank),
    "keep": State("dev", "/forms/keep?code=7QK2&reason=unknown"),
    "waiting": State("asha", "/forms/waiting"),
    "waiting: filed for nobody": State("asha", "/forms/waiting", file_for_nobody),
    "waiting: the rate": State("mandy", "/forms/waiting"),
    "scans": State("dev", "/forms/scans"),
    "scans: nothing chosen": State("dev", "/forms/scans", blank),
    "scans: none wait": State("nia", "/forms/scans"),
    "reading": State("dev", "/forms/scans/readings/{read.reading_id}"),
    "scan": State("dev", "/forms/scans/{read.page_id}"),
    "scan: blank": State("dev", "/forms/scans/{read.page_id}", blank),
    "pile": State("asha", "/paper/piles/{pile.batch_id}"),
}
