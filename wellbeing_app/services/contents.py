"""What was in a sealed box, read forgivingly: what cannot be read is for somebody to look at, not an error.

Devices are updated when they can be, so the present schema and the two before it are read.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import ItemKind, Mode, Respondent
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.modes import Change
from wellbeing_app.services.text import readable, readable_name

SCHEMA = 1
OLDEST_SCHEMA = max(1, SCHEMA - 2)
LONGEST_CONCERN = 5000
LONGEST_TOLD = 200
DEEPEST = 8
MOST_CHANGES = 20
FLAGS = uuid.UUID("5d0ad5a0-6d1f-4b57-9a0e-3d9d6f0f4a11")


class NotUnderstood(Exception):
    """The content is not of a schema that is read; the message is the reason to hold it for."""


@dataclass(frozen=True)
class Stranger:
    """Who somebody is whose visit was not packed, as typed on the device."""

    first_name: str
    last_name: str = ""
    date_of_birth: date | None = None
    reference: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Concern:
    """A safety flag raised on the device."""

    concern: str
    told: str
    flag_id: uuid.UUID


@dataclass(frozen=True)
class Contents:
    """What a box says. `given` is None for a flag raised alone; `finished_at` is by the device's clock."""

    kind: ItemKind
    author_id: uuid.UUID | None
    device_id: uuid.UUID | None
    ticket_id: uuid.UUID | None
    stranger: Stranger | None
    occasion: str
    instrument_version: str
    given: SurveyAnswers | None
    concern: Concern | None
    finished_at: datetime | None
    modes: Sequence[Change] = ()


def read(plain: Mapping[str, Any]) -> Contents:
    """The content of a box; raises `NotUnderstood`."""
    schema = plain.get("schema")
    reader = READERS.get(schema) if isinstance(schema, int) else None
    if reader is None or not isinstance(schema, int) or schema < OLDEST_SCHEMA:
        raise NotUnderstood("other_schema")
    try:
        return reader(plain)
    except (KeyError, TypeError, ValueError, AttributeError) as odd:
        raise NotUnderstood("not_understood") from odd


def tidy(value: Any, depth: int = 0) -> Any:
    """The same, so that any database can hold it; what is nested deeper than anything of ours is left out."""
    if isinstance(value, str):
        return readable(value)
    if depth > DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {readable(str(key)): tidy(item, depth + 1) for key, item in value.items()}
    return [tidy(item, depth + 1) for item in value] if isinstance(value, list) else value


def _read_first(plain: Mapping[str, Any]) -> Contents:
    kind = ItemKind(plain["kind"])
    return Contents(
        kind=kind,
        author_id=as_id(plain.get("author")),
        device_id=as_id(plain.get("device")),
        ticket_id=as_id(plain.get("ticket")),
        stranger=_stranger(plain.get("person")),
        occasion=_text(plain.get("occasion"))[:24],
        instrument_version=_text(plain.get("instrument_version")),
        given=_answers(plain) if kind is ItemKind.SURVEY else None,
        concern=_concern(plain if kind is ItemKind.FLAG else plain.get("flag"), plain),
        finished_at=_moment(plain.get("finished_at")),
        modes=_modes(plain.get("modes")),
    )


READERS: dict[int, Callable[[Mapping[str, Any]], Contents]] = {1: _read_first}


def _answers(plain: Mapping[str, Any]) -> SurveyAnswers:
    answered = dict(plain["answers"])
    return SurveyAnswers(
        scores={key: score for key, score in answered.items() if not isinstance(score, str)},
        unanswered={key: reason for key, reason in answered.items() if isinstance(reason, str)},
        prompts={key: [_text(one) for one in ticked] for key, ticked in (plain.get("prompts") or {}).items()},
        notes={key: _text(note) for key, note in (plain.get("notes") or {}).items()},
        completed_on=date.fromisoformat(plain["completed_on"]),
        date_reason=_text(plain.get("date_reason")),
        mode=Mode(plain["mode"]),
        respondent=Respondent(plain["respondent"]),
        helper=_text(plain.get("helper")),
        with_interpreter=plain.get("with_interpreter") is True,
        language=_text(plain.get("language")) or "en",
    )


def _modes(plain: object) -> Sequence[Change]:
    """How it was done before, by the device's clock; what makes no sense is left out, the answers count."""
    said = (
        [one for one in plain[:MOST_CHANGES] if isinstance(one, Mapping)] if isinstance(plain, list) else []
    )
    read = [(one.get("mode"), one.get("answered"), _moment(one.get("at"))) for one in said]
    return [
        Change(Mode(mode), answered, at)
        for mode, answered, at in read
        if mode in set(Mode) and isinstance(answered, int) and 0 < answered < len(INSTRUMENT.keys) and at
    ]


def _stranger(plain: Mapping[str, Any] | None) -> Stranger | None:
    if not plain:
        return None
    born = _text(plain.get("date_of_birth"))
    return Stranger(
        first_name=readable_name(_text(plain.get("first_name")))[:200],
        last_name=readable_name(_text(plain.get("last_name")))[:200],
        date_of_birth=date.fromisoformat(born) if born else None,
        reference=_text(plain.get("reference")).strip()[:40],
        telephone=_text(plain.get("telephone")).strip()[:40],
    )


def _flag_id(plain: Mapping[str, Any]) -> uuid.UUID:
    """The flag's own; else one made of the item's, so that it is always the same."""
    return as_id(plain.get("flag_id")) or uuid.uuid5(FLAGS, _text(plain["id"]))


def _concern(plain: Mapping[str, Any] | None, item: Mapping[str, Any]) -> Concern | None:
    words = readable(_text((plain or {}).get("concern"))).strip()
    if not plain or not words:
        return None
    told = readable(_text(plain.get("told"))).strip()
    return Concern(words[:LONGEST_CONCERN], told[:LONGEST_TOLD], _flag_id(item))


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def as_id(value: object) -> uuid.UUID | None:
    """The id that a text is, or None."""
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
