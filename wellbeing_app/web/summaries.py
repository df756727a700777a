"""Summaries for a review week: chosen, drawn in the background, taken once."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from wellbeing_app.forms.summaries import SummariesForm
from wellbeing_app.paper import piles
from wellbeing_app.services import summaries
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, house
from wellbeing_app.web.guard import guard
from wellbeing_app.web.printing import as_file
from wellbeing_app.web.summary_work import NO_SURVEY, Files

blueprint = Blueprint("summaries", __name__, url_prefix="/summaries")

View = str | Response | tuple[str, int]


@blueprint.route("", methods=["GET", "POST"])
@guard(Action.SEE_PERSON)
def overview() -> View:
    """For whom; and the batches that are there."""
    for old in summaries.forget_old(db):
        _files(old).forget()
    episodes = summaries.choosable(db, actor)
    there = [str(one.id) for one in episodes]
    form = SummariesForm(there, data={"episodes": there if request.args.get("choose") == "all" else []})
    if form.validate_on_submit():
        return _start(summaries.make(db, actor, form.setting(), form.wanted()).id)
    page = render_template(
        "summaries/overview.html", form=form, episodes=episodes, batches=summaries.own(db, actor)
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<uuid:summaries_id>")
@guard(Action.SEE_PERSON)
def batch(summaries_id: uuid.UUID) -> View:
    """How far it is; and when it is ready, what was left out."""
    found = summaries.see(db, actor, summaries_id)
    silent = summaries.is_silent(found)
    return render_template(
        "summaries/batch.html",
        batch=found,
        at_work=found.state in summaries.AT_WORK and not silent,
        left_out=[one for one in summaries.sheets_of(db, found.id) if one.left_out],
        NO_SURVEY=NO_SURVEY,
    )


@blueprint.post("/<uuid:summaries_id>")
@guard(Action.SEE_PERSON)
def change(summaries_id: uuid.UUID) -> View:
    """Stop the work, go on with it, take the file, or delete it."""
    do = request.form.get("do")
    if do == "take":
        return _take(summaries_id)
    if do == "resume":
        summaries.resume(db, actor, summaries_id)
        return _start(summaries_id)
    if do == "cancel":
        summaries.cancel(db, actor, summaries_id)
        return redirect(url_for("summaries.batch", summaries_id=summaries_id))
    if do == "let_go":
        summaries.let_go(db, actor, summaries_id)
        _files(summaries_id).forget()
        flash(_("The file is deleted."))
        return redirect(url_for("summaries.overview"))
    raise BadRequest


def _take(batch_id: uuid.UUID) -> View:
    """The file, which is deleted here as it goes; unless somebody in it is no longer theirs to see."""
    file = _files(batch_id).pdf
    if not summaries.may_take(db, actor, batch_id) or not file.exists():
        flash(
            _("This file cannot be given out: somebody in it is no longer yours to see, or it is gone."),
            "error",
        )
        return redirect(url_for("summaries.batch", summaries_id=batch_id))
    content = file.read_bytes()
    summaries.note_taken(db, actor, batch_id)
    db.commit()
    _files(batch_id).forget()
    return as_file(content, "summaries.pdf", attached=True)


def _start(batch_id: uuid.UUID) -> Response:
    """Have it drawn, once everything about it is committed: its process looks for it at once."""
    db.commit()
    piles.start(house().settings, "draw-summaries", str(batch_id))
    return redirect(url_for("summaries.batch", summaries_id=batch_id))


def _files(batch_id: uuid.UUID) -> Files:
    return Files(house().settings.instance, batch_id)
