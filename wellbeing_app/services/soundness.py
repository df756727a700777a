"""Whether a database holds together: what the app always writes as one is there as one."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from wellbeing_app.model import SCORE_COLUMNS, Survey, SurveyRevision, Ticket


def problems(db: Session) -> list[str]:
    """What is wrong, a sentence each; nothing when all is well."""
    counted = {sentence: db.scalar(query) or 0 for sentence, query in _QUERIES.items()}
    return [f"{count} {sentence}" for sentence, count in counted.items() if count]


def _count(*where: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(Survey).where(*where)


def _differ(column: str) -> ColumnElement[bool]:
    kept: ColumnElement[int | None] = getattr(Survey, column)
    return kept.is_distinct_from(getattr(SurveyRevision, column))


_of_survey = SurveyRevision.survey_id == Survey.id
_of_ticket = Survey.ticket_id == Ticket.id

_QUERIES = {
    "surveys without their first revision": _count(
        ~select(SurveyRevision.id).where(_of_survey, SurveyRevision.number == 1).exists()
    ),
    "surveys that are not what their last revision says": _count(
        ~select(SurveyRevision.id)
        .where(_of_survey, SurveyRevision.number == Survey.revision)
        .where(~or_(*map(_differ, SCORE_COLUMNS)))
        .exists()
    ),
    "surveys whose ticket is not redeemed": _count(
        select(Ticket.id).where(_of_ticket, Ticket.redeemed_at.is_(None)).exists()
    ),
    "redeemed tickets without a survey": select(func.count())
    .select_from(Ticket)
    .where(Ticket.redeemed_at.is_not(None), ~select(Survey.id).where(_of_ticket).exists()),
}
