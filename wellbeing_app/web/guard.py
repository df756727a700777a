"""Every view says who may ask for it. One that does not say so stops the app from starting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from wellbeing_app.services import sessions
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import NotAllowed, NotFound
from wellbeing_app.services.policy import Action
from wellbeing_app.web import api, held
from wellbeing_app.web.context import db, house

MARK = "guard"
# A browser that is handed over goes on delivering what it holds.
NOT_CONFINED = ("static", "help.preferences", "help.panel", "settings.logo", "sync.deliver", "visit")
NOBODY_ASKS = ("static", "visit.file", "sync.deliver")
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Guard:
    """`action` None: anybody. `handed_over`: also while the person has the tablet, for that one ticket."""

    action: Action | None
    handed_over: bool = False


class UnguardedView(RuntimeError):
    """A view without `guard` or `public`."""


def public(view: View) -> View:
    """Anybody may ask for this view; it shows nothing about anyone."""
    setattr(view, MARK, Guard(None))
    return view


def guard(action: Action, *, handed_over: bool = False) -> Callable[[View], View]:
    """Only staff whose role does `action` to somebody may ask for this view."""

    def mark(view: View) -> View:
        setattr(view, MARK, Guard(action, handed_over))
        return view

    return mark


def init_app(app: Flask) -> None:
    """Check the guard before each request. Call when all views are registered; raises `UnguardedView`."""
    app.view_functions["static"] = public(app.view_functions["static"])
    for endpoint, view in app.view_functions.items():
        if not isinstance(getattr(view, MARK, None), Guard):
            raise UnguardedView(f"{endpoint} has neither @guard nor @public.")
    app.before_request(_identify)
    app.before_request(_check)


def cookie_name() -> str:
    """The session cookie; browsers keep a `__Host-` one to this very host, over TLS."""
    return "__Host-wellbeing" if house().settings.secure else "wellbeing"


def _identify() -> None:
    token = request.cookies.get(cookie_name())
    if token and request.endpoint not in NOBODY_ASKS:
        g.actor = sessions.find(db, token)
        if g.actor is None:
            g.left_behind = sessions.left_behind(db, token)


def _check() -> Response | tuple[str | dict[str, Any], int] | None:
    if request.endpoint is None:
        return None
    rule: Guard = getattr(current_app.view_functions[request.endpoint], MARK)
    asking: Actor | None = g.get("actor")
    if asking is not None and asking.handed_over_ticket_id is not None:
        return _confine(asking, rule)
    if rule.action is None:
        return None
    if asking is None:
        return api.refuse("sign_in", 401) if api.is_asked() else held.ask_to_sign_in()
    if not asking.may(rule.action):
        raise NotAllowed(rule.action)
    return None


def _confine(asking: Actor, rule: Guard) -> Response | None:
    """While the person has the tablet, their own form is all there is."""
    arguments = request.view_args or {}
    if rule.handed_over and arguments.get("ticket_id") == asking.handed_over_ticket_id:
        return None
    if request.endpoint in NOT_CONFINED or request.blueprint in NOT_CONFINED:
        return None
    if request.method == "GET" and not api.is_asked():
        return redirect(url_for("self_completion.start", ticket_id=asking.handed_over_ticket_id))
    raise NotFound
