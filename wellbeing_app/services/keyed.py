"""A paper form's answers as keys: one for each measure, in the order of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wellbeing_app.instrument import INSTRUMENT

KEYS: Final[Mapping[str, str]] = {
    **{str(point.value): str(point.value) for point in INSTRUMENT.points},
    "7": "not_applicable",
    "8": "dont_know",
    "9": "declined",
    "0": "not_asked",
    "?": "unreadable",
}
"""What each key stands for: a score, or why there is none."""
BACK: Final = {value: key for key, value in KEYS.items()}


def read(typed: str) -> dict[str, str]:
    """The answers that were typed, by measure; fewer if fewer keys were. Other characters are passed over."""
    known = [KEYS[key] for key in typed if key in KEYS]
    return dict(zip(INSTRUMENT.keys, known, strict=False))


def too_many(typed: str) -> bool:
    """Whether there are more keys than measures."""
    return sum(key in KEYS for key in typed) > len(INSTRUMENT.keys)


def of_answers(given: Mapping[str, str]) -> str:
    """The keys for these answers, up to the first that is missing."""
    keys = ""
    for measure in INSTRUMENT.keys:
        if given.get(measure) not in BACK:
            break
        keys += BACK[given[measure]]
    return keys
