"""An episode's scores packed for the report: a copy that can be thrown away and made again at any time."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from wellbeing_app.model.base import Base, word_column
from wellbeing_app.model.pathway import Pathway


class PairedEpisode(Base):
    """One row for each episode, as `services.pairing` makes them.

    `version`, `surveys`, `revisions` and `last_recorded_at` say from what it was made: the episode's version,
    the number of its surveys, the sum of their revisions, and when the last of them was recorded.
    `agreed`: the person's answers may be used for evaluation. `…_cells` are `evaluation.cells` of the
    counting baseline with the follow-up of that choice, or with none; None without a baseline. `…_on` is that
    follow-up's day; `…_proxy` and `…_alike`: whether somebody else answered one of the two, and whether both
    were taken the same way.
    """

    __tablename__ = "paired_episode"
    episode_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("episode.id", ondelete="CASCADE"), primary_key=True
    )
    service_user_id: Mapped[uuid.UUID]
    advisor_id: Mapped[uuid.UUID]
    pathway: Mapped[Pathway] = mapped_column(word_column(Pathway))
    version: Mapped[int]
    surveys: Mapped[int] = mapped_column(SmallInteger)
    revisions: Mapped[int]
    last_recorded_at: Mapped[datetime | None]
    agreed: Mapped[bool]
    referred_on: Mapped[date]
    baseline_on: Mapped[date | None]
    first_cells: Mapped[str | None] = mapped_column(String(8))
    first_on: Mapped[date | None]
    first_proxy: Mapped[bool] = mapped_column(default=False)
    first_alike: Mapped[bool] = mapped_column(default=False)
    latest_cells: Mapped[str | None] = mapped_column(String(8))
    latest_on: Mapped[date | None]
    latest_proxy: Mapped[bool] = mapped_column(default=False)
    latest_alike: Mapped[bool] = mapped_column(default=False)
    nearest_cells: Mapped[str | None] = mapped_column(String(8))
    nearest_on: Mapped[date | None]
    nearest_proxy: Mapped[bool] = mapped_column(default=False)
    nearest_alike: Mapped[bool] = mapped_column(default=False)


class PairedTotals(Base):
    """What was there when all was packed last: while it is the same, the packed rows are fresh. One row."""

    __tablename__ = "paired_totals"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    episodes: Mapped[int]
    versions: Mapped[int]
    surveys: Mapped[int]
    revisions: Mapped[int]
    last_recorded_at: Mapped[datetime | None]
    agreements: Mapped[int]
    withdrawals: Mapped[int]
    windows: Mapped[str] = mapped_column(String(80))

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
