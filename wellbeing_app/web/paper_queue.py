"""What somebody has to look at: answers on paper that could not be saved, and entries that disagree."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from wellbeing_app.forms.entry import REFUSALS
from wellbeing_app.forms.keys import CLAIM_PROBLEMS, KeepForm, WhoseForm
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion
from wellbeing_app.services import keyed, papers, retyping, tickets
from wellbeing_app.services.errors import Invalid, NotFound, NotYours
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard

blueprint = Blueprint("paper_queue", __name__, url_prefix="/forms")
View = str | Response | tuple[str, int]
SETTLED = "the second entry was right"


@blueprint.route("/keep", methods=["GET", "POST"])
@guard(Action.OPEN_FORM_BY_CODE)
def keep() -> View:
    """Type answers in that have no place yet; somebody decides about them later."""
    asked = {name: request.args.get(name, "") for name in ("code", "reason", "copy")}
    form = KeepForm(data=asked)
    if not form.validate_on_submit():
        return render_template("entry/keep.html", form=form), 422 if form.errors else 200
    reason = form.reason.data if form.reason.data in REFUSALS else "unknown"
    answers = {f"answer-{key}": value for key, value in keyed.read(form.keys.data or "").items()}
    fields = {
        **answers,
        "completed_on": form.completed_on.data or "",
        "mode": "self_paper",
        "respondent": "self",
    }
    papers.hold(db, actor, form.code.data or "", reason, fields, form.note.data or "", _copy(form))
    flash(_("Kept. Put the paper aside until somebody has decided."), "success")
    return redirect(url_for("entry.open_form"))


@blueprint.get("/waiting")
@guard(Action.SETTLE_PAPER)
def waiting() -> View:
    """All that waits for a decision, and how often a slip happens."""
    return _page(WhoseForm(formdata=None))


@blueprint.post("/waiting/<uuid:held_id>")
@guard(Action.SETTLE_PAPER)
def settle(held_id: uuid.UUID) -> View:
    """File the answers for a person, or set them aside."""
    held = papers.held(db, actor, held_id)
    if request.form.get("do") == "set_aside":
        papers.settle(db, actor, held_id, "set_aside")
        flash(_("Set aside. It stays in the database, and counts for nothing."), "success")
        return redirect(url_for("paper_queue.waiting"))
    form = WhoseForm()
    if form.validate_on_submit():
        try:
            ticket = tickets.plan_for(db, actor, form.reference.data, Occasion(form.occasion.data))
            tickets.save_draft(db, actor, ticket, held.fields)
            papers.settle(db, actor, held_id, "filed")
            return redirect(url_for("surveys.form", ticket_id=ticket.id))
        except Invalid as refusal:
            form.blame(refusal.problems, CLAIM_PROBLEMS)
        except NotYours:
            raise
        except NotFound:
            form.blame({"reference": "not_found"}, CLAIM_PROBLEMS)
    return _page(form, held_id), 422


@blueprint.post("/differences/<uuid:retyping_id>")
@guard(Action.SETTLE_PAPER)
def decide(retyping_id: uuid.UUID) -> View:
    """Say what the paper says where two entries disagree."""
    right = {key: request.form[key] for key in INSTRUMENT.keys if key in request.form}
    try:
        retyping.settle(db, actor, retyping_id, right, SETTLED)
    except Invalid:
        flash(_("Choose one answer in each line."), "warning")
    except ValueError as forged:
        raise BadRequest from forged
    else:
        flash(_("Settled."), "success")
    return redirect(url_for("paper_queue.waiting"))


def _page(form: WhoseForm, held_id: uuid.UUID | None = None) -> str:
    differing = [(one, retyping.differences(one)) for one in retyping.unsettled(db, actor)]
    return render_template(
        "entry/waiting.html",
        held=papers.waiting(db, actor),
        differing=differing,
        form=form,
        form_of=held_id,
        reasons=REFUSALS,
        rate=retyping.error_rate(db, actor) if actor.may(Action.SEE_TYPING_ERRORS) else None,
    )


def _copy(form: KeepForm) -> uuid.UUID | None:
    try:
        return uuid.UUID(form.copy.data or "")
    except ValueError:
        return None
