"""What a person agreed to, purpose by purpose: agreeing, withdrawing, and what was agreed before."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from wellbeing_app.forms.person import PROBLEMS, AgreementForm
from wellbeing_app.model import Purpose, ServiceUser
from wellbeing_app.services import access, agreements
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard
from wellbeing_app.web.wording import agreement_wording

blueprint = Blueprint("agreements", __name__)

View = str | Response | tuple[str, int]


@blueprint.get("/people/<reference>/agreements")
@guard(Action.EDIT_PERSON)
def show(reference: str) -> View:
    """Each purpose with its wording, how it stands, and what was before."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    return _page(person, {})


@blueprint.post("/people/<reference>/agreements")
@guard(Action.EDIT_PERSON)
def change(reference: str) -> View:
    """The person agrees to one purpose, or does not any more."""
    form = AgreementForm()
    purpose = _purpose()
    if form.validate_on_submit():
        try:
            if request.form.get("do") == "withdraw":
                agreements.withdraw(db, actor, reference, purpose, form.on.data)
            else:
                agreements.give(db, actor, reference, purpose, agreement_wording(purpose), form.on.data)
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("Saved."))
            return redirect(url_for("agreements.show", reference=reference, _anchor=purpose.value))
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    return _page(person, {purpose: form}), 422


def _purpose() -> Purpose:
    try:
        return Purpose(request.form.get("purpose", ""))
    except ValueError as unknown:
        raise BadRequest from unknown


def _page(person: ServiceUser, typed: dict[Purpose, AgreementForm]) -> str:
    forms = [(purpose, typed.get(purpose) or AgreementForm(formdata=None)) for purpose in Purpose]
    return render_template(
        "people/agreements.html",
        person=person,
        forms=forms,
        standing=agreements.standing(person),
        history={purpose: agreements.history(person, purpose) for purpose in Purpose},
        problems=[problem for purpose, form in typed.items() for problem in _problems(purpose, form)],
    )


def _problems(purpose: Purpose, form: AgreementForm) -> list[tuple[str, str | None]]:
    above = [(text, None) for text in form.form_errors]
    return [*above, *((text, f"on-{purpose}") for text in form.on.errors)]
