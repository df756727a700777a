"""Text that any database can hold and any page can show."""

from __future__ import annotations

import re

NEW_LINE = re.compile(r"\r\n?")
# Controls but tab and new line, halves of a pair that stand alone, and the two that are no characters.
# And what turns the direction of all that follows, so that a page would show something else than it says.
UNREADABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
DIRECTION_MARKS = re.compile(r"[\u061c\u200e\u200f]")
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def readable(text: str) -> str:
    """The text without what nobody can read: PostgreSQL refuses some of it, and a page shows none of it."""
    return UNREADABLE.sub("", NEW_LINE.sub("\n", text))


def readable_name(name: str) -> str:
    """A name, also without the marks of direction that are right in a text. What joins letters stays."""
    return DIRECTION_MARKS.sub("", readable(name)).strip()


def isolated(name: str) -> str:
    """A name whose direction changes nothing around it, for a sentence where no <bdi> can stand."""
    return f"{FIRST_STRONG_ISOLATE}{name}{POP_ISOLATE}"
