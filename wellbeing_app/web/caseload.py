"""The first page after signing in: the caseload at a glance; and finding a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, get_template_attribute, redirect, render_template, request, url_for
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.wrappers import Response

from wellbeing_app.forms.days import read_day
from wellbeing_app.model import Role
from wellbeing_app.services import caseload as caseloads
from wellbeing_app.services import people
from wellbeing_app.services.caseload import CaseloadRow
from wellbeing_app.services.policy import Action
from wellbeing_app.web.blanks import Kept, blank, keep, put_in
from wellbeing_app.web.context import actor, db, signed_in
from wellbeing_app.web.guard import guard, public

blueprint = Blueprint("caseload", __name__)

NOBODY = UUID(int=0)
KEPT_ROWS = 3_000  # of some 1.5 kB
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
        rows=_drawn(rows, closed, has_others and not mine),
        counts=caseloads.count(rows),
        closed=closed,
        mine=mine,
        may_filter=actor.role is Role.ADVISOR and actor.sees_team,
        with_advisor=has_others and not mine,
        cut_off=closed and len(rows) == caseloads.MOST_CLOSED,
    )


def _drawn(rows: Iterable[CaseloadRow], closed: bool, with_advisor: bool) -> list[Markup]:
    """Each as `caseload/_row.html` draws it: kept, with blanks for whom it is about (see `web/blanks.py`)."""
    language, root = str(get_locale()), request.script_root
    return [
        Markup(put_in(_row(_anybodys(row), closed, with_advisor, language, root), _own(row)))  # noqa: S704
        for row in rows
    ]


def _own(row: CaseloadRow) -> dict[str, str]:
    names = {"name": row.name, "reference": row.reference, "advisor": row.advisor}
    return {**names, "address": quote(row.reference, safe=""), "episode": str(row.episode_id)}


def _anybodys(row: CaseloadRow) -> CaseloadRow:
    whose: dict[str, Any] = {name: blank(name) for name in ("name", "reference", "advisor")}
    return replace(row, **whose, episode_id=NOBODY, advisor_id=NOBODY)


@lru_cache(KEPT_ROWS)
def _row(row: CaseloadRow, closed: bool, with_advisor: bool, _language: str, _root: str) -> Kept:
    draw = get_template_attribute("caseload/_row.html", "row_of")
    url = url_for("people.record", reference=blank("address"), episode=blank("episode"))
    return keep(draw(row, url, closed, with_advisor))


@blueprint.get("/find")
@guard(Action.SEE_PERSON)
def find() -> str:
    """People in reach by name, reference or day of birth."""
    typed = request.args.get("q", "").strip()[:200]
    found = people.find(db, actor, typed, read_day(typed)) if typed else []
    return render_template(
        "caseload/find.html", typed=typed, found=found, all_shown=len(found) < people.MOST_FOUND
    )
