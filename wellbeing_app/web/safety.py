"""Worries about a person's safety: raised, followed through, and closed with what came of them."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.safety import PROBLEMS, ActionForm, FlagForm, OutcomeForm
from wellbeing_app.services import access, safety
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.guard import guard

blueprint = Blueprint("safety", __name__)

View = str | Response | tuple[str, int]


@blueprint.get("/safety")
@guard(Action.SEE_PERSON)
def open_flags() -> View:
    """Every open flag in reach, the oldest first."""
    return render_template("safety/open.html", flags=safety.open_flags(db, actor))


@blueprint.route("/people/<reference>/safety/new", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def raise_flag(reference: str) -> View:
    """Say what worries you, and whom you told."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    form = FlagForm()
    if form.validate_on_submit():
        try:
            flag = safety.flag_person(db, actor, person, form.concern.data, form.told.data or "")
        except Invalid as refusal:
            form.blame({name: name for name in refusal.problems}, PROBLEMS)
        else:
            flash(_("The safety flag is up. It stays until somebody says what came of it."))
            return redirect(url_for("safety.show", reference=reference, flag_id=flag.id))
    page = render_template("safety/new.html", person=person, form=form, tell=service.safety_contact)
    return page, 422 if form.errors else 200


@blueprint.get("/people/<reference>/safety/<uuid:flag_id>")
@guard(Action.EDIT_PERSON)
def show(reference: str, flag_id: uuid.UUID) -> View:
    """A flag, what was done, and what came of it."""
    return _page(reference, flag_id, ActionForm(formdata=None), OutcomeForm(formdata=None))


@blueprint.post("/people/<reference>/safety/<uuid:flag_id>")
@guard(Action.EDIT_PERSON)
def follow_through(reference: str, flag_id: uuid.UUID) -> View:
    """Add what was done; or, with `do=close`, what came of it."""
    closing = request.form.get("do") == "close"
    done = ActionForm(formdata=None) if closing else ActionForm()
    came = OutcomeForm() if closing else OutcomeForm(formdata=None)
    form = came if closing else done
    if form.validate_on_submit():
        try:
            if closing:
                safety.close(db, actor, reference, flag_id, came.outcome.data)
            else:
                safety.act(db, actor, reference, flag_id, done.what.data)
        except Invalid as refusal:
            form.blame({name: name for name in refusal.problems}, PROBLEMS)
        else:
            flash(_("The flag is closed.") if closing else _("Saved."))
            return redirect(url_for("safety.show", reference=reference, flag_id=flag_id))
    return _page(reference, flag_id, done, came), 422


def _page(reference: str, flag_id: uuid.UUID, done: ActionForm, came: OutcomeForm) -> str:
    person, flag = safety.see(db, actor, reference, flag_id)
    return render_template(
        "safety/show.html", person=person, flag=flag, done=done, came=came, tell=service.safety_contact
    )
