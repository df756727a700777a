"""Tablets that work without signal: who uses them, what they took along, and custody of what they send."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, LongText, ShortText, Word, word_column
from wellbeing_app.model.staff import Staff
from wellbeing_app.model.surveys import Ticket

JsonOrNothing = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class ItemKind(Word):
    SURVEY = "survey"
    FLAG = "flag"
    UNREAD = "unread"


class Custody(Word):
    """`held`: somebody has to decide. `settled`: somebody has."""

    RECORDED = "recorded"
    HELD = "held"
    SETTLED = "settled"


class Outcome(Word):
    """What became of an item that was held."""

    ACCEPTED = "accepted"
    MATCHED = "matched"
    STANDS = "stands"
    CORRECTED = "corrected"
    DRAFTED = "drafted"
    DESTROYED = "destroyed"
    CAME_WHOLE = "came_whole"


class Device(Base):
    """A browser that was enrolled. Of its token, which can only deliver, a hash is kept.

    `unsent`: how many finished surveys it still held after its last contact. `lost`: how many of those were
    missing at a later one. `device_time`: what its own clock said at the last contact.
    """

    __tablename__ = "device"
    id: Mapped[Key]
    name: Mapped[ShortText]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled_at: Mapped[datetime]
    enrolled_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    last_seen_at: Mapped[datetime]
    device_time: Mapped[datetime | None]
    shell: Mapped[str] = mapped_column(String(64), default="")
    unsent: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    enrolled_by: Mapped[Staff] = relationship()
    users: Mapped[list[DeviceUser]] = relationship(order_by="DeviceUser.added_at")

    @property
    def to_forget(self) -> list[DeviceUser]:
        """Those whose vault there is to be erased, or was."""
        return [user for user in self.users if self.revoked_at or user.wipe_asked_at or not user.staff.active]


class DeviceUser(Base):
    """An advisor with a vault on a device.

    `wipe_asked_at`: their vault there is to be erased. `wiped_at`: since when the device says it has none.
    """

    __tablename__ = "device_user"
    id: Mapped[Key]
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    added_at: Mapped[datetime]
    wipe_asked_at: Mapped[datetime | None]
    wiped_at: Mapped[datetime | None]
    staff: Mapped[Staff] = relationship()

    __table_args__ = (UniqueConstraint("device_id", "staff_id"),)


class Packing(Base):
    """A visit that an advisor took along on a device, and until when. Packed again, it lasts longer."""

    __tablename__ = "packing"
    id: Mapped[Key]
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ticket.id"))
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"), index=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    packed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ticket: Mapped[Ticket] = relationship()
    device: Mapped[Device] = relationship()
    staff: Mapped[Staff] = relationship()

    __table_args__ = (UniqueConstraint("ticket_id", "device_id", "staff_id"),)


class IntakeKey(Base):
    """A key that tablets seal to. The private part is here, so that a restored backup still opens boxes."""

    __tablename__ = "intake_key"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    private: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class SyncItem(Base):
    """Custody of one thing that a device sent, for ever; what it held, only while somebody has to decide.

    `item_id`, `author_id` and `ticket_id` are what it says of itself, true or not. `offset_seconds`: by how
    much the device's clock was behind.
    """

    __tablename__ = "sync_item"
    id: Mapped[Key]
    item_id: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[ItemKind] = mapped_column(word_column(ItemKind))
    state: Mapped[Custody] = mapped_column(word_column(Custody))
    reason: Mapped[str] = mapped_column(String(40), default="")
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("device.id"))
    author_id: Mapped[uuid.UUID | None]
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    survey_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("survey.id"), index=True)
    received_at: Mapped[datetime]
    device_time: Mapped[datetime | None]
    offset_seconds: Mapped[int | None]
    sealed: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    content: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNothing)
    outcome: Mapped[Outcome | None] = mapped_column(word_column(Outcome))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[LongText] = mapped_column(String(500), default="")
    device: Mapped[Device | None] = relationship()
    settled_by: Mapped[Staff | None] = relationship()

    __table_args__ = (
        UniqueConstraint("item_id", "sha256"),
        Index("ix_sync_item_state_received_at", "state", "received_at"),
    )
