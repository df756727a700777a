"""Every page in every state is accessible and fits: tablet and phone, and in both directions of writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, render_template
from playwright.sync_api import Browser, Page

from tests.browser.places import Places, fill
from tests.browser.states import NOTHING_CAN_BE_WRONG, STATES, State
from tests.support.browser import (
    PHONE,
    TABLET,
    assert_accessible,
    assert_fits,
    assert_fits_narrow_with_large_text,
    no_complaints,
    open_page,
    standing_page,
)
from tests.support.server import LiveServer
from wellbeing_app import create_app
from wellbeing_app.config import KEY_FILE, Settings

PageFor = Callable[[State], Page]

PACKAGE = Path(__file__).resolve().parents[2] / "wellbeing_app"
OF_A_TABLET = {"visit.choose", "visit.file", "visit.worker", "visit.manifest"}
TABLES = {"data.codebook", "data.xlsform", "importing.problems"}
PDFS = {"summary.show", "paper.sheet", "paper.batch_file", "report.as_pdf"}
CALENDARS = {"calendars.feed", "calendars.of_person"}
FILES = PDFS | CALENDARS | TABLES | {"scans.picture"}
NOT_PAGES = {"static", "health.check", "settings.logo", "caseload.home"} | FILES | OF_A_TABLET
# Links inside a sentence are as high as its line; whatever stands alone has room for a finger.
SMALL_TARGETS = """() => {
    const inSentence = link => {
        const around = link.parentElement.closest('p, li, dd, td, caption')
        return getComputedStyle(link).display === 'inline' && around
            && around.innerText.trim().length > link.innerText.trim().length
    }
    const isShown = element => element.checkVisibility({visibilityProperty: true})
        && element.getBoundingClientRect().right > 1 && element.getBoundingClientRect().bottom > 1
    const all = ':is(a[href], button, summary, select, textarea, input:not([type=hidden])):not([aria-hidden])'
    return [...document.querySelectorAll(all)]
        .filter(element => isShown(element) && !(element.matches('a') && inSentence(element)))
        .filter(element => {
            const box = (element.closest('label') ?? element).getBoundingClientRect()
            return Math.min(box.width, box.height) < 43.5
        })
        .map(element => element.outerHTML.slice(0, 150))
}"""

# With forced colours, a line or a shape that has the colour of the page is gone.
UNSEEN = """() => [...document.querySelectorAll('main svg :is(path, line, circle, rect)')]
    .filter(shape => {
        const {fill, stroke} = getComputedStyle(shape)
        const page = getComputedStyle(document.body).backgroundColor
        return [fill, stroke].every(colour => colour === 'none' || colour === page)
    })
    .map(shape => shape.outerHTML.slice(0, 150))"""
HAS_FORM_THAT_ASKS = """html => new DOMParser().parseFromString(html, 'text/html')
    .querySelector('main form[method=post]:has(input:not([type=hidden]), textarea)') !== null"""

ERRORS = sorted(path.name for path in (PACKAGE / "templates/errors").glob("*.html"))


@pytest.fixture(scope="module")
def places(live_server: LiveServer) -> Places:
    crew = live_server.hire()
    with live_server.database() as db:
        return fill(db, crew)


@pytest.fixture(scope="module")
def one_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """One page for nearly all that is looked at, so that styles and scripts are fetched once."""
    with standing_page(browser, live_server.url, service_workers="block") as page:
        yield page


@pytest.fixture
def page(one_page: Page) -> Iterator[Page]:
    """That page as if it were fresh: a tablet held upright by day, with nothing kept of the one before."""
    one_page.set_viewport_size(TABLET)
    one_page.emulate_media(color_scheme="light", forced_colors="none")
    one_page.context.clear_cookies()
    with no_complaints(one_page):
        yield one_page
    one_page.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
    one_page.unroute_all()


@pytest.fixture
def own_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page that is truly fresh."""
    with open_page(browser, live_server.url) as page:
        yield page


@pytest.fixture
def page_for(request: pytest.FixtureRequest) -> PageFor:
    """The page to look at a state on: what a tablet keeps for its visits wants a fresh one."""
    return lambda state: request.getfixturevalue("own_page" if state.path.startswith("/visit") else "page")


@pytest.fixture(scope="module")
def app(live_server: LiveServer) -> Flask:
    """The same app in this process, to know its addresses and to draw what it seldom shows."""
    key = (live_server.instance / KEY_FILE).read_text().strip()
    return create_app(Settings(live_server.instance, live_server.database_url, key))


def address(state: State, places: Places) -> str:
    return state.path.format(link=places.link, staff_id=places.staff_id, **places.people, **places.held)


def keep_cookie(page: Page, url: str, name: str, value: str) -> None:
    page.context.add_cookies([{"name": name, "value": value, "url": url}])


def sign_in(page: Page, state: State, places: Places, url: str) -> None:
    if state.who:
        keep_cookie(page, url, "wellbeing", places.sign_ins[state.who])


def open_state(page: Page, state: State, places: Places, url: str) -> None:
    sign_in(page, state, places, url)
    page.goto("about:blank")
    page.goto(address(state, places))
    if state.act:
        state.act(page)


def look_at(page: Page, language: str) -> None:
    """On a tablet by day and on a phone by night. What axe finds in one of them in Urdu, it finds in both."""
    if language == "en":
        assert_accessible(page)
    assert_roomy(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    assert_accessible(page)
    assert_roomy(page)
    assert_fits_narrow_with_large_text(page)


def assert_roomy(page: Page) -> None:
    assert_fits(page)
    assert page.evaluate(SMALL_TARGETS) == []


def endpoint(app: Flask, path: str) -> str:
    adapter = app.url_map.bind("localhost")
    return str(adapter.match(urlsplit(path).path)[0]) if adapter.test(urlsplit(path).path) else "nothing"


def test_every_page_is_looked_at(app: Flask, places: Places) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {endpoint(app, address(state, places)) for state in STATES.values()}
    assert looked_at - {"nothing"} - OF_A_TABLET == pages - NOT_PAGES


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_accessible_and_fits(
    page_for: PageFor, live_server: LiveServer, places: Places, name: str
) -> None:
    """Every state."""
    page = page_for(STATES[name])
    keep_cookie(page, live_server.url, "language", "en")
    open_state(page, STATES[name], places, live_server.url)
    look_at(page, "en")


@pytest.mark.parametrize("name", [name for name in STATES if ":" not in name])
def test_a_page_from_right_to_left_is_accessible_and_fits(
    page_for: PageFor, live_server: LiveServer, places: Places, name: str
) -> None:
    """Every page; of its states only the first, because what is in the others is drawn by the same macros."""
    page = page_for(STATES[name])
    keep_cookie(page, live_server.url, "language", "ur")
    open_state(page, STATES[name], places, live_server.url)
    look_at(page, "ur")


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("name", ERRORS)
def test_what_is_seldom_seen_is_accessible_too(
    page: Page, live_server: LiveServer, app: Flask, name: str, language: str
) -> None:
    with app.test_request_context("/help", headers={"Cookie": f"language={language}"}):
        html = render_template(f"errors/{name}", path="/help", sent=[("concern", "typed")])
    page.route("**/error", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto(f"{live_server.url}/error")
    look_at(page, language)


def test_a_page_with_a_form_is_looked_at_with_an_error_too(
    app: Flask, places: Places, page: Page, live_server: LiveServer
) -> None:
    """An error state is one that was acted on, or asked for in the address."""
    with_errors = {
        endpoint(app, address(state, places)) for state in STATES.values() if state.act or "?" in state.path
    }
    covered, without = with_errors | NOTHING_CAN_BE_WRONG, []
    for name, state in STATES.items():
        if endpoint(app, address(state, places)) in covered:
            continue
        sign_in(page, state, places, live_server.url)
        html = page.request.get(live_server.url + address(state, places)).text()
        if page.evaluate(HAS_FORM_THAT_ASKS, html):
            without.append(name)
    assert without == []


@pytest.mark.parametrize("name", ["survey", "record", "progress", "self: question", "check"])
def test_forced_colours_hide_nothing(page: Page, live_server: LiveServer, places: Places, name: str) -> None:
    page.emulate_media(forced_colors="active")
    open_state(page, STATES[name], places, live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert page.evaluate(UNSEEN) == []
