"""The cookie that carries a sign-in, and what else must change when somebody comes or goes."""

from __future__ import annotations

from contextlib import suppress

from flask import g, session
from werkzeug.wrappers import Response

from wellbeing_app.services import authentication
from wellbeing_app.services.errors import NotFound
from wellbeing_app.web.context import db, house, signed_in
from wellbeing_app.web.guard import cookie_name


def give(response: Response, token: str) -> None:
    """Hand the browser its new session. Whatever sign-in it had before is over."""
    before = signed_in()
    if before is not None:
        with suppress(NotFound):  # a new password may have ended it already
            authentication.sign_out(db, before)
    secure = house().settings.secure
    response.set_cookie(cookie_name(), token, path="/", secure=secure, httponly=True, samesite="Lax")


def take(response: Response) -> None:
    """The browser is nobody's any more."""
    secure = house().settings.secure
    response.delete_cookie(cookie_name(), path="/", secure=secure, httponly=True, samesite="Lax")


def begin_afresh() -> None:
    """Forget what the browser carried for its forms; those drawn from now on have a new token."""
    session.clear()
    g.pop("csrf_token", None)
