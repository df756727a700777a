"""Whether the app can do its work."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.model import ServiceRecord


def ask_database(db: Session) -> None:
    """Raise if the database does not answer, or has no tables yet."""
    db.execute(select(ServiceRecord.id).limit(1)).all()
