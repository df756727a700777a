"""The administrator's pages about the people who work for the service. Nothing about anybody's well-being."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.labels import label
from wellbeing_app.forms.staff import NOT_ACTIVE, PROBLEMS, TEAM_LIST, EditForm, StaffForm, of_staff
from wellbeing_app.model import Role, Staff
from wellbeing_app.services import accounts, audit
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.links import LINK_LASTS
from wellbeing_app.services.policy import Action
from wellbeing_app.web import welcome
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
View = str | Response | tuple[str, int]


@blueprint.get("")
@guard(Action.MANAGE_STAFF)
def everybody() -> str:
    """All accounts."""
    return render_template("staff/everybody.html", staff=accounts.everybody(db))


@blueprint.route("/new", methods=["GET", "POST"])
@guard(Action.MANAGE_STAFF)
def invite() -> View:
    """Add somebody; the answer shows their one-time link, once."""
    form = StaffForm()
    if not form.validate_on_submit():
        return _form_page("staff/invite.html", form)
    try:
        staff, token = accounts.invite(db, actor, form.details())
    except Invalid as refusal:
        form.blame(refusal.problems, PROBLEMS)
        return _form_page("staff/invite.html", form)
    return _link_page(staff, token), 201


@blueprint.route("/<uuid:staff_id>", methods=["GET", "POST"])
@guard(Action.MANAGE_STAFF)
def edit(staff_id: uuid.UUID) -> View:
    """Change somebody's role, team or whether they work here."""
    staff = accounts.member(db, actor, staff_id)
    form = EditForm(data=of_staff(staff))
    if not form.validate_on_submit():
        return _form_page("staff/edit.html", form, staff=staff)
    try:
        accounts.edit(db, actor, staff_id, form.details())
    except Superseded as race:
        return _lost_race(form, staff, race.theirs)
    except Invalid as refusal:
        form.blame(refusal.problems, PROBLEMS)
        return _form_page("staff/edit.html", form, staff=staff)
    flash(_("Saved."), "success")
    return redirect(url_for("staff.everybody"))


@blueprint.post("/<uuid:staff_id>/link")
@guard(Action.MANAGE_STAFF)
def new_link(staff_id: uuid.UUID) -> View:
    """Another one-time link, shown once."""
    try:
        staff, token = accounts.new_link(db, actor, staff_id)
    except Invalid:
        flash(NOT_ACTIVE, "warning")
        return redirect(url_for("staff.edit", staff_id=staff_id))
    return _link_page(staff, token), 201


@blueprint.get("/log")
@guard(Action.MANAGE_STAFF)
def log() -> str:
    """What happened to accounts and settings, newest first."""
    lines = audit.of_accounts(db, _moment(request.args.get("before", "")))
    older = lines[-1].at.isoformat() if len(lines) == audit.PAGE else None
    names = {f"staff:{staff.id}": staff.name for staff in accounts.everybody(db)}
    return render_template("staff/log.html", lines=lines, names=names, older=older)


def _link_page(staff: Staff, token: str) -> str:
    # Choosing a language would lead away from the only page that shows the link.
    return render_template(
        "staff/link.html",
        staff=staff,
        address=welcome.address(token),
        days=LINK_LASTS.days,
        preferences_url=None,
    )


def _form_page(template: str, form: StaffForm, status: int = 422, **more: Any) -> View:
    page = render_template(template, form=form, teams=accounts.teams(db), team_list=TEAM_LIST, **more)
    return (page, status) if form.errors or "theirs" in more else page


def _lost_race(form: EditForm, staff: Staff, theirs: object) -> View:
    """Both versions: what stands now in words, what was typed in the form; saving once more decides."""
    assert isinstance(theirs, Staff)
    form.version.data = str(theirs.version)
    return _form_page("staff/edit.html", form, 409, staff=staff, theirs=_differing(form, theirs))


def _differing(form: EditForm, theirs: Staff) -> list[tuple[Any, Any]]:
    """The fields in which what stands is not what was typed, in words."""
    stands = {name: value for name, value in of_staff(theirs).items() if name != "version"}
    return [
        (form[name].label.text, _in_words(name, value))
        for name, value in stands.items()
        if value != form[name].data
    ]


def _in_words(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return label(Role(value)) if name == "role" else value


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
