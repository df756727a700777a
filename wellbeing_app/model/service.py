"""The service's own choices, one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from wellbeing_app.model.base import Base


class ServiceRecord(Base):
    """What an administrator chose; whatever is not in `choices` has its default in `services.settings`."""

    __tablename__ = "service_record"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    logo_type: Mapped[str | None] = mapped_column(String(40))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
