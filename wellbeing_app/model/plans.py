"""What a person and their advisor settle in a talk: steps to take, and where the two see it differently."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, LongText, ShortText, Word, word_column
from wellbeing_app.model.pathway import Episode
from wellbeing_app.model.staff import Staff


class PlanOutcome(Word):
    """What became of a step by the next talk."""

    DONE = "done"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    LET_GO = "let_go"


class PlanLine(Base):
    """A step towards one measure: what, who, where, by when. `outcome`: as last said, in a talk."""

    __tablename__ = "plan_line"
    id: Mapped[Key]
    episode_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("episode.id"), index=True)
    measure: Mapped[str] = mapped_column(String(40))
    what: Mapped[ShortText] = mapped_column(String(200))
    who: Mapped[ShortText] = mapped_column(String(100), default="")
    place: Mapped[ShortText] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[PlanOutcome | None] = mapped_column(word_column(PlanOutcome))
    outcome_note: Mapped[LongText] = mapped_column(String(500), default="")
    outcome_at: Mapped[datetime | None]
    outcome_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)
    episode: Mapped[Episode] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("(outcome IS NULL) = (outcome_at IS NULL)", name="outcome_has_a_time"),)

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.outcome in (None, PlanOutcome.PARTLY, PlanOutcome.NOT_YET)


class AdvisorView(Base):
    """The advisor would have chosen another answer than the person. Never a score: that is the person's.

    The latest of a survey and measure stands; one without a `score` takes it back.
    """

    __tablename__ = "advisor_view"
    id: Mapped[Key]
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"))
    measure: Mapped[str] = mapped_column(String(40))
    score: Mapped[int | None] = mapped_column(SmallInteger)
    why: Mapped[LongText] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    by: Mapped[Staff] = relationship()

    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score_on_the_scale"),
        Index("ix_advisor_view_survey_id_at", "survey_id", "at"),
    )
