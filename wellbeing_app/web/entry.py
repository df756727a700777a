"""Opening a form by the code printed on it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wellbeing_app.forms.entry import CodeForm
from wellbeing_app.model import Ticket
from wellbeing_app.services import tickets
from wellbeing_app.services.errors import Invalid, NotFound, NotYours
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import begun_on_a_screen

blueprint = Blueprint("entry", __name__)


def _closed_to_paper(ticket: Ticket) -> str | None:
    """Why this form is not to be typed in; None if it is. An advisor's own page says the same in full."""
    if ticket.voided_at is not None:
        return "void"
    if actor.may(Action.SEE_PERSON):
        return None
    if ticket.redeemed_at is not None:
        return "saved"
    return "begun" if begun_on_a_screen(ticket) else None


@blueprint.route("/forms", methods=["GET", "POST"])
@guard(Action.OPEN_FORM_BY_CODE)
def open_form() -> str | Response | tuple[str, int]:
    """Type the code, and the right person's form opens."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("entry/open.html", form=form), 422 if form.errors else 200
    try:
        ticket = tickets.open_by_code(db, actor, form.code.data)
    except Invalid as slip:
        form.refuse(slip.problems["code"])
    except NotYours:
        raise
    except NotFound:
        form.refuse("unknown")
    else:
        refused = _closed_to_paper(ticket)
        if refused is None:
            return redirect(url_for("surveys.form", ticket_id=ticket.id))
        form.refuse(refused)
    return render_template("entry/open.html", form=form), 422
