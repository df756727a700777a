"""Files that people came in from: what was read how, and what it made, so that it can be undone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from wellbeing_app.model.base import Base, Key
from wellbeing_app.model.staff import Staff


class ImportBatch(Base):
    """One file. `content` is kept until it is taken in or let go; `mapping` says which column means what.

    Rows that it made carry its id in `import_batch_id`. No foreign key: SQLite would build four tables anew.
    """

    __tablename__ = "import_batch"
    id: Mapped[Key]
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    committed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    people: Mapped[int] = mapped_column(default=0)
    episodes: Mapped[int] = mapped_column(default=0)
    surveys: Mapped[int] = mapped_column(default=0)
    by: Mapped[Staff] = relationship()
