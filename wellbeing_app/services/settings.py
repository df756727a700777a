"""The service's own choices, each with a default that lets the first survey be taken at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.evaluation.disclosure import FLOOR
from wellbeing_app.model import Pathway, Purpose, ServiceRecord
from wellbeing_app.services import audit, clock, due, schedules
from wellbeing_app.services.access import Actor, require
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.followups import USUAL_MONTHS, Schedule
from wellbeing_app.services.policy import Action

LOGO_TYPES: Mapping[str, bytes] = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
LARGEST_LOGO = 200_000
WIDEST_LOGO = 5_000


@dataclass(frozen=True)
class HelpLine:
    """Somebody to turn to: who, the number as dialled, and when or how."""

    who: str
    number: str
    note: str = ""


@dataclass(frozen=True)
class ServiceSettings:
    """What an administrator may choose. An empty text means the app's own (translated) wording."""

    name: str = ""
    help_text: str = ""
    help_lines: tuple[HelpLine, ...] = ()
    agreements: Mapping[str, str] = field(default_factory=dict)
    safety_contact: str = ""
    hide_earlier_scores: bool = True
    first_name_at_handover: bool = False
    default_language: str = "en"
    follow_up_months: Mapping[Pathway, tuple[int, int]] = field(default_factory=lambda: dict(USUAL_MONTHS))
    repeat_after: int = 0
    type_twice: bool = False
    typed_again: int = 5
    smallest_shared: int = FLOOR
    referral_terms: str = ""
    version: int = 0
    has_logo: bool = False

    def agreement(self, purpose: Purpose) -> str:
        """The service's wording for this purpose, or "" for the app's own."""
        return self.agreements.get(purpose, "")

    @property
    def schedule(self) -> Schedule:
        """When follow-ups are meant to be."""
        return schedules.of(vars(self))


CHOICES = tuple(item.name for item in fields(ServiceSettings) if item.name not in ("version", "has_logo"))
_RECORD = cast(Table, ServiceRecord.__table__).c
# Every page asks this, so it asks the table.
_READ = select(_RECORD.choices, _RECORD.version, _RECORD.logo_type)


def read(db: Session) -> ServiceSettings:
    """The settings as they stand."""
    row = db.execute(_READ).one_or_none()
    if row is None:
        return ServiceSettings()
    choices, version, logo_type = row
    lines = tuple(HelpLine(**line) for line in choices.get("help_lines", ()))
    kept = {name: value for name, value in choices.items() if name in CHOICES}
    typed = {"help_lines": lines, "follow_up_months": dict(schedules.of(choices).months)}
    return ServiceSettings(**{**kept, **typed}, version=version, has_logo=logo_type is not None)


def change(db: Session, actor: Actor, changed: ServiceSettings) -> None:
    """Save all choices; raises `Superseded` if somebody saved since `changed.version` was read.

    With other windows for follow-ups, what is due is counted again for everybody.
    """
    require(actor, Action.MANAGE_SERVICE)
    before = read(db)
    if before.version != changed.version:
        raise Superseded(before)
    try:
        with db.begin_nested():
            record = _record(db)
            if record.version not in (None, changed.version):
                raise Superseded(read(db))
            record.choices = {name: value for name, value in asdict(changed).items() if name in CHOICES}
            record.changed_at = clock.now()
    except (StaleDataError, IntegrityError) as lost_race:
        raise Superseded(read(db)) from lost_race
    differing = [name for name in CHOICES if getattr(before, name) != getattr(changed, name)]
    audit.record(db, actor, "service_settings_changed", fields=differing)
    if before.schedule != changed.schedule:
        due.rebuild(db)


def set_logo(db: Session, actor: Actor, content: bytes | None) -> None:
    """Keep a PNG or JPEG as the logo, or remove it; raises `Invalid` for anything else or over 200 kB."""
    require(actor, Action.MANAGE_SERVICE)
    kind = None if content is None else _logo_type(content)
    record = _record(db)
    record.logo, record.logo_type, record.changed_at = content, kind, clock.now()
    audit.record(db, actor, "logo_changed", removed=content is None)


def logo(db: Session) -> tuple[bytes, str] | None:
    """The logo and its media type."""
    query = select(ServiceRecord.logo, ServiceRecord.logo_type).where(ServiceRecord.logo.is_not(None))
    row = db.execute(query).one_or_none()
    return (row[0] or b"", row[1] or "") if row is not None else None


def _logo_type(content: bytes) -> str:
    if not content:
        raise Invalid({"logo": "required"})
    if len(content) > LARGEST_LOGO:
        raise Invalid({"logo": "too_large"})
    media_type = next((name for name, start in LOGO_TYPES.items() if content.startswith(start)), None)
    if media_type is None:
        raise Invalid({"logo": "not_a_picture"})
    from wellbeing_app.services import pictures  # with it comes Pillow, which is for this alone

    if not pictures.can_be_shown(content, WIDEST_LOGO):
        raise Invalid({"logo": "broken_picture"})
    return media_type


def _record(db: Session) -> ServiceRecord:
    record = db.get(ServiceRecord, 1)
    if record is None:
        record = ServiceRecord(id=1, choices={}, changed_at=clock.now())
        db.add(record)
    return record
