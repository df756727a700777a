"""The trail: a row for every write and for every read of a person's record, in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from wellbeing_app.model import AuditEntry, ServiceUser, Staff
from wellbeing_app.services import bulk, clock

if TYPE_CHECKING:
    from wellbeing_app.services.access import Actor

PAGE = 100
ABOUT_ACCOUNTS = (
    "signed_in",
    "signed_out",
    "sign_in_failed",
    "session_ended",
    "other_sessions_ended",
    "password_chosen",
    "password_changed",
    "invited",
    "link_made",
    "staff_edited",
    "service_settings_changed",
    "logo_changed",
    "not_allowed",
    "device_enrolled",
    "device_revoked",
    "device_restored",
    "device_wipe_asked",
    "device_wipe_called_off",
    "device_loss_seen",
    "device_wiped",
    "intake_key_made",
)
# Into the table, not through the class: no object is made, and it takes half as long.
_INSERT = insert(cast(Table, AuditEntry.__table__))


def record(
    db: Session,
    actor: Actor | None,
    action: str,
    *,
    person: uuid.UUID | None = None,
    subject: str = "",
    **detail: Any,
) -> None:
    """Add one row. `detail` may say which fields changed, never what an answer was."""
    db.execute(_INSERT, entry(actor.id if actor else None, action, person, subject, detail))


def entry(
    actor_id: uuid.UUID | None, action: str, person: uuid.UUID | None, subject: str, detail: Mapping[str, Any]
) -> dict[str, object]:
    """A row for `record_all`."""
    return {
        "id": uuid.uuid4(),
        "at": clock.now(),
        "actor_id": actor_id,
        "action": action,
        "service_user_id": person,
        "subject": subject,
        "detail": dict(detail),
    }


def record_all(db: Session, entries: Sequence[dict[str, object]]) -> None:
    """Add many rows at once."""
    bulk.insert_rows(db, AuditEntry, entries)


def record_many(
    db: Session, actor: Actor | None, action: str, about: Iterable[tuple[uuid.UUID, str]], **detail: Any
) -> None:
    """The same for many people at once: a row for each person and subject."""
    shared = {"at": clock.now(), "actor_id": actor.id if actor else None, "action": action, "detail": detail}
    rows = [
        {"id": uuid.uuid4(), "service_user_id": person, "subject": subject, **shared}
        for person, subject in about
    ]
    bulk.insert_rows(db, AuditEntry, rows)


@dataclass(frozen=True)
class Line:
    """One row of the trail, with names in place of ids."""

    at: datetime
    who: str | None
    action: str
    reference: str | None
    detail: dict[str, Any]
    subject: str


def of_people(
    db: Session, service_user_ids: Collection[uuid.UUID], before: datetime | None = None
) -> Sequence[Line]:
    """The latest rows about these people, newest first, a page at a time."""
    return _lines(db, AuditEntry.service_user_id.in_(service_user_ids), before)


def of_accounts(db: Session, before: datetime | None = None) -> Sequence[Line]:
    """The latest rows that are about accounts and settings, not about anybody's record."""
    return _lines(db, AuditEntry.action.in_(ABOUT_ACCOUNTS), before)


def _lines(db: Session, which: Any, before: datetime | None) -> Sequence[Line]:
    entry = AuditEntry
    query = (
        select(entry.at, Staff.name, entry.action, ServiceUser.reference, entry.detail, entry.subject)
        .outerjoin(Staff, Staff.id == AuditEntry.actor_id)
        .outerjoin(ServiceUser, ServiceUser.id == AuditEntry.service_user_id)
        .where(which)
        .order_by(AuditEntry.at.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(AuditEntry.at < before)
    return [Line(*row) for row in db.execute(query)]
