"""The one writer of scores: recording a survey, correcting it, and laying two of them over each other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Mode, Occasion, Survey, SurveyRevision, Ticket
from wellbeing_app.services import access, answers, audit, clock, due, modes, recording, tickets
from wellbeing_app.services.access import Actor
from wellbeing_app.services.answers import LONGEST_REASON, SurveyAnswers
from wellbeing_app.services.errors import AlreadyRecorded, Invalid, NotFound, Superseded, TicketVoid
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import readable

SHORTEST_REASON = 3
PUT_RIGHT_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True)
class Receipt:
    """The answers with this digest are kept as this survey of this person; `already`: before this call."""

    survey_id: uuid.UUID
    digest: str
    reference: str
    occasion: Occasion
    episode_id: uuid.UUID
    already: bool = False


@dataclass(frozen=True)
class Ready:
    """Answers without a problem, for a ticket that is open: all that is left is to write them down.

    `version` of the questionnaire and the moment `at` are today's and this one unless they say otherwise.
    """

    ticket_id: uuid.UUID
    episode_id: uuid.UUID
    occasion: Occasion
    counts: bool
    by_id: uuid.UUID
    given: SurveyAnswers
    survey_id: uuid.UUID = field(default_factory=uuid.uuid4)
    version: str | None = None
    at: datetime | None = None


def record_all(db: Session, ready: Sequence[Ready]) -> None:
    """`record` for a delivery: whoever calls has locked the tickets, asked leave and writes the trail."""
    if ready:
        recording.redeem_locked(db, [one.ticket_id for one in ready])
        recording.insert_surveys(db, [_row(one) for one in ready])
        due.refresh_all(db, sorted({one.episode_id for one in ready}))


def record(
    db: Session,
    actor: Actor,
    ticket_id: uuid.UUID,
    given: SurveyAnswers,
    typed: Mapping[str, Any] | None = None,
    taken_by: uuid.UUID | None = None,
) -> Receipt:
    """Redeem a ticket: write the survey, its first revision and the audit row, all or nothing.

    The same answers again get the same receipt. Raises `Invalid`, `TicketVoid`, or `AlreadyRecorded` when the
    ticket was redeemed with other answers. A draft goes if it says no more than `typed`, the fields that the
    answers were read from; one that says something else is left for somebody to look at. `taken_by`: who took
    it, if that is not the actor.
    """
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    problems = answers.problems_with(given, clock.today(), *not_before(db, ticket.episode, ticket.occasion))
    if problems:
        raise Invalid(problems)
    if not recording.redeem(db, ticket):
        return _receipt_of_before(db, ticket, given)
    survey_id = _insert(db, taken_by or actor.id, ticket, given)
    due.refresh(db, ticket.episode_id)
    if ticket.draft is not None and tickets.says_the_same(ticket.draft.fields, typed or {}):
        recording.drop_draft(db, ticket)
    _log(db, actor, "survey_recorded", ticket.episode, survey_id, occasion=ticket.occasion, mode=given.mode)
    return _receipt(ticket, survey_id, given)


@dataclass(frozen=True)
class Past:
    """A survey that was taken before it came here; `version` of the questionnaire, None for today's.

    `modes`: how it was asked at first, if that changed half-way, and until how many measures were answered.
    """

    person_id: uuid.UUID
    episode_id: uuid.UUID
    occasion: Occasion
    counts: bool
    given: SurveyAnswers
    version: str | None = None
    modes: Sequence[tuple[Mode, int]] = ()


def record_past(
    db: Session, actor: Actor, batch_id: uuid.UUID, past: Sequence[Past], until: datetime
) -> None:
    """Record surveys of the past, whose answers were checked (`answers.problems_with`), all or nothing.

    They are recorded at `until`, each some microseconds before the next: so those of one day stay in their
    order. What is due is for the caller to count again.
    """
    access.require(actor, Action.IMPORT_RECORDS)
    ready = [
        Ready(
            uuid.uuid4(), one.episode_id, one.occasion, one.counts, actor.id, one.given,
            version=one.version, at=until - timedelta(microseconds=len(past) - place),
        )
        for place, one in enumerate(past)
    ]  # fmt: skip
    codes = tickets.free_codes(db, len(past))
    recording.insert_tickets(
        db, [_redeemed(one, code, batch_id) for one, code in zip(ready, codes, strict=True)]
    )
    recording.insert_surveys(db, [_row(one) for one in ready])
    modes.note_past(
        db, actor, [(new.ticket_id, one.modes, until) for one, new in zip(past, ready, strict=True)]
    )
    about = [(one.person_id, f"survey:{new.survey_id}") for one, new in zip(past, ready, strict=True)]
    audit.record_many(db, actor, "survey_recorded", about, imported=True)


def _redeemed(ready: Ready, code: str, batch_id: uuid.UUID) -> dict[str, object]:
    return {
        "id": ready.ticket_id,
        "episode_id": ready.episode_id,
        "occasion": ready.occasion,
        "code": code,
        "planned_for": ready.given.completed_on,
        "issued_at": ready.at,
        "issued_by_id": ready.by_id,
        "redeemed_at": ready.at,
        "import_batch_id": batch_id,
    }


def correct(
    db: Session, actor: Actor, survey_id: uuid.UUID, given: SurveyAnswers, reason: str, revision: int
) -> Survey:
    """Put a slip right as a new revision; the old one stays.

    Raises `Invalid`, or `Superseded` when somebody else corrected it since `revision`, unless to the same.
    """
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, survey_id)
    return _revise(db, actor, survey, given, reason, revision)


def put_right(db: Session, actor: Actor, ticket_id: uuid.UUID, given: SurveyAnswers, reason: str) -> Survey:
    """The same for whoever just saved it, from paper too: their first saving, within `PUT_RIGHT_WITHIN`.

    Raises `NotFound` afterwards; then it is for those who may correct.
    """
    survey = just_saved(db, actor, access.ticket(db, actor, Action.FILL_SURVEY, ticket_id))
    if survey is None:
        raise NotFound(str(ticket_id))
    return _revise(db, actor, survey, given, reason, survey.revision)


def just_saved(db: Session, actor: Actor, ticket: Ticket) -> Survey | None:
    """The survey of this ticket, if the actor saved it a moment ago and nobody has changed it since."""
    survey = db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).one_or_none()
    if survey is None or survey.recorded_by_id != actor.id or survey.revision != 1:
        return None
    return survey if clock.now() - survey.recorded_at < PUT_RIGHT_WITHIN else None


def _revise(
    db: Session, actor: Actor, survey: Survey, given: SurveyAnswers, reason: str, revision: int
) -> Survey:
    db.refresh(survey, with_for_update=True)
    stands, reason = answers.of_row(survey), readable(reason).strip()
    if survey.revision != revision:
        if stands == given:
            return survey
        raise Superseded(survey)
    problems = answers.problems_with(given, clock.today(), *not_before(db, survey.episode, survey.occasion))
    problems |= problem_with_reason(reason) | ({"form": "nothing_changed"} if stands == given else {})
    if problems:
        raise Invalid(problems)
    for name, value in given.columns().items():
        setattr(survey, name, value)
    db.flush()
    _add_revision(db, actor, survey, given, reason)
    due.refresh(db, survey.episode_id)
    _log(db, actor, "survey_corrected", survey.episode, survey.id, revision=survey.revision)
    return survey


def decide_counting(db: Session, actor: Actor, survey_id: uuid.UUID) -> Survey:
    """Say that this baseline is the one that counts; the episode's others are kept and do not.

    Raises `NotFound` for a follow-up: each of them counts.
    """
    survey = access.survey(db, actor, Action.CORRECT_SURVEY, survey_id)
    if survey.occasion is not Occasion.BASELINE:
        raise NotFound(str(survey_id))
    same_occasion = (Survey.episode_id == survey.episode_id) & (Survey.occasion == survey.occasion)
    db.execute(update(Survey).where(same_occasion).values(counts=Survey.id == survey.id))
    db.expire(survey, ["counts"])
    survey.episode.counting_decided_at = clock.now()
    due.refresh(db, survey.episode_id)
    _log(db, actor, "counting_decided", survey.episode, survey.id)
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


def not_before(db: Session, episode: Episode, occasion: Occasion) -> tuple[date, date | None]:
    """The days before which a survey wants a reason: the referral's, and for a follow-up the baseline's."""
    if occasion is Occasion.BASELINE:
        return episode.referred_on, None
    of_episode = (Survey.episode_id == episode.id) & (Survey.occasion == Occasion.BASELINE) & Survey.counts
    return episode.referred_on, db.scalar(select(Survey.completed_on).where(of_episode))


@dataclass(frozen=True)
class Pair:
    """Two surveys of one episode to lay over each other; `latest` is None while there is only one."""

    first: Survey
    latest: Survey | None


def pair(
    surveys: Sequence[Survey], first_id: uuid.UUID | None = None, latest_id: uuid.UUID | None = None
) -> Pair | None:
    """Of an episode's surveys, in order: the two asked for; else the counting baseline and the last follow-up
    after it. None without any survey.
    """
    by_id = {survey.id: survey for survey in surveys}
    first = by_id.get(first_id) if first_id else None
    latest = by_id.get(latest_id) if latest_id else None
    first = first or counting_baseline(surveys) or next(iter(surveys), None)
    if first is None:
        return None
    if latest is None:
        offered = surveys if first_id else surveys[surveys.index(first) + 1 :]
        later = [
            survey for survey in offered if survey.occasion is Occasion.FOLLOW_UP and survey is not first
        ]
        latest = later[-1] if later else None
    return Pair(first, None if latest is first else latest)


def _receipt_of_before(db: Session, ticket: Ticket, given: SurveyAnswers) -> Receipt:
    if ticket.redeemed_at is None:
        raise TicketVoid
    survey = of_ticket(db, ticket)
    if first_answers(db, survey) != given:
        raise AlreadyRecorded(survey.id)
    return _receipt(ticket, survey.id, given, already=True)


def _receipt(ticket: Ticket, survey_id: uuid.UUID, given: SurveyAnswers, *, already: bool = False) -> Receipt:
    reference = ticket.episode.service_user.reference
    return Receipt(survey_id, given.digest(), reference, ticket.occasion, ticket.episode_id, already)


def _insert(db: Session, by_id: uuid.UUID, ticket: Ticket, given: SurveyAnswers) -> uuid.UUID:
    """The survey and its first revision. A second baseline counts only when somebody says so."""
    is_baseline = ticket.occasion is Occasion.BASELINE
    counts = not (is_baseline and recording.has_baseline(db, ticket.episode_id))
    ready = Ready(ticket.id, ticket.episode_id, ticket.occasion, counts, by_id, given)
    recording.insert_surveys(db, [_row(ready)])
    return ready.survey_id


def _row(ready: Ready) -> dict[str, object]:
    return {
        "id": ready.survey_id,
        "ticket_id": ready.ticket_id,
        "episode_id": ready.episode_id,
        "occasion": ready.occasion,
        "counts": ready.counts,
        "recorded_at": ready.at or clock.now(),
        "recorded_by_id": ready.by_id,
        "instrument_version": ready.version or INSTRUMENT.version,
        **ready.given.columns(),
    }


def problem_with_reason(reason: str) -> dict[str, str]:
    """Whether it says enough and not too much, as `Invalid` wants it."""
    reason = readable(reason).strip()
    if len(reason) < SHORTEST_REASON:
        return {"reason": "reason_missing"}
    return {"reason": "reason_too_long"} if len(reason) > LONGEST_REASON else {}


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


def _log(
    db: Session, actor: Actor, action: str, episode: Episode, survey_id: uuid.UUID, **detail: object
) -> None:
    audit.record(db, actor, action, person=episode.service_user_id, subject=f"survey:{survey_id}", **detail)
