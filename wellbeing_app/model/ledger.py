"""The ledger: who offers what, who goes there and for how many hours, and what else came of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, ShortText, Word, word_column
from wellbeing_app.model.pathway import Episode


class Theme(Word):
    """The four broad themes of the source report (section 2.3)."""

    BEFRIENDING_PLUS = "befriending_plus"
    EDUCATION = "education"
    COMMUNITY_GROUP = "community_group"
    THERAPEUTIC = "therapeutic"


class Setting(Word):
    """Whether an activity is for one person at a time, or for a group."""

    INDIVIDUAL = "individual"
    GROUP = "group"


class OutcomeKind(Word):
    """The six wider outcomes of the source report's table 3.2."""

    EMPLOYMENT = "employment"
    TRAINING = "training"
    VOLUNTEERING = "volunteering"
    PHYSICAL_ACTIVITY = "physical_activity"
    PEER_SUPPORT = "peer_support"
    VOLUNTARY_SECTOR = "voluntary_sector"


class Activity(Base):
    """Something a provider offers. `capacity`: places at a time, if they are limited."""

    __tablename__ = "activity"
    id: Mapped[Key]
    provider: Mapped[ShortText]
    name: Mapped[ShortText]
    theme: Mapped[Theme] = mapped_column(word_column(Theme))
    setting: Mapped[Setting] = mapped_column(word_column(Setting))
    capacity: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("provider", "name"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_of_somebody"),
    )

    @property
    def title(self) -> str:
        """What it is and whose."""
        return f"{self.name} ({self.provider})" if self.name else self.provider


class Placement(Base):
    """Somebody's place on an activity."""

    __tablename__ = "placement"
    id: Mapped[Key]
    episode_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("episode.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), index=True)
    began_on: Mapped[date]
    ended_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    episode: Mapped[Episode] = relationship()
    activity: Mapped[Activity] = relationship()
    hours: Mapped[list[DeliveredHours]] = relationship(order_by="DeliveredHours.on")

    __table_args__ = (UniqueConstraint("episode_id", "activity_id", "began_on"),)

    @property
    def total_hours(self) -> Decimal:
        """All hours that were written down for this person."""
        return sum((one.hours for one in self.hours), Decimal(0))


class DeliveredHours(Base):
    """Hours of an activity on a day: of one person's placement, or of the whole group together."""

    __tablename__ = "delivered_hours"
    id: Mapped[Key]
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"))
    placement_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("placement.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date]
    hours: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        Index("ix_delivered_hours_activity_id_on", "activity_id", "on"),
        CheckConstraint("hours > 0", name="some_hours"),
    )


class WiderOutcome(Base):
    """Something else that came of an episode, and the day from which it was so. Each kind once an episode."""

    __tablename__ = "wider_outcome"
    id: Mapped[Key]
    episode_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("episode.id", ondelete="CASCADE"))
    kind: Mapped[OutcomeKind] = mapped_column(word_column(OutcomeKind))
    on: Mapped[date]
    note: Mapped[ShortText] = mapped_column(String(200), default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (UniqueConstraint("episode_id", "kind"),)
