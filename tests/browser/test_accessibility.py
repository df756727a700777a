"""Every page in every state is accessible and fits: tablet and phone, and in both directions of writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, render_template
from playwright.sync_api import Page

from tests.browser.places import Places, fill
from tests.support.browser import (
    PHONE,
    assert_accessible,
    assert_fits,
    assert_fits_narrow_with_large_text,
)
from tests.support.server import LiveServer
from wellbeing_app import create_app
from wellbeing_app.config import KEY_FILE, Settings

PACKAGE = Path(__file__).resolve().parents[2] / "wellbeing_app"
NOT_PAGES = {"static", "health.check", "settings.logo", "caseload.home"}
FRESH = count(1)
BLANK = """form => {
    for (const field of form.elements) {
        if (field.type === 'checkbox' || field.type === 'radio') field.checked = false
        else if (field.type !== 'hidden' && field.tagName !== 'SELECT') field.value = ''
    }
}"""
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
NOTHING_CAN_BE_WRONG = {"self_completion.check"}
FORM_THAT_ASKS = "main form[method=post]:has(input:not([type=hidden]), textarea)"

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


@dataclass(frozen=True)
class State:
    """Somebody (None: nobody) looks at a page; `act` makes of it what is looked at."""

    who: str | None
    path: str
    act: Act | None = None


STATES = {
    # anybody
    "sign in": State(None, "/sign-in"),
    "sign in: blank": State(None, "/sign-in", blank),
    "sign in: wrong": State(None, "/sign-in", sign_in_wrongly),
    "sign in: an old page": State(None, "/sign-in", an_old_token),
    "help": State(None, "/help"),
    "link": State(None, "/welcome"),
    "link: blank": State(None, "/welcome", blank),
    "link: spent": State(None, "/welcome", sending(code="spent")),
    "link: password": State(None, "/welcome#{link}", arrive),
    "link: password, blank": State(None, "/welcome#{link}", arrive_and_blank),
    "nothing there": State(None, "/nowhere"),
    # one's own account
    "account": State("asha", "/account"),
    "password": State("asha", "/account/password"),
    "password: blank": State("asha", "/account/password", blank),
    # advisors
    "caseload": State("asha", "/caseload"),
    "caseload: empty": State("nia", "/caseload"),
    "caseload: closed": State("asha", "/caseload?show=closed"),
    "caseload: team": State("ben", "/caseload?who=all"),
    "caseload: service": State("mandy", "/caseload"),
    "find": State("asha", "/find"),
    "find: found": State("asha", "/find?q=featherstone"),
    "find: nobody": State("asha", "/find?q=nobody"),
    "add": State("asha", "/people/new"),
    "add: blank": State("asha", "/people/new", blank),
    "add: somebody alike": State("asha", "/people/new", somebody_alike),
    "record": State("asha", "/people/{full.reference}"),
    "record: nothing yet": State("asha", "/people/{bare.reference}"),
    "record: two baselines": State("asha", "/people/{twice.reference}"),
    "record: closed": State("asha", "/people/{closed.reference}"),
    "record: mental health": State("asha", "/people/{once.reference}"),
    "record: glass broken": State("carol", "/people/{full.reference}"),
    "record: somebody else's": State("nia", "/people/{full.reference}"),
    "edit": State("asha", "/people/{full.reference}/edit"),
    "edit: blank": State("asha", "/people/{full.reference}/edit", blank),
    "edit: a lost race": State("asha", "/people/{full.reference}/edit", an_older_version),
    "access": State("mandy", "/people/{full.reference}/access"),
    "break glass": State("nia", "/break-glass"),
    "break glass: blank": State("nia", "/break-glass", blank),
    "join": State("asha", "/people/{full.reference}/merge"),
    "join: not found": State("asha", "/people/{full.reference}/merge?other=R-00000"),
    "join: both": State("asha", "/people/{full.reference}/merge?other={bare.reference}"),
    "join: none chosen": State("asha", "/people/{full.reference}/merge?other={bare.reference}", press),
    "agreements": State("asha", "/people/{full.reference}/agreements"),
    "agreements: blank": State("asha", "/people/{full.reference}/agreements", blank),
    "agreements: none": State("asha", "/people/{bare.reference}/agreements"),
    "flags": State("asha", "/safety"),
    "flags: none": State("nia", "/safety"),
    "flag": State("asha", "/people/{full.reference}/safety/{full.flag_id}"),
    "flag: blank": State("asha", "/people/{full.reference}/safety/{full.flag_id}", blank),
    "raise a flag": State("asha", "/people/{full.reference}/safety/new"),
    "raise a flag: blank": State("asha", "/people/{full.reference}/safety/new", blank),
    "new episode": State("asha", "/people/{full.reference}/episodes/new"),
    "new episode: blank": State("asha", "/people/{full.reference}/episodes/new", blank),
    "episode": State("asha", "/episodes/{full.episode_id}"),
    "episode: a lost race": State("asha", "/episodes/{full.episode_id}", an_older_version),
    "close": State("asha", "/episodes/{full.episode_id}/close"),
    "close: blank": State("asha", "/episodes/{full.episode_id}/close", blank),
    # surveys
    "survey": State("asha", "/surveys/{half.ticket_id}"),
    "survey: blank": State("asha", "/surveys/{fresh.ticket_id}", press),
    "survey: cancelled": State("asha", "/surveys/{cancelled.ticket_id}"),
    "survey: saved otherwise": State("asha", "/surveys/{conflict.ticket_id}"),
    "check": State("asha", "/surveys/{ready.ticket_id}/check"),
    "from paper": State("dev", "/surveys/{fresh.ticket_id}"),
    "from paper: blank": State("dev", "/surveys/{fresh.ticket_id}", press),
    "code": State("dev", "/forms"),
    "code: a slip": State("dev", "/forms", sending(code="ABC")),
    "saved": State("asha", "/surveys/saved/{full.survey_id}"),
    "saved: two baselines": State("asha", "/surveys/saved/{twice.survey_id}"),
    "correct": State("asha", "/surveys/saved/{full.survey_id}/correct"),
    "correct: blank": State("asha", "/surveys/saved/{full.survey_id}/correct", blank),
    "progress": State("asha", "/people/{full.reference}/progress"),
    "progress: one survey": State("asha", "/people/{once.reference}/progress"),
    "progress: none": State("asha", "/people/{bare.reference}/progress"),
    # the person, on the tablet
    "self": State("half", "/self/{half.ticket_id}/"),
    "self: question": State("half", "/self/{half.ticket_id}/1"),
    "self: a fresh question": State("half", "/self/{half.ticket_id}/8"),
    "self: left out": State("half", "/self/{half.ticket_id}/7", press),
    "self: paused": State("half", "/self/{half.ticket_id}/paused"),
    "self: check": State("ready", "/self/{ready.ticket_id}/check"),
    "self: done": State("done", "/self/{done.ticket_id}/done"),
    "self: hand back": State("half", "/self/{half.ticket_id}/hand-back"),
    "self: hand back, blank": State("half", "/self/{half.ticket_id}/hand-back", blank),
    "self: help": State("half", "/help"),
    "self: the sign-in ended": State("ended", "/self/{half.ticket_id}/2"),
    # the service
    "figures": State("eve", "/figures"),
    "staff": State("adam", "/staff"),
    "invite": State("adam", "/staff/new"),
    "invite: blank": State("adam", "/staff/new", blank),
    "invite: link": State("adam", "/staff/new", invite),
    "member": State("adam", "/staff/{staff_id}"),
    "member: a lost race": State("adam", "/staff/{staff_id}", an_older_version),
    "log": State("adam", "/staff/log"),
    "settings": State("adam", "/settings"),
    "settings: wrong": State("adam", "/settings", half_a_line),
    "settings: a lost race": State("adam", "/settings", an_older_version),
    "logo": State("adam", "/settings/logo"),
    "logo: none chosen": State("adam", "/settings/logo", press),
}


ERRORS = sorted(path.name for path in (PACKAGE / "templates/errors").glob("*.html"))


@pytest.fixture(scope="module")
def places(live_server: LiveServer) -> Places:
    crew = live_server.hire()
    with live_server.database() as db:
        return fill(db, crew)


@pytest.fixture(scope="module")
def app(live_server: LiveServer) -> Flask:
    """The same app in this process, to know its addresses and to draw what it seldom shows."""
    key = (live_server.instance / KEY_FILE).read_text().strip()
    return create_app(Settings(live_server.instance, live_server.database_url, key))


def address(state: State, places: Places) -> str:
    return state.path.format(link=places.link, staff_id=places.staff_id, **places.people)


def keep_cookie(page: Page, url: str, name: str, value: str) -> None:
    page.context.add_cookies([{"name": name, "value": value, "url": url}])


def open_state(page: Page, state: State, places: Places, url: str) -> None:
    if state.who:
        keep_cookie(page, url, "wellbeing", places.sign_ins[state.who])
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
    assert looked_at - {"nothing"} == pages - NOT_PAGES


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("name", STATES)
def test_a_page_is_accessible_and_fits(
    page: Page, live_server: LiveServer, places: Places, name: str, language: str
) -> None:
    keep_cookie(page, live_server.url, "language", language)
    open_state(page, STATES[name], places, live_server.url)
    look_at(page, language)


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
        open_state(page, replace(state, act=None), places, live_server.url)
        if page.locator(FORM_THAT_ASKS).count() and endpoint(app, address(state, places)) not in covered:
            without.append(name)
    assert without == []


@pytest.mark.parametrize("name", ["survey", "record", "progress", "self: question", "check"])
def test_forced_colours_hide_nothing(page: Page, live_server: LiveServer, places: Places, name: str) -> None:
    page.emulate_media(forced_colors="active")
    open_state(page, STATES[name], places, live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert page.evaluate(UNSEEN) == []
