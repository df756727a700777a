"""One rule for every text in a cell: no spreadsheet takes it for a formula, and nothing of it gets lost."""

from __future__ import annotations

import re

BEGINS_FORMULA = "=+\\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−|"
BLANKS = (
    "\\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
ACTIVE = re.compile(f"'*[{BLANKS}]*[{BEGINS_FORMULA}]")
QUOTED = re.compile(f"'+[{BLANKS}]*[{BEGINS_FORMULA}]")


def cell(text: str) -> str:
    """The text, behind an apostrophe where it begins like a formula: also after blanks, also full width.

    A text that has such an apostrophe of its own gets another, so that `uncell` gives back what was there.
    """
    if not text or text[0].isalnum():
        return text
    return "'" + text if ACTIVE.match(text) else text


def uncell(text: str) -> str:
    """What `cell` was given."""
    return text[1:] if text[:1] == "'" and QUOTED.match(text) else text
