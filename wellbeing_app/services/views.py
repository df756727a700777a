"""Where the advisor would have chosen another answer. Both are kept; the person's is the score."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import AdvisorView, Survey
from wellbeing_app.services import access, answers, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import readable

LONGEST_WHY = 500
Standing = Mapping[uuid.UUID, Mapping[str, AdvisorView]]
"""By survey, then by measure."""


def standing(db: Session, survey_ids: Collection[uuid.UUID]) -> Standing:
    """The views that stand on surveys that were opened already."""
    query = select(AdvisorView).where(AdvisorView.survey_id.in_(survey_ids)).order_by(AdvisorView.at)
    latest: dict[uuid.UUID, dict[str, AdvisorView]] = {survey_id: {} for survey_id in survey_ids}
    for view in db.scalars(query):
        latest[view.survey_id][view.measure] = view
    return {
        survey_id: {key: views[key] for key in INSTRUMENT.keys if key in views and views[key].score}
        for survey_id, views in latest.items()
    }


def see(db: Session, actor: Actor, survey_id: uuid.UUID) -> tuple[Survey, Mapping[str, AdvisorView]]:
    """A survey, and the views that stand on it; raises as `access.survey`."""
    survey = access.survey(db, actor, Action.EDIT_PERSON, survey_id)
    return survey, standing(db, [survey.id])[survey.id]


def note(
    db: Session, actor: Actor, survey_id: uuid.UUID, measure: str, score: int | None, why: str = ""
) -> None:
    """Say which answer the advisor would have chosen, and why; None takes it back.

    The survey's own answer does not change. Raises `Invalid`, also where both are the same answer.
    """
    survey, views = see(db, actor, survey_id)
    why = readable(why).strip()
    if problems := _problems(survey, measure, score, why):
        raise Invalid(problems)
    stands = views.get(measure)
    if (score, why if score else "") == ((stands.score, stands.why) if stands else (None, "")):
        return
    row = {"measure": measure, "score": score, "why": why if score else ""}
    db.add(AdvisorView(survey_id=survey.id, **row, at=clock.now(), by_id=actor.id))
    db.flush()
    person = survey.episode.service_user_id
    audit.record(db, actor, "view_noted", person=person, subject=f"survey:{survey.id}", measure=measure)


def _problems(survey: Survey, measure: str, score: int | None, why: str) -> dict[str, str]:
    problems = {"why": "too_long"} if len(why) > LONGEST_WHY else {}
    if measure not in INSTRUMENT.keys:
        return {**problems, "measure": "unknown_measure"}
    if score is not None and score not in INSTRUMENT.values:
        return {**problems, "score": "not_an_answer"}
    if score is not None and answers.scores_of(survey).get(measure) == score:
        return {**problems, "score": "same_answer"}
    return problems
