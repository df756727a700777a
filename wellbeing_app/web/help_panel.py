"""Whom to turn to, and how the pages should look on this browser. Both without signing in."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from wellbeing_app.web.addresses import came_from, next_or_home
from wellbeing_app.web.context import signed_in
from wellbeing_app.web.guard import public
from wellbeing_app.web.i18n import LANGUAGES, remember_language
from wellbeing_app.web.navigation import remember_text_size
from wellbeing_app.web.telephone import dialled

blueprint = Blueprint("help", __name__)
blueprint.add_app_template_filter(dialled)


@blueprint.get("/help")
@public
def panel() -> str:
    """Telephone numbers for a bad moment."""
    asking = signed_in()
    ticket_id = asking.handed_over_ticket_id if asking else None
    own_form = url_for("self_completion.start", ticket_id=ticket_id) if ticket_id else None
    return render_template("help/panel.html", back=came_from() or own_form, handed_over=bool(ticket_id))


@blueprint.post("/preferences")
@public
def preferences() -> Response:
    """Keep the language or the size of text on this browser, and go back."""
    response = make_response(redirect(next_or_home(request.form.get("next"))))
    language = request.form.get("language")
    if language in LANGUAGES:
        remember_language(response, language)
    remember_text_size(response, request.form.get("text_size"))
    return response
