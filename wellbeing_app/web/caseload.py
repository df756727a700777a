"""The first page after signing in: the caseload at a glance; and finding a person."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wellbeing_app.forms.days import read_day
from wellbeing_app.model import Role
from wellbeing_app.services import caseload as caseloads
from wellbeing_app.services import people
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, signed_in
from wellbeing_app.web.guard import guard, public

blueprint = Blueprint("caseload", __name__)

FIRST_PAGE = {
    Role.ADVISOR: "caseload.caseload",
    Role.MANAGER: "caseload.caseload",
    Role.DATA_ENTRY: "entry.open_form",
    Role.EVALUATOR: "figures.overview",
    Role.ADMINISTRATOR: "staff.everybody",
}


@blueprint.get("/")
@public
def home() -> Response:
    """To where each role works; signed out, to the sign-in page."""
    asking = signed_in()
    return redirect(url_for(FIRST_PAGE[asking.role] if asking else "account.sign_in"))


@blueprint.get("/caseload")
@guard(Action.SEE_CASELOAD)
def caseload() -> str:
    """Who, where they are on the pathway, what is due."""
    closed = request.args.get("show") == "closed"
    has_others = actor.role is Role.MANAGER or actor.sees_team
    mine = has_others and request.args.get("who", "all" if actor.role is Role.MANAGER else "mine") == "mine"
    rows = caseloads.rows(db, actor, closed=closed, mine=mine)
    return render_template(
        "caseload/caseload.html",
        rows=rows,
        counts=caseloads.count(rows),
        closed=closed,
        mine=mine,
        may_filter=actor.role is Role.ADVISOR and actor.sees_team,
        with_advisor=has_others and not mine,
        cut_off=closed and len(rows) == caseloads.MOST_CLOSED,
    )


@blueprint.get("/find")
@guard(Action.SEE_PERSON)
def find() -> str:
    """People in reach by name, reference or day of birth."""
    typed = request.args.get("q", "").strip()[:200]
    found = people.find(db, actor, typed, read_day(typed)) if typed else []
    return render_template(
        "caseload/find.html", typed=typed, found=found, all_shown=len(found) < people.MOST_FOUND
    )
