"""The system's Chromium, driven by Playwright, and what every page must fulfil in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.support.missing import needs

TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 640}
NARROW: ViewportSize = {"width": 320, "height": 640}

QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DOUBLE_TEXT = """() => {
    const root = document.documentElement
    root.style.fontSize = 2 * parseFloat(getComputedStyle(root).fontSize) + 'px'
}"""
# A page that is meant to answer 403 or 404 makes the browser say so on its console.
EXPECTED_ON_CONSOLE = "Failed to load resource"


def chromium() -> str:
    """Where Chromium is: the variable CHROMIUM, or the first found on the path."""
    named = os.environ.get("CHROMIUM")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    return found or needs("chromium")


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, base_url: str, **context_options: Any) -> Iterator[Page]:
    """A page in a fresh context. Fails at its end if a script or a policy complained on the console."""
    with standing_page(browser, base_url, **context_options) as page, no_complaints(page):
        yield page


@contextmanager
def standing_page(browser: Browser, base_url: str, **context_options: Any) -> Iterator[Page]:
    """A page in a fresh context, for many looks: each has `no_complaints` to itself."""
    options = {"base_url": base_url, "viewport": TABLET, "locale": "en-GB", **context_options}
    with browser.new_context(**options) as context:
        yield context.new_page()


@contextmanager
def no_complaints(page: Page) -> Iterator[None]:
    """Fails at its end if a script or a policy complained on the page's console meanwhile."""
    complaints: list[str] = []
    listeners: dict[Any, Any] = {
        "pageerror": lambda error: complaints.append(f"{page.url}: {error}"),
        "console": lambda message: complaints.extend(_complaint(message)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


def _complaint(message: ConsoleMessage) -> list[str]:
    if message.type != "error" or message.text.startswith(EXPECTED_ON_CONSOLE):
        return []
    return [f"{message.location.get('url')}: {message.text}"]


def assert_accessible(page: Page) -> None:
    """axe finds nothing: levels A, AA and AAA, and its best practices."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    assert not found, f"{page.url}: {len(found)} kinds of violation\n" + "\n".join(map(_violation, found))


def _violation(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in violation["nodes"]
    )
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{places}"


def assert_fits(page: Page) -> None:
    """Nothing has to be scrolled sideways."""
    width, room = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= room, f"{page.url} is {width} px wide in {room} px"


def assert_fits_narrow_with_large_text(page: Page) -> None:
    """No sideways scroll at 320 px with text at 200 %."""
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    page.evaluate(DOUBLE_TEXT)
    assert_fits(page)
    page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    page.set_viewport_size(before or TABLET)
