"""An episode: one person's way through the service, from a referral to its closing."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, LongText, ShortText, Word, word_column
from wellbeing_app.model.staff import Staff

if TYPE_CHECKING:
    from wellbeing_app.model.people import ServiceUser
    from wellbeing_app.model.surveys import Survey, Ticket


class Pathway(Word):
    LONG_TERM_CONDITIONS = "long_term_conditions"
    MENTAL_HEALTH = "mental_health"


class ClosingReason(Word):
    COMPLETED = "completed"
    DECLINED = "declined"
    MOVED_AWAY = "moved_away"
    NO_CONTACT = "no_contact"
    DIED = "died"
    OTHER = "other"


class FollowUpEnd(Word):
    """Why there is no follow-up, though the episode is open."""

    DECLINED = "declined"
    LOST = "lost"


CARE_CLUSTERS = (4, 7, 11)


class Episode(Base):
    """From one referral to its closing. A person can return, and then has another.

    `counting_decided_at`: when somebody said which of several baselines counts. `moved`: the days that stand
    in place of the usual ones (ISO), by what they are for; why stands in `MovedDate`. `follow_up_ended`: the
    person declined the follow-up, or could not be reached, on `follow_up_ended_on`.
    """

    __tablename__ = "episode"
    id: Mapped[Key]
    service_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_user.id"), index=True)
    advisor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    pathway: Mapped[Pathway] = mapped_column(word_column(Pathway))
    care_cluster: Mapped[int | None]
    referred_by: Mapped[ShortText] = mapped_column(String(200), default="")
    referred_on: Mapped[date]
    joint_meeting_on: Mapped[date | None]
    took_up_on: Mapped[date | None]
    discharge_review_on: Mapped[date | None]
    discharged_on: Mapped[date | None]
    re_referred_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closing_reason: Mapped[ClosingReason | None] = mapped_column(word_column(ClosingReason))
    closing_note: Mapped[LongText] = mapped_column(String(2000), default="")
    counting_decided_at: Mapped[datetime | None]
    moved: Mapped[dict[str, str] | None]
    follow_up_ended: Mapped[FollowUpEnd | None] = mapped_column(word_column(FollowUpEnd))
    follow_up_ended_on: Mapped[date | None]
    import_batch_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    service_user: Mapped[ServiceUser] = relationship(back_populates="episodes")
    advisor: Mapped[Staff] = relationship()
    tickets: Mapped[list[Ticket]] = relationship(back_populates="episode", order_by="Ticket.issued_at")
    surveys: Mapped[list[Survey]] = relationship(
        back_populates="episode", order_by="Survey.completed_on, Survey.recorded_at"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("care_cluster IS NULL OR care_cluster IN (4, 7, 11)", name="care_cluster_known"),
        CheckConstraint(
            "(pathway = 'mental_health') = (care_cluster IS NOT NULL)", name="care_cluster_with_mental_health"
        ),
        CheckConstraint("(closed_on IS NULL) = (closing_reason IS NULL)", name="closing_has_a_reason"),
        CheckConstraint(
            "(follow_up_ended IS NULL) = (follow_up_ended_on IS NULL)", name="follow_up_ended_has_a_day"
        ),
        # for the report, which counts all of them
        Index("ix_episode_referred_on", "referred_on", "joint_meeting_on", "took_up_on"),
        Index("ix_episode_discharge_review_on", "discharge_review_on", "discharged_on", "re_referred_on"),
        Index("ix_episode_discharged_on", "discharged_on", "re_referred_on"),
        Index("ix_episode_closed_on", "closed_on"),
    )

    @property
    def is_open(self) -> bool:
        return self.closed_on is None
