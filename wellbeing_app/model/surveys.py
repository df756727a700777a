"""Tickets, drafts, surveys and their revisions. A survey is one wide row: a column for each measure."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, LongText, ShortText, Word, word_column
from wellbeing_app.model.pathway import Episode
from wellbeing_app.model.staff import Staff


class Occasion(Word):
    BASELINE = "baseline"
    FOLLOW_UP = "follow_up"


class Mode(Word):
    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    SELF_TABLET = "self_tablet"
    SELF_PAPER = "self_paper"


class Respondent(Word):
    SELF = "self"
    SELF_WITH_HELP = "self_with_help"
    PROXY = "proxy"


class Ticket(Base):
    """The promise of one survey: which episode, which occasion. It is redeemed once, by whichever door."""

    __tablename__ = "ticket"
    id: Mapped[Key]
    episode_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("episode.id"), index=True)
    occasion: Mapped[Occasion] = mapped_column(word_column(Occasion))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    planned_for: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    redeemed_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    import_batch_id: Mapped[uuid.UUID | None]
    episode: Mapped[Episode] = relationship(back_populates="tickets")
    draft: Mapped[Draft | None] = relationship(back_populates="ticket")
    survey: Mapped[Survey | None] = relationship(back_populates="ticket")

    @property
    def is_open(self) -> bool:
        return self.redeemed_at is None and self.voided_at is None


class Draft(Base):
    """What was answered so far: the form's own fields, unchecked, until the survey is saved."""

    __tablename__ = "draft"
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    fields: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    ticket: Mapped[Ticket] = relationship(back_populates="draft")


def _score_column() -> Mapped[int | None]:
    return mapped_column(SmallInteger)


class Answers:
    """The eight scores, each 1 to 5 or nothing, and why nothing; with what was said beside them.

    Unanswered measures carry a reason in `unanswered`, never a score. `prompts` are the keys of the prompts
    a person ticked as mattering; `notes` their words. The column names are the instrument's measure keys.
    """

    instrument_version: Mapped[str] = mapped_column(String(40))
    feeling_positive: Mapped[int | None] = _score_column()
    lifestyle: Mapped[int | None] = _score_column()
    looking_after_yourself: Mapped[int | None] = _score_column()
    managing_symptoms: Mapped[int | None] = _score_column()
    work_volunteering: Mapped[int | None] = _score_column()
    money: Mapped[int | None] = _score_column()
    where_you_live: Mapped[int | None] = _score_column()
    family_friends: Mapped[int | None] = _score_column()
    unanswered: Mapped[dict[str, str]] = mapped_column(default=dict)
    prompts: Mapped[dict[str, list[str]]] = mapped_column(default=dict)
    notes: Mapped[dict[str, str]] = mapped_column(default=dict)

    completed_on: Mapped[date]
    date_reason: Mapped[LongText] = mapped_column(String(500), default="")

    @declared_attr
    def mode(cls) -> Mapped[Mode]:
        return mapped_column(word_column(Mode))

    @declared_attr
    def respondent(cls) -> Mapped[Respondent]:
        return mapped_column(word_column(Respondent))

    helper: Mapped[ShortText] = mapped_column(String(200), default="")
    with_interpreter: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(12), default="en")


SCORE_COLUMNS = (
    "feeling_positive",
    "lifestyle",
    "looking_after_yourself",
    "managing_symptoms",
    "work_volunteering",
    "money",
    "where_you_live",
    "family_friends",
)


def _score_checks() -> list[CheckConstraint]:
    return [CheckConstraint(f"{column} BETWEEN 1 AND 5", name=column) for column in SCORE_COLUMNS]


class Survey(Answers, Base):
    """One completed set of answers, as it stands after any corrections.

    `counts`: whether it is the one that stands for its occasion, when an episode has two baselines.
    """

    __tablename__ = "survey"
    id: Mapped[Key]
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ticket.id"), unique=True)
    episode_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("episode.id"))
    occasion: Mapped[Occasion] = mapped_column(word_column(Occasion))
    counts: Mapped[bool] = mapped_column(default=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    revision: Mapped[int] = mapped_column(default=1)
    episode: Mapped[Episode] = relationship(back_populates="surveys")
    ticket: Mapped[Ticket] = relationship(back_populates="survey")
    recorded_by: Mapped[Staff] = relationship()
    revisions: Mapped[list[SurveyRevision]] = relationship(order_by="SurveyRevision.number")

    __mapper_args__ = {"version_id_col": revision}
    __table_args__ = (
        *_score_checks(),
        Index("ix_survey_episode_occasion", "episode_id", "occasion", "counts"),
    )


class SurveyRevision(Answers, Base):
    """A survey as it stood after its first saving (number 1) and after each correction. Never changed."""

    __tablename__ = "survey_revision"
    id: Mapped[Key]
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"))
    number: Mapped[int]
    reason: Mapped[LongText]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    by: Mapped[Staff] = relationship()

    __table_args__ = (*_score_checks(), UniqueConstraint("survey_id", "number"))
