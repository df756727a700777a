"""The one writer of scores: recording a survey, correcting it, and laying two of them over each other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Occasion, Survey, SurveyRevision, Ticket
from wellbeing_app.services import access, answers, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.errors import AlreadyRecorded, Invalid, Superseded, TicketVoid
from wellbeing_app.services.policy import Action

FIRST_SAVING = "first saved"
SHORTEST_REASON = 3


@dataclass(frozen=True)
class Receipt:
    """The answers with this digest are kept as this survey; `already`: they were before this call."""

    survey_id: uuid.UUID
    digest: str
    already: bool = False


def record(db: Session, actor: Actor, ticket_id: uuid.UUID, given: SurveyAnswers) -> Receipt:
    """Redeem a ticket: write the survey, its first revision and the audit row, all or nothing.

    The same answers again get the same receipt. Raises `Invalid`, `TicketVoid`, or `AlreadyRecorded` when the
    ticket was redeemed with other answers.
    """
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    if ticket.voided_at is not None:
        raise TicketVoid
    problems = answers.problems_with(given, clock.today(), ticket.episode.referred_on)
    if problems:
        raise Invalid(problems)
    if not _redeem(db, ticket):
        return _receipt_of_before(db, ticket, given)
    survey = _new_survey(db, actor, ticket, given)
    _add_revision(db, actor, survey, given, FIRST_SAVING)
    if ticket.draft is not None:
        db.delete(ticket.draft)
    db.flush()
    _log(db, actor, "survey_recorded", survey, occasion=survey.occasion, mode=given.mode)
    return Receipt(survey.id, given.digest())


def correct(
    db: Session, actor: Actor, survey_id: uuid.UUID, given: SurveyAnswers, reason: str, revision: int
) -> Survey:
    """Put a slip right as a new revision; the old one stays. Raises `Invalid` or `Superseded`."""
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, survey_id)
    if survey.revision != revision:
        raise Superseded(survey)
    problems = answers.problems_with(given, clock.today(), survey.episode.referred_on)
    if len(reason.strip()) < SHORTEST_REASON:
        problems["reason"] = "reason_missing"
    if problems:
        raise Invalid(problems)
    for name, value in given.columns().items():
        setattr(survey, name, value)
    _flush(db, survey)
    _add_revision(db, actor, survey, given, reason.strip())
    _log(db, actor, "survey_corrected", survey, revision=survey.revision)
    return survey


def decide_counting(db: Session, actor: Actor, survey_id: uuid.UUID) -> Survey:
    """Say that this baseline is the one that counts; the episode's others are kept and do not."""
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, survey_id)
    same_occasion = (Survey.episode_id == survey.episode_id) & (Survey.occasion == survey.occasion)
    db.execute(update(Survey).where(same_occasion).values(counts=Survey.id == survey.id))
    db.expire(survey, ["counts"])
    survey.episode.counting_decided_at = clock.now()
    _log(db, actor, "counting_decided", survey)
    return survey


def needs_decision(episode: Episode) -> bool:
    """Whether the episode has several baselines, and the last came after anybody said which counts."""
    baselines = [survey for survey in episode.surveys if survey.occasion is Occasion.BASELINE]
    decided = episode.counting_decided_at
    return len(baselines) > 1 and (
        decided is None or any(survey.recorded_at > decided for survey in baselines)
    )


def of_ticket(db: Session, ticket: Ticket) -> Survey:
    """The survey that redeemed this ticket, for somebody already through the door."""
    return db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).one()


def first_answers(db: Session, survey: Survey) -> SurveyAnswers:
    """The answers as they were first saved."""
    first = (SurveyRevision.survey_id == survey.id) & (SurveyRevision.number == 1)
    return answers.of_row(db.scalars(select(SurveyRevision).where(first)).one())


def earlier_scores(db: Session, ticket: Ticket) -> dict[str, int]:
    """The scores of the episode's last survey before this follow-up; nothing for a baseline."""
    if ticket.occasion is Occasion.BASELINE:
        return {}
    latest = (
        select(Survey)
        .where(Survey.episode_id == ticket.episode_id, Survey.counts)
        .order_by(Survey.completed_on.desc(), Survey.recorded_at.desc())
        .limit(1)
    )
    survey = db.scalar(latest)
    return answers.scores_of(survey) if survey else {}


def counting_baseline(surveys: Sequence[Survey]) -> Survey | None:
    """The baseline that counts among an episode's surveys."""
    return next(
        (survey for survey in surveys if survey.occasion is Occasion.BASELINE and survey.counts), None
    )


@dataclass(frozen=True)
class Pair:
    """Two surveys of one episode to lay over each other; `latest` is None while there is only one."""

    first: Survey
    latest: Survey | None


def pair(
    surveys: Sequence[Survey], first_id: uuid.UUID | None = None, latest_id: uuid.UUID | None = None
) -> Pair | None:
    """The two asked for; else the counting baseline and the last follow-up. None without any survey."""
    by_id = {survey.id: survey for survey in surveys}
    first = by_id.get(first_id) if first_id else None
    latest = by_id.get(latest_id) if latest_id else None
    first = first or counting_baseline(surveys) or next(iter(surveys), None)
    if first is None:
        return None
    if latest is None:
        later = [
            survey for survey in surveys if survey.occasion is Occasion.FOLLOW_UP and survey is not first
        ]
        latest = later[-1] if later else None
    return Pair(first, None if latest is first else latest)


def _redeem(db: Session, ticket: Ticket) -> bool:
    """Whether this call is the one that redeems the ticket; of two at once, the database lets one through."""
    redeemed = (
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.redeemed_at.is_(None))
        .values(redeemed_at=clock.now())
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    )
    won = db.execute(redeemed).one_or_none() is not None
    db.expire(ticket, ["redeemed_at"])
    return won


def _receipt_of_before(db: Session, ticket: Ticket, given: SurveyAnswers) -> Receipt:
    survey = of_ticket(db, ticket)
    digest = given.digest()
    if first_answers(db, survey).digest() != digest:
        raise AlreadyRecorded(survey.id)
    return Receipt(survey.id, digest, already=True)


def _new_survey(db: Session, actor: Actor, ticket: Ticket, given: SurveyAnswers) -> Survey:
    survey = Survey(
        id=uuid.uuid4(),
        ticket_id=ticket.id,
        episode_id=ticket.episode_id,
        occasion=ticket.occasion,
        counts=not _has_baseline_already(db, ticket),
        instrument_version=INSTRUMENT.version,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
        **given.columns(),
    )
    db.add(survey)
    db.flush()
    return survey


def _has_baseline_already(db: Session, ticket: Ticket) -> bool:
    if ticket.occasion is not Occasion.BASELINE:
        return False
    query = select(Survey.id).where(
        Survey.episode_id == ticket.episode_id, Survey.occasion == Occasion.BASELINE
    )
    return db.scalar(query.limit(1)) is not None


def _add_revision(db: Session, actor: Actor, survey: Survey, given: SurveyAnswers, reason: str) -> None:
    db.add(
        SurveyRevision(
            survey_id=survey.id,
            number=survey.revision,
            reason=reason,
            at=clock.now(),
            by_id=actor.id,
            instrument_version=survey.instrument_version,
            **given.columns(),
        )
    )
    db.flush()


def _flush(db: Session, survey: Survey) -> None:
    try:
        db.flush()
    except StaleDataError as lost_race:
        raise Superseded(survey) from lost_race


def _log(db: Session, actor: Actor, action: str, survey: Survey, **detail: object) -> None:
    person = survey.episode.service_user_id
    audit.record(db, actor, action, person=person, subject=f"survey:{survey.id}", **detail)
