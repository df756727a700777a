"""What is looked at: a state is a page as somebody sees it, and what was done to it first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from playwright.sync_api import Page

FRESH = count(1)
BLANK = """form => {
    for (const field of form.elements) {
        if (field.type === 'checkbox' || field.type === 'radio') field.checked = false
        else if (field.type !== 'hidden' && field.tagName !== 'SELECT') field.value = ''
    }
}"""

Act = Callable[[Page], None]


def press(page: Page) -> None:
    """The page's main button."""
    page.locator("main :is(.button-primary, .button-warning)").last.click()


def blank(page: Page) -> None:
    """The page's form, sent with nothing in it."""
    page.locator("main form:has(.button-primary)").last.evaluate(BLANK)
    press(page)


def send(page: Page, **fields: str) -> None:
    """The page's form with these fields filled."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)
    press(page)


def sending(**fields: str) -> Act:
    return lambda page: send(page, **fields)


def invite(page: Page) -> None:
    page.locator("[name=role]").first.check()
    send(page, name="Fay", email=f"fay{next(FRESH)}@service.example")


def sign_in_wrongly(page: Page) -> None:
    send(page, email="adam@service.example", password="wrong wrong wrong")


def half_a_line(page: Page) -> None:
    page.locator("#help_lines-0-who").fill("Duty desk")
    page.locator("#help_lines-1-number").fill("ask")
    press(page)


def an_old_token(page: Page) -> None:
    page.locator("main [name=csrf_token]").last.evaluate("field => { field.value = 'old' }")
    press(page)


def somebody_alike(page: Page) -> None:
    page.locator("[name=pathway]").first.check()
    send(page, first_name="Bo")


def an_older_version(page: Page) -> None:
    page.locator("[name=version]").evaluate("field => { field.value = '0' }")
    page.locator("main input[type=text]").first.fill("Somebody")
    press(page)


def arrive(page: Page) -> None:
    """The script sends the link's code on its way."""
    page.locator("[name=password]").wait_for()


def arrive_and_blank(page: Page) -> None:
    arrive(page)
    blank(page)


def nobody_answered(page: Page) -> None:
    page.locator("[name=outcome][value=no_answer]").check()
    page.locator("form:has([name=outcome]) .button-primary").click()


def continue_without(page: Page) -> None:
    page.locator("[value=continue]").click()


@dataclass(frozen=True)
class State:
    """Somebody (None: nobody) looks at a page; `act` makes of it what is looked at."""

    who: str | None
    path: str
    act: Act | None = None
