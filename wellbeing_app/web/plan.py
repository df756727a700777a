"""The action plan of an episode, what became of its steps, and where the advisor sees it differently."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.base import Form
from wellbeing_app.forms.plan import PROBLEMS, OutcomeForm, StepForm, ViewForm
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import PlanOutcome
from wellbeing_app.services import clock, plans, views
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard
from wellbeing_app.web.i18n import words

blueprint = Blueprint("plan", __name__)

View = str | Response | tuple[str, int]


@blueprint.route("/episodes/<uuid:episode_id>/plan", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def show(episode_id: uuid.UUID) -> View:
    """The plan, and a form for one more step; `measure` chooses its area."""
    episode, lines = plans.see(db, actor, episode_id)
    form = StepForm(data={"measure": request.args.get("measure", "")})
    form.offer(_areas())
    if form.validate_on_submit():
        try:
            plans.add(db, actor, episode_id, form.step())
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("Saved."))
            return redirect(url_for("plan.show", episode_id=episode_id))
    return _page("plan/show.html", form, episode=episode, lines=lines)


@blueprint.route("/episodes/<uuid:episode_id>/plan/<uuid:line_id>", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def line(episode_id: uuid.UUID, line_id: uuid.UUID) -> View:
    """What became of a step; with `do=reopen` that it was said too soon."""
    episode, found = plans.see_line(db, actor, episode_id, line_id)
    reopening = request.form.get("do") == "reopen"
    form = OutcomeForm(formdata=None) if reopening else OutcomeForm()
    if request.method == "GET":
        form.begin_with(found)
    if form.is_submitted() and (reopening or form.validate()):
        outcome = None if reopening else PlanOutcome(form.outcome.data)
        plans.settle(db, actor, episode_id, line_id, outcome, form.note.data or "")
        flash(_("Saved."))
        return redirect(url_for("plan.show", episode_id=episode_id))
    return _page("plan/line.html", form, episode=episode, line=found)


@blueprint.route("/episodes/<uuid:episode_id>/plan/<uuid:line_id>/change", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def change(episode_id: uuid.UUID, line_id: uuid.UUID) -> View:
    """Reword a step."""
    episode, found = plans.see_line(db, actor, episode_id, line_id)
    form = StepForm(obj=found)
    form.offer(_areas())
    if form.validate_on_submit():
        try:
            plans.change(db, actor, episode_id, line_id, form.step(), form.seen_version())
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("Saved."))
            return redirect(url_for("plan.show", episode_id=episode_id))
    return _page("plan/change.html", form, episode=episode, line=found)


@blueprint.route("/surveys/<uuid:survey_id>/views", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def differing(survey_id: uuid.UUID) -> View:
    """Where the advisor would have chosen another answer; with `take_back` the area where no longer."""
    survey, standing = views.see(db, actor, survey_id)
    taken_back = request.form.get("take_back")
    form = ViewForm(formdata=None) if taken_back else ViewForm()
    form.offer(_areas(), [(str(one.value), f"{one.value} {words(one.label)}") for one in INSTRUMENT.points])
    if form.is_submitted() and (taken_back or form.validate()):
        try:
            if taken_back:
                views.note(db, actor, survey_id, taken_back, None)
            else:
                views.note(db, actor, survey_id, form.measure.data, int(form.score.data), form.why.data or "")
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("Saved."))
            return redirect(url_for("plan.differing", survey_id=survey_id))
    return _page("plan/views.html", form, survey=survey, standing=standing)


def _areas() -> list[tuple[str, str]]:
    return [(measure.key, words(measure.title)) for measure in INSTRUMENT.measures]


def _page(template: str, form: Form, **values: object) -> View:
    page = render_template(template, form=form, today=clock.today(), **values)
    return page, 422 if form.errors else 200
