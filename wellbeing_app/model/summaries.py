"""Summaries for many people at once: wanted by somebody, drawn by a child process, taken once."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, word_column
from wellbeing_app.model.paper import BatchState
from wellbeing_app.model.pathway import Episode
from wellbeing_app.model.staff import Staff


class SummaryBatch(Base):
    """How they are to be set, and how far the work is. `touched_at`: when its worker last gave a sign.

    `kind` "" : in large print for whoever needs it. `drafts`: also in languages that nobody has reviewed.
    """

    __tablename__ = "summary_batch"
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(12), default="")
    initials: Mapped[bool] = mapped_column(default=False)
    drafts: Mapped[bool] = mapped_column(default=False)
    both_sides: Mapped[bool] = mapped_column(default=False)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    state: Mapped[BatchState] = mapped_column(word_column(BatchState), default=BatchState.WAITING)
    problem: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime] = mapped_column(index=True)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    touched_at: Mapped[datetime]
    made_by: Mapped[Staff] = relationship()


class SummaryOfBatch(Base):
    """One person's sheet in it. `left_out`: why there is none, when its turn came."""

    __tablename__ = "summary_of_batch"
    id: Mapped[Key]
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("summary_batch.id"), index=True)
    episode_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("episode.id"))
    number: Mapped[int]
    drawn_at: Mapped[datetime | None]
    left_out: Mapped[str] = mapped_column(String(24), default="")
    episode: Mapped[Episode] = relationship()
