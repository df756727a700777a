"""A saved survey: read it, put a slip right, and say which of two baselines counts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.survey import CIRCUMSTANCES, Fields, of_answers, read, states, typed
from wellbeing_app.instrument import INSTRUMENT, Measure
from wellbeing_app.model import Survey, SurveyRevision
from wellbeing_app.services import access, answers, clock, modes, surveys, tickets
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.forgery import is_stale
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import blamed, boxes, problem

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
        modes=modes.of_ticket(db, survey.ticket_id),
    )


@blueprint.get("/<uuid:survey_id>/correct")
@guard(Action.CORRECT_SURVEY)
def correct_form(survey_id: uuid.UUID) -> View:
    """The form as it was saved, to be put right."""
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, survey_id)
    return _page(survey, of_answers(answers.of_row(survey)))


@blueprint.post("/<uuid:survey_id>/correct")
@guard(Action.CORRECT_SURVEY)
def correct(survey_id: uuid.UUID) -> View:
    """Save the correction as a new version; `do=open` only shows what was typed, to be looked over first."""
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, survey_id)
    fields = typed(request.form)
    if is_stale():
        return _page(survey, fields, stale=True), 400
    if request.form.get("do") == "open":
        return _page(survey, fields | {"revision": survey.revision, "settles": "draft"})
    given, problems = read(fields, clock.today(), *surveys.not_before(db, survey.episode, survey.occasion))
    reason = fields.get("reason", "")
    try:
        if problems:
            raise Invalid(problems | surveys.problem_with_reason(reason))
        surveys.correct(db, actor, survey.id, given, reason, _revision(fields))
    except Invalid as refusal:
        return _page(survey, fields, refusal.problems), 422
    except Superseded:
        theirs = states(of_answers(answers.of_row(survey)))
        return _page(survey, fields | {"revision": survey.revision}, theirs=theirs), 409
    if fields.get("settles"):
        tickets.discard_draft(db, actor, survey.ticket)
    flash(_("The correction is saved. The earlier version is kept."), "success")
    return redirect(url_for("corrections.show", survey_id=survey.id))


@blueprint.post("/<uuid:survey_id>/counting")
@guard(Action.CORRECT_SURVEY)
def counting(survey_id: uuid.UUID) -> View:
    """This is the baseline that counts."""
    survey = surveys.decide_counting(db, actor, survey_id)
    flash(_("This baseline counts now. The other is kept."), "success")
    return redirect(
        url_for("people.record", reference=survey.episode.service_user.reference, episode=survey.episode_id)
    )


def _page(
    survey: Survey,
    fields: Fields,
    problems: Mapping[str, str] | None = None,
    *,
    stale: bool = False,
    theirs: Any = None,
) -> str:
    problems = problems or {}
    return render_template(
        "surveys/correct.html",
        survey=survey,
        **boxes(fields, problems),
        blamed=blamed(problems, stale=stale),
        revision=fields.get("revision", survey.revision),
        settles=fields.get("settles", ""),
        reason=fields.get("reason", ""),
        reason_error=problem(problems.get("reason")),
        theirs=theirs,
    )


def _revision(fields: Fields) -> int:
    shown = str(fields.get("revision", ""))
    return int(shown) if re.fullmatch("[0-9]{1,9}", shown) else 0


@dataclass(frozen=True)
class Changed:
    """What a version changed: answers (measure, before, after), what was said, the circumstances."""

    answers: Sequence[tuple[Measure, str, str]]
    said: Sequence[Measure]
    circumstances: bool


def _changes(revisions: Sequence[SurveyRevision]) -> dict[int, Changed | None]:
    """By the number of each version; None for the first."""
    found: dict[int, Changed | None] = {revision.number: None for revision in revisions}
    for before, after in pairwise(revisions):
        found[after.number] = _changed(of_answers(answers.of_row(before)), of_answers(answers.of_row(after)))
    return found


def _changed(old: Fields, new: Fields) -> Changed:
    differs = {name for name in new if old[name] != new[name]}
    return Changed(
        answers=[
            (measure, old[name], new[name])
            for measure in INSTRUMENT.measures
            if (name := f"answer-{measure.key}") in differs
        ],
        said=[
            measure
            for measure in INSTRUMENT.measures
            if differs & {f"note-{measure.key}", f"prompts-{measure.key}"}
        ],
        circumstances=bool(differs & set(CIRCUMSTANCES)),
    )
