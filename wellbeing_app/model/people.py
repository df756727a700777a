"""The people a service supports: who they are, how to reach them, what they agreed to, worries about them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, LongText, ShortText, Word, word_column
from wellbeing_app.model.staff import Staff

if TYPE_CHECKING:
    from wellbeing_app.model.pathway import Episode


class Purpose(Word):
    """What a person can agree to, each apart from the others."""

    TAKE_PART = "take_part"
    SHARE_WITH_GP = "share_with_gp"
    EVALUATION = "evaluation"
    BE_CONTACTED = "be_contacted"


class ServiceUser(Base):
    """A person. `merged_into_id`: this record turned out to be the same person as another.

    `ring_days` (as "12345", Monday is 1), `ring_from` and `ring_until`: when it is safe to ring.
    `earlier_reference`: what they were called in the file that they came from.
    """

    __tablename__ = "service_user"
    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    first_name: Mapped[ShortText]
    last_name: Mapped[ShortText] = mapped_column(String(200), default="")
    search_name: Mapped[str] = mapped_column(String(401), default="")
    date_of_birth: Mapped[date | None] = mapped_column(index=True)
    telephone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[LongText] = mapped_column(String(500), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    needs_interpreter: Mapped[bool] = mapped_column(default=False)
    needs_bsl: Mapped[bool] = mapped_column(default=False)
    needs_large_print: Mapped[bool] = mapped_column(default=False)
    access_notes: Mapped[LongText] = mapped_column(default="")
    may_telephone: Mapped[bool] = mapped_column(default=True)
    may_leave_message: Mapped[bool] = mapped_column(default=False)
    may_post: Mapped[bool] = mapped_column(default=True)
    safe_times: Mapped[LongText] = mapped_column(default="")
    ring_days: Mapped[str | None] = mapped_column(String(7))
    ring_from: Mapped[time | None]
    ring_until: Mapped[time | None]
    created_at: Mapped[datetime]
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_user.id"))
    earlier_reference: Mapped[str | None] = mapped_column(String(80), index=True)
    import_batch_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    episodes: Mapped[list[Episode]] = relationship(
        back_populates="service_user", order_by="Episode.referred_on, Episode.created_at"
    )
    agreements: Mapped[list[Agreement]] = relationship(order_by="Agreement.given_on, Agreement.recorded_at")
    safety_flags: Mapped[list[SafetyFlag]] = relationship(order_by="SafetyFlag.raised_at")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index("ix_service_user_search_name", "search_name"),)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return "".join(part[0] + "." for part in self.name.split())


class Agreement(Base):
    """One thing a person agreed to, from a date, in the words then in force, until withdrawn."""

    __tablename__ = "agreement"
    id: Mapped[Key]
    service_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_user.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(word_column(Purpose))
    wording: Mapped[LongText]
    given_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    withdrawn_on: Mapped[date | None]
    withdrawal_recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    import_batch_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        Index("ix_agreement_purpose_withdrawn_on", "purpose", "withdrawn_on", "service_user_id"),
    )


class SafetyFlag(Base):
    """A worry about a person's safety, open until somebody says what came of it. Never printed."""

    __tablename__ = "safety_flag"
    id: Mapped[Key]
    service_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_user.id"), index=True)
    concern: Mapped[LongText]
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    told: Mapped[ShortText] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[LongText] = mapped_column(String(2000), default="")
    raised_by: Mapped[Staff] = relationship(foreign_keys=[raised_by_id])
    closed_by: Mapped[Staff | None] = relationship(foreign_keys=[closed_by_id])
    actions: Mapped[list[SafetyAction]] = relationship(order_by="SafetyAction.at")


class SafetyAction(Base):
    """Something done about a safety flag."""

    __tablename__ = "safety_action"
    id: Mapped[Key]
    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("safety_flag.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    what: Mapped[LongText]
    by: Mapped[Staff] = relationship()
