"""Who did what to which record, when: one row for every write, and for every read of a person's record."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wellbeing_app.model.base import Base, Key


class AuditEntry(Base):
    """`detail` says what kind of change, never the answers themselves."""

    __tablename__ = "audit_entry"
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    action: Mapped[str] = mapped_column(String(60))
    service_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_user.id"))
    subject: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (
        Index("ix_audit_entry_service_user_at", "service_user_id", "at"),
        Index("ix_audit_entry_actor_at", "actor_id", "at"),
    )
