"""A saved survey: read it, put a slip right, and say which of two baselines counts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.survey import CorrectionForm, Fields, of_answers, read, states, typed
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Survey, SurveyRevision
from wellbeing_app.services import access, answers, clock, surveys
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.forgery import is_stale
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import blamed, circumstances_form

blueprint = Blueprint("corrections", __name__, url_prefix="/surveys/saved")

View = str | Response | tuple[str, int]


@blueprint.get("/<uuid:survey_id>")
@guard(Action.SEE_PERSON)
def show(survey_id: uuid.UUID) -> View:
    """A survey in words, with its versions."""
    survey = access.survey(db, actor, Action.SEE_PERSON, survey_id)
    given = answers.of_row(survey)
    return render_template(
        "surveys/show.html",
        survey=survey,
        given=given,
        measures=states(of_answers(given)),
        undecided=surveys.needs_decision(survey.episode),
        changes=_changes(survey.revisions),
    )


@blueprint.get("/<uuid:survey_id>/correct")
@guard(Action.CORRECT_SURVEY)
def correct_form(survey_id: uuid.UUID) -> View:
    """The form as it was saved, to be put right."""
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, survey_id)
    return _page(survey, of_answers(answers.of_row(survey)), {})


@blueprint.post("/<uuid:survey_id>/correct")
@guard(Action.CORRECT_SURVEY)
def correct(survey_id: uuid.UUID) -> View:
    """Save the correction as a new version; `do=open` only shows what was typed, to be looked over first."""
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, survey_id)
    fields = typed(request.form) | {"reason": request.form.get("reason", "")}
    if is_stale() or request.form.get("do") == "open":
        return _page(survey, fields, {}, stale=is_stale()), 400 if is_stale() else 200
    given, problems = read(fields, clock.today(), survey.episode.referred_on)
    try:
        _refuse(problems)
        surveys.correct(db, actor, survey.id, given, fields["reason"], _revision())
    except Invalid as refusal:
        return _page(survey, fields, refusal.problems), 422
    except Superseded:
        theirs = states(of_answers(answers.of_row(survey)))
        return _page(survey, fields, {}, theirs=theirs), 409
    flash(_("The correction is saved. The earlier version is kept."), "success")
    return redirect(url_for("corrections.show", survey_id=survey.id))


@blueprint.post("/<uuid:survey_id>/counting")
@guard(Action.CORRECT_SURVEY)
def counting(survey_id: uuid.UUID) -> View:
    """This is the baseline that counts."""
    survey = surveys.decide_counting(db, actor, survey_id)
    flash(_("This baseline counts now. The other is kept."), "success")
    return redirect(url_for("people.record", reference=survey.episode.service_user.reference))


def _page(
    survey: Survey, fields: Fields, problems: dict[str, str], *, stale: bool = False, theirs: Any = None
) -> str:
    form = circumstances_form(CorrectionForm, fields, problems, stale=stale)
    form.revision.data = str(survey.revision)
    return render_template(
        "surveys/correct.html",
        survey=survey,
        form=form,
        measures=states(fields, problems),
        blamed=blamed(problems),
        theirs=theirs,
    )


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid(problems)


def _revision() -> int:
    shown = request.form.get("revision", "")
    return int(shown) if shown.isdecimal() else 0


def _changes(revisions: Sequence[SurveyRevision]) -> dict[int, list[tuple[Any, str, str]]]:
    """What each version changed: the measure, its answer before, its answer after."""
    found: dict[int, list[tuple[Any, str, str]]] = {revision.number: [] for revision in revisions}
    for before, after in pairwise(revisions):
        old, new = of_answers(answers.of_row(before)), of_answers(answers.of_row(after))
        found[after.number] = [
            (measure, old[name], new[name])
            for measure in INSTRUMENT.measures
            if old[name := f"answer-{measure.key}"] != new[name]
        ]
    return found
