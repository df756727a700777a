"""What every answer tells the browser about trust: pages, redirects, refusals, errors, files and cookies."""

from __future__ import annotations

import re
from http.cookies import Morsel, SimpleCookie

import pytest
from werkzeug.test import TestResponse

from tests.house.matrix import CASES, ROWS
from tests.house.routes import Route
from tests.house.world import World
from wellbeing_app.web.guard import public

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_A_TABLET = {f"visit.{name} GET" for name in ("document", "page", "file", "worker", "manifest")}
MAY_BE_KEPT = {"static GET", "settings.logo GET"} | OF_A_TABLET
PREFERENCES = {"language", "text_size"}


def check(response: TestResponse, *, secure: bool = False, may_be_kept: bool = False) -> None:
    """Everything that holds for each answer."""
    headers = response.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == CSP
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "microphone=()" in headers["Permissions-Policy"]
    assert ("Strict-Transport-Security" in headers) == secure
    if not may_be_kept:
        assert headers["Cache-Control"] == "no-store"
    for line in headers.getlist("Set-Cookie"):
        check_cookie(line, secure)


def check_cookie(line: str, secure: bool) -> None:
    (name, cookie), *_others = SimpleCookie(line).items()
    if name.removeprefix("__Secure-") == "device":
        check_cookie_of_device(name, cookie, secure)
        return
    wants_prefix = secure and name not in PREFERENCES
    assert name.startswith("__Host-") == wants_prefix, line
    assert bool(cookie["secure"]) == secure, line
    assert cookie["httponly"], line
    assert cookie["samesite"] == "Lax", line
    assert cookie["path"] == "/", line
    assert not cookie["domain"], line


def check_cookie_of_device(name: str, cookie: Morsel[str], secure: bool) -> None:
    """It goes to the addresses of deliveries only, from this site only."""
    assert name.startswith("__Secure-") == secure
    assert bool(cookie["secure"]) == secure
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/sync", "")


@pytest.mark.parametrize("key", ROWS)
def test_every_answer_of_a_route_carries_them(world: World, secure_world: World, key: str) -> None:
    for one in (world, secure_world):
        route = Route(one, key)
        for case in (route.one_who_may(), CASES["signed out"]):
            with one.trial():
                check(route.ask(case), secure=one is secure_world, may_be_kept=key in MAY_BE_KEPT)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/nowhere.css", 404),
        ("GET", "/static/../config.py", 404),
        ("GET", "/people/%00", 404),
        ("DELETE", "/help", 405),
        ("OPTIONS", "/help", 200),
        ("HEAD", "/help", 200),
        ("GET", "//help", 308),
    ],
)
def test_every_error_carries_them(world: World, method: str, address: str, status: int) -> None:
    for who in (None, "asha", "handed over"):
        response = world.ask(method, address, who)
        assert response.status_code in (status, 302)
        check(response, may_be_kept=address.startswith("/static"))


def test_what_is_forged_or_too_large_gets_them_too(world: World) -> None:
    foreign = world.ask("POST", "/preferences", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    check(foreign)
    large = world.ask("POST", "/preferences", fields={"next": "x" * 2_000_000})
    assert large.status_code == 413
    check(large)


def test_a_fault_of_the_app_carries_them_and_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panel() -> str:
        raise RuntimeError("the secret is seven")

    monkeypatch.setitem(world.app.view_functions, "help.panel", public(panel))
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    response = world.ask("GET", "/help", "asha")
    assert response.status_code == 500
    check(response)
    assert not re.search(r"secret|RuntimeError|Traceback|\.py", response.text)


def test_a_page_with_somebody_in_it_is_never_kept_by_a_browser(world: World) -> None:
    reference = world.dossiers["asha's"].values["reference"]
    response = world.ask("GET", f"/people/{reference}", "asha")
    assert "Kestrel" in response.text
    assert response.headers["Cache-Control"] == "no-store"
