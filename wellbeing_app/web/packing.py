"""Choosing visits to take along on a tablet. Packing itself is done by the page's script, through `sync`."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from wellbeing_app.services import clock, held, packing
from wellbeing_app.services.packing import PACK_DAYS
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard

blueprint = Blueprint("packing", __name__, url_prefix="/visits")

CHOICES = ("week", "all", "none")


@blueprint.get("")
@guard(Action.PACK)
def choose() -> str:
    """The planned visits, with those of the coming week chosen."""
    asked = request.args.get("choose", "")
    chosen = asked if asked in CHOICES else CHOICES[0]
    visits, today = packing.choice(db, actor), clock.today()
    ticked = {
        visit.id
        for visit in visits
        if chosen == "all" or (chosen == "week" and packing.is_this_week(visit, today))
    }
    return render_template(
        "packing/visits.html",
        visits=visits,
        ticked=ticked,
        chosen=chosen,
        packed=packing.packed(db, actor),
        unplanned=len(packing.due_unplanned(db, actor)),
        expected=packing.expected(db, actor),
        held=held.count(db, actor),
        today=today,
        days=PACK_DAYS,
    )


@blueprint.post("/plan")
@guard(Action.PLAN_SURVEY)
def plan_due() -> Response:
    """Plan every survey that is due, so that it can be taken along."""
    planned = packing.plan_due(db, actor)
    flash(
        ngettext("One survey is planned.", "%(num)s surveys are planned.", planned)
        if planned
        else _("Everything that is due is planned already."),
        "success",
    )
    return redirect(url_for("packing.choose"))
