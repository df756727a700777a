"""Forms sent from elsewhere are refused; a form that was open too long is shown again, with what was typed.

Every unsafe request needs the token of this browser's session; scripts (`api`) send a header instead.
A view sees a missing token as an error of its form (`forms.base.Form`), so nothing typed is lost; and should
a view not look, nothing it did is kept.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import Forbidden
from wtforms import ValidationError

from wellbeing_app.web import api
from wellbeing_app.web.blanks import csrf_token
from wellbeing_app.web.context import forget_writes

SAFE = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    """Check every unsafe request. Must be called after the commit was registered, to run before it."""
    app.config["WTF_CSRF_TIME_LIMIT"] = 12 * 60 * 60
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.before_request(_check)
    app.after_request(_keep_nothing_forged)


def is_stale() -> bool:
    """Whether this request came without the token of its session: show the form again, keep nothing."""
    return bool(g.get("forged"))


def _check() -> None:
    if request.method in SAFE:
        return
    if api.is_asked():
        if request.endpoint is not None and api.is_from_elsewhere():
            raise Forbidden
        return
    if _is_from_elsewhere():
        raise Forbidden
    g.forged = _lacks_token()


def _is_from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _lacks_token() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRF-Token"))
    except ValidationError:
        return True
    return False


def _keep_nothing_forged(response: Response) -> Response:
    if not is_stale():
        return response
    forget_writes()
    if response.status_code < 400:
        return make_response(render_template("errors/stale.html"), 400)
    return response
