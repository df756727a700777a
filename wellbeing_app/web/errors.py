"""Each way of not doing as asked, turned into a page, once."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

from flask import Flask, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from wellbeing_app.paper.print import Unavailable
from wellbeing_app.services import audit
from wellbeing_app.services.errors import Merged, NotAllowed, NotFound, NotYours, Superseded, TicketVoid
from wellbeing_app.web import api
from wellbeing_app.web.context import db, forget_writes, signed_in
from wellbeing_app.web.held import PASSWORDS
from wellbeing_app.web.i18n import SOURCE, use_language

log = logging.getLogger(__name__)
Page = tuple[str | dict[str, Any], int]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(NotYours, _not_yours)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(Merged, _merged)
    app.register_error_handler(TicketVoid, _void)
    app.register_error_handler(Superseded, _superseded)
    app.register_error_handler(Unavailable, _no_pdf)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(403, _forbidden)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(500, _broken)
    app.log_exception = _note  # type: ignore[method-assign]


def _not_yours(error: NotYours) -> Page:
    """The same page as for nothing at all; but the attempt is on the person's record."""
    forget_writes()
    audit.record(db, signed_in(), "refused", person=error.service_user_id, purpose=error.action)
    return _page("not_found", 404)


def _not_found(_error: Exception) -> Page:
    forget_writes()
    return _page("not_found", 404)


def _not_allowed(error: NotAllowed) -> Page:
    """Nobody's record was reached, so the attempt stands in the trail of the accounts."""
    forget_writes()
    audit.record(db, signed_in(), "not_allowed", purpose=str(error))
    return _page("not_found", 404)


def _forbidden(_error: Exception) -> Page:
    forget_writes()
    return _page("forbidden", 403)


def _merged(error: Merged) -> Response | Page:
    forget_writes()
    if api.is_asked():
        return api.of_status(404)
    flash(_("This record was joined with another. You are looking at the one that was kept."), "info")
    return redirect(url_for("people.record", reference=error.reference))


def _void(_error: TicketVoid) -> Page:
    forget_writes()
    return _page("void", 409)


def _superseded(_error: Superseded) -> Page:
    """For two at the very same moment, where no page shows both versions."""
    forget_writes()
    return _page("superseded", 409)


def _no_pdf(_error: Unavailable) -> Page:
    forget_writes()
    return _page("no_pdf", 503)


def _refused(error: HTTPException) -> Page:
    forget_writes()
    return _page("refused", error.code or 400)


def _broken(_error: Exception) -> Page:
    """Our fault. What was being sent comes back with the page, to be sent once more."""
    try:
        forget_writes()
        return _page("broken", 500, **({} if api.is_asked() else {"sent": _sent()}))
    except Exception:
        _note(sys.exc_info())
        with use_language(SOURCE):
            bare = current_app.jinja_env.get_template("errors/bare.html")
            return bare.render(path=request.path, sent=_sent()), 500


def _note(exc_info: Any) -> None:
    """Log what kind of fault it was and where, not its message: a database names what was in the row."""
    kind, _error, places = exc_info
    log.error("%s in %s\n%s", kind.__name__, request.endpoint, "".join(traceback.format_tb(places)))


def _sent() -> list[tuple[str, str]]:
    """The fields of the form that was being sent, unless a password is among them."""
    if any(name in request.form for name in PASSWORDS):
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def _page(name: str, status: int, **values: Any) -> Page:
    if api.is_asked():
        return api.of_status(status)
    return render_template(f"errors/{name}.html", **values), status
