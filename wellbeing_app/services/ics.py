"""Calendar files (RFC 5545): days and times as calendars read them. Names nobody by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
CALL_LASTS = timedelta(minutes=30)
PRODUCT = "-//Well-being survey//Follow-ups//EN"


@dataclass(frozen=True)
class Event:
    """`begins` and `ends` are both whole days, the last included, or both moments. `uid` names it forever."""

    uid: str
    title: str
    begins: date | datetime
    ends: date | datetime
    note: str = ""


def calendar(name: str, events: Iterable[Event], now: datetime) -> str:
    """The file's text, with the line ends that the format asks for."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    for event in events:
        lines += _event(event, now)
    return "".join(f"{folded}\r\n" for line in (*lines, "END:VCALENDAR") for folded in _folded(line))


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}@well-being-survey"
    yield f"DTSTAMP:{_moment(now)}"
    if isinstance(event.begins, datetime) and isinstance(event.ends, datetime):
        yield f"DTSTART:{_moment(event.begins)}"
        yield f"DTEND:{_moment(event.ends)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.begins:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.ends + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{_text(event.title)}"
    if event.note:
        yield f"DESCRIPTION:{_text(event.note)}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(written: str) -> str:
    for sign in ("\\", ";", ","):
        written = written.replace(sign, f"\\{sign}")
    return "\\n".join(written.splitlines())


def _folded(line: str) -> Iterator[str]:
    """No line is longer than 75 bytes; what goes on begins with a space. No letter is torn apart."""
    piece, room = "", LONGEST_LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", LONGEST_LINE - 1
        piece += letter
        room -= size
    yield piece
