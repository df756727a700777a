"""Text that any database can hold and any page can show."""

from __future__ import annotations

import re

NEW_LINE = re.compile(r"\r\n?")
# Controls but tab and new line, halves of a pair that stand alone, and the two that are no characters.
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def readable(text: str) -> str:
    """The text without what nobody can read: PostgreSQL refuses some of it, and a page shows none of it."""
    return UNREADABLE.sub("", NEW_LINE.sub("\n", text))
