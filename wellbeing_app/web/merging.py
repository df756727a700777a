"""Joining two records of one person: the other one is named, both are looked at, one is kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.person import PROBLEMS, MergeForm, OtherRecordForm
from wellbeing_app.model import ServiceUser
from wellbeing_app.services import access, audit, codes, merging
from wellbeing_app.services.errors import Invalid, NotFound, NotYours
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard

blueprint = Blueprint("merging", __name__)

View = str | Response | tuple[str, int]


@blueprint.get("/people/<reference>/merge")
@guard(Action.MERGE_PEOPLE)
def compare(reference: str) -> View:
    """Ask for the other record; once it is named (`other`), show both side by side."""
    person = access.person(db, actor, Action.MERGE_PEOPLE, reference)
    form = OtherRecordForm(formdata=request.args)
    typed = (form.other.data or "").strip()
    if not typed:
        return render_template("people/other_record.html", person=person, form=form)
    other, problem = _other(person, typed)
    if other is None:
        form.blame({"other": problem}, PROBLEMS)
        return render_template("people/other_record.html", person=person, form=form), 422
    return _both_page(person, other, MergeForm(formdata=None, data={"other": other.reference}))


@blueprint.post("/people/<reference>/merge")
@guard(Action.MERGE_PEOPLE)
def merge(reference: str) -> View:
    """Keep the chosen one, and let the other lead there."""
    person = access.person(db, actor, Action.MERGE_PEOPLE, reference)
    other = access.person(db, actor, Action.MERGE_PEOPLE, request.form.get("other", ""))
    form = MergeForm()
    form.keep.choices = _choices(person, other)
    if not form.validate_on_submit():
        return _both_page(person, other, form), 422
    double = other if form.keep.data == person.reference else person
    try:
        kept = merging.merge(db, actor, form.keep.data, double.reference)
    except Invalid as refusal:
        form.blame({"keep": refusal.problems["reference"]}, PROBLEMS)
        return _both_page(person, other, form), 422
    flash(_("The two records are one now. The reference %(old)s leads here too.", old=double.reference))
    return redirect(url_for("people.record", reference=kept.reference))


def _other(person: ServiceUser, typed: str) -> tuple[ServiceUser | None, str]:
    """The other record, or none and why. One out of reach looks like none at all, and is on the trail."""
    reference = codes.tidy_reference(typed)
    if reference == person.reference:
        return None, "same_person"
    try:
        return access.person(db, actor, Action.MERGE_PEOPLE, reference), ""
    except NotYours as refusal:
        audit.record(db, actor, "refused", person=refusal.service_user_id, purpose=refusal.action)
    except NotFound:
        pass
    return None, "not_found"


def _both_page(person: ServiceUser, other: ServiceUser, form: MergeForm) -> str:
    form.keep.choices = _choices(person, other)
    return render_template("people/merge.html", person=person, other=other, form=form)


def _choices(person: ServiceUser, other: ServiceUser) -> list[tuple[str, Any]]:
    return [(one.reference, f"{one.name}, {one.reference}") for one in (person, other)]
