"""Typing a form a second time, blind: where the service wants each twice, and for a sample that shows how
often a slip happens."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellbeing_app.evaluation.agreement import Rate, rate
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Retyping, Survey
from wellbeing_app.services import access, answers, audit, clock, surveys
from wellbeing_app.services.access import Actor
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.errors import Invalid, NotFound
from wellbeing_app.services.policy import Action

EVERY, SAMPLE = "every", "sample"


def ask(
    db: Session, actor: Actor, survey_id: uuid.UUID, first: Mapping[str, str], *, every: bool, percent: int
) -> Retyping | None:
    """Have a form that was just saved typed again by somebody else: each one, or this many of a hundred."""
    if not every and secrets.randbelow(100) >= percent:
        return None
    asked = Retyping(
        survey_id=survey_id,
        asked_for=EVERY if every else SAMPLE,
        asked_at=clock.now(),
        first_by_id=actor.id,
        first=dict(first),
    )
    db.add(asked)
    db.flush()
    return asked


def wanted(db: Session, survey_id: uuid.UUID) -> Retyping | None:
    """The second entry that this survey waits for."""
    query = select(Retyping).where(Retyping.survey_id == survey_id, Retyping.typed_at.is_(None))
    return db.scalars(query).one_or_none()


def open_ones(db: Session, actor: Actor) -> int:
    """How many forms wait for somebody like the actor to type them again."""
    query = select(func.count()).select_from(Retyping)
    return db.scalar(query.where(Retyping.typed_at.is_(None), Retyping.first_by_id != actor.id)) or 0


def enter(db: Session, actor: Actor, survey_id: uuid.UUID, second: Mapping[str, str]) -> Retyping:
    """The second entry. What agrees is settled at once; raises `Invalid` (`yours`) for the first typist."""
    asked = wanted(db, survey_id)
    if asked is None:
        raise NotFound(str(survey_id))
    access.ticket(db, actor, Action.FILL_SURVEY, asked.survey.ticket_id)
    if asked.first_by_id == actor.id:
        raise Invalid({"keys": "yours"})
    asked.second, asked.typed_at, asked.typed_by_id = dict(second), clock.now(), actor.id
    asked.differing = len(differences(asked))
    if not asked.differing:
        asked.settled_at = asked.typed_at
    _log(db, actor, "typed_again", asked)
    return asked


def differences(asked: Retyping) -> dict[str, tuple[str, str]]:
    """The measures that the two entries disagree about, with what each says."""
    second = asked.second or {}
    pairs = {key: (asked.first.get(key, ""), second.get(key, "")) for key in INSTRUMENT.keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def unsettled(db: Session, actor: Actor) -> Sequence[Retyping]:
    """The pairs of entries that disagree, about people in reach."""
    access.require(actor, Action.SETTLE_PAPER)
    query = select(Retyping).where(Retyping.typed_at.is_not(None), Retyping.settled_at.is_(None))
    found = db.scalars(query.order_by(Retyping.typed_at)).all()
    return [one for one in found if access.reaches(db, actor, Action.SETTLE_PAPER, _person(one))]


def settle(
    db: Session, actor: Actor, retyping_id: uuid.UUID, right: Mapping[str, str], reason: str
) -> Survey:
    """Say what the paper really says where the two disagree; what was saved wrongly is corrected."""
    asked = next((one for one in unsettled(db, actor) if one.id == retyping_id), None)
    if asked is None:
        raise NotFound(str(retyping_id))
    apart = differences(asked)
    if set(right) != set(apart) or any(right[key] not in pair for key, pair in apart.items()):
        raise Invalid({"right": "choose_each"})
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, asked.survey_id)
    before = answers.of_row(survey)
    given = with_answers(before, right)
    if given != before:
        survey = surveys.correct(db, actor, survey.id, given, reason, survey.revision)
    asked.settled_at, asked.settled_by_id = clock.now(), actor.id
    _log(db, actor, "entries_settled", asked)
    return survey


def error_rate(db: Session, actor: Actor) -> Rate | None:
    """How often the first entry and a blind second one disagree, in fields: twice the slips at most.

    Counted over the sample and the forms that are always typed twice.
    """
    access.require(actor, Action.SEE_TYPING_ERRORS)
    query = select(func.count(), func.coalesce(func.sum(Retyping.differing), 0))
    forms, differing = db.execute(query.where(Retyping.typed_at.is_not(None))).one()
    return rate(int(differing or 0), int(forms or 0) * len(INSTRUMENT.keys))


def with_answers(before: SurveyAnswers, right: Mapping[str, str]) -> SurveyAnswers:
    """These answers with some of them put otherwise; each is a score or a reason."""
    scores = {key: value for key, value in before.scores.items() if key not in right}
    reasons = {key: value for key, value in before.unanswered.items() if key not in right}
    scores |= {key: int(value) for key, value in right.items() if value.isdecimal()}
    reasons |= {key: value for key, value in right.items() if not value.isdecimal()}
    return SurveyAnswers(**{**vars(before), "scores": scores, "unanswered": reasons})


def _person(asked: Retyping) -> uuid.UUID:
    return asked.survey.episode.service_user_id


def _log(db: Session, actor: Actor, action: str, asked: Retyping) -> None:
    subject = f"survey:{asked.survey_id}"
    audit.record(db, actor, action, person=_person(asked), subject=subject, differing=asked.differing)
