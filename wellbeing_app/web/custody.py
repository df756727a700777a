"""What tablets sent and could not be filed: the queue, each with what helps to decide, and the decisions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from wellbeing_app.forms.held import OTHERWISE, PROBLEMS, REASONS, CorrectForm, DestroyForm, MatchForm
from wellbeing_app.forms.survey import apart, of_answers, states
from wellbeing_app.services import again, answers, deciding, held, people
from wellbeing_app.services.codes import tidy_reference
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.held import Held
from wellbeing_app.services.people import Duplicates, PersonDetails
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, forget_writes
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import problem

blueprint = Blueprint("custody", __name__, url_prefix="/held")

View = str | Response | tuple[str, int]


@blueprint.get("")
@guard(Action.DECIDE_HELD)
def queue() -> str:
    """What waits for somebody to decide."""
    lines = held.queue(db, actor)
    unread = any(line.item.reason in again.COULD_NOT_BE_READ for line in lines)
    return render_template("custody/queue.html", lines=lines, reasons=REASONS, unread=unread)


@blueprint.post("/again")
@guard(Action.DECIDE_HELD)
def judge_again() -> Response:
    """Try once more what could not be read."""
    many = again.judge_again(db, actor)
    done = ngettext("One could be read now.", "%(num)s could be read now.", many)
    flash(
        done if many else _("They still cannot be read. Nothing has changed."), "success" if many else "info"
    )
    return redirect(url_for("custody.queue"))


@blueprint.get("/<uuid:item_id>")
@guard(Action.DECIDE_HELD)
def show(item_id: uuid.UUID) -> View:
    """One item: why it is held, what it says, and what can be done."""
    return _page(item_id)


@blueprint.post("/<uuid:item_id>/accept")
@guard(Action.DECIDE_HELD)
def accept(item_id: uuid.UUID) -> View:
    """Save it for the visit that it names."""
    return _decide(item_id, lambda: deciding.accept(db, actor, item_id), _("Saved."))


@blueprint.post("/<uuid:item_id>/match")
@guard(Action.DECIDE_HELD)
def match(item_id: uuid.UUID) -> View:
    """Save it for the person it is about."""
    form = MatchForm()
    if not form.validate_on_submit():
        return _page(item_id, match_form=form)
    reference = tidy_reference(form.reference.data)
    try:
        person = deciding.match(db, actor, item_id, reference)
    except Invalid as refusal:
        forget_writes()
        form.blame({"reference": _known(refusal)}, PROBLEMS)
        return _page(item_id, match_form=form)
    flash(_("Saved."), "success")
    return redirect(url_for("people.record", reference=person.reference))


@blueprint.post("/<uuid:item_id>/stands")
@guard(Action.DECIDE_HELD)
def keep_what_stands(item_id: uuid.UUID) -> View:
    """Leave the survey as it is."""
    done = _("The saved survey stands. This can be taken back for a month.")
    return _decide(item_id, lambda: deciding.keep_what_stands(db, actor, item_id), done)


@blueprint.post("/<uuid:item_id>/correct")
@guard(Action.DECIDE_HELD)
def correct(item_id: uuid.UUID) -> View:
    """Use these answers as a correction of what is saved."""
    form = CorrectForm()
    if not form.validate_on_submit():
        return _page(item_id, correct_form=form)
    done = _("The correction is saved. The earlier version is kept.")
    return _decide(item_id, lambda: deciding.correct(db, actor, item_id, form.reason.data), done)


@blueprint.post("/<uuid:item_id>/form")
@guard(Action.DECIDE_HELD)
def into_form(item_id: uuid.UUID) -> View:
    """Put the answers into the visit's form, to be finished there."""
    item = held.see(db, actor, item_id)
    fields = of_answers(item.said.given) if item.said and item.said.given else {}
    try:
        ticket = deciding.into_form(db, actor, item, fields)
    except Invalid as refusal:
        return _refused(item_id, refusal)
    return redirect(url_for("surveys.form", ticket_id=ticket.id, check=1))


@blueprint.post("/<uuid:item_id>/destroy")
@guard(Action.DESTROY_HELD)
def destroy(item_id: uuid.UUID) -> View:
    """Erase it, and keep why."""
    form = DestroyForm()
    if not form.validate_on_submit():
        return _page(item_id, destroy_form=form)
    done = _("Destroyed. The reason is kept.")
    return _decide(item_id, lambda: deciding.destroy(db, actor, item_id, form.why.data), done)


@blueprint.post("/<uuid:item_id>/reopen")
@guard(Action.DECIDE_HELD)
def reopen(item_id: uuid.UUID) -> View:
    """Take a decision back."""
    return _decide(
        item_id, lambda: deciding.reopen(db, actor, item_id), _("Taken back. It waits for a decision.")
    )


def stranger(item_id: uuid.UUID) -> dict[str, Any]:
    """What a held item says of somebody who is not here yet, for the form that adds them."""
    said = held.see(db, actor, item_id).said
    if said is None or said.stranger is None:
        return {}
    known = {name: getattr(said.stranger, name) for name in ("first_name", "last_name", "telephone")}
    return {**known, "date_of_birth": said.stranger.date_of_birth}


def _decide(item_id: uuid.UUID, decision: Callable[[], object], done: str) -> View:
    try:
        decision()
    except Invalid as refusal:
        return _refused(item_id, refusal)
    except Superseded:
        return _refused(item_id, Invalid({"item": "decided"}))
    flash(done, "success")
    return redirect(url_for("custody.show", item_id=item_id))


def _refused(item_id: uuid.UUID, refusal: Invalid) -> View:
    forget_writes()
    flash(PROBLEMS[_known(refusal)], "warning")
    return _page(item_id, 422)


def _known(refusal: Invalid) -> str:
    return next((code for code in refusal.problems.values() if code in PROBLEMS), "cannot_accept")


def _page(item_id: uuid.UUID, status: int = 200, **forms: Any) -> View:
    item = held.see(db, actor, item_id)
    given = item.said.given if item.said else None
    empty = {
        "match_form": MatchForm(formdata=None),
        "correct_form": CorrectForm(formdata=None),
        "destroy_form": DestroyForm(formdata=None),
    }
    page = render_template(
        "custody/show.html",
        held=item,
        reason=REASONS.get(item.item.reason, OTHERWISE),
        given=given,
        sent=states(of_answers(given)) if given else [],
        alike=_alike(item),
        wrong=[problem(code) for code in dict.fromkeys(item.problems.values())],
        **_versions(item),
        **{**empty, **forms},
    )
    return page, 422 if any(form.errors for form in forms.values()) else status


def _versions(item: Held) -> Mapping[str, Any]:
    """Where what stands and what was sent differ, each in its own words."""
    given = item.said.given if item.said else None
    if item.survey is None or given is None:
        return {"stands": None, "versions": ()}
    stands = answers.of_row(item.survey)
    return {"stands": stands, "versions": apart(of_answers(stands), of_answers(given))}


def _alike(item: Held) -> Duplicates | None:
    """Who it may be."""
    said = item.said
    if not item.can_match or said is None or said.stranger is None:
        return None
    who = said.stranger
    wanted = tidy_reference(who.reference)
    named = [one for one in people.find(db, actor, who.reference) if one.reference == wanted]
    if named:
        return Duplicates(named, 0)
    details = PersonDetails(who.first_name, who.last_name, who.date_of_birth)
    return people.possible_duplicates(db, actor, details)
