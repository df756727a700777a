"""The shared vectors of the form's rules, and fields made up at random, for Python and the browser alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from wellbeing_app.forms.survey import read
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Respondent

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "rules.json").read_text())
KNOWN = {
    "measures": {
        measure.key: {
            "answers": [*map(str, INSTRUMENT.values), *(reason.key for reason in INSTRUMENT.reasons)],
            "prompts": [prompt.key for prompt in measure.prompts],
        }
        for measure in INSTRUMENT.measures
    },
    "modes": list(Mode),
    "respondents": list(Respondent),
}
DAYS = ["", "2026-11-21", "2026-11-22", "2026-10-01", "2026-09-30", "2026-10-19", "2025-02-29", "0026-01-01"]
NAMES = ["", " ", "Her son", "x" * 200, "x" * 201, "\u202e", "🙂" * 200, "\ud800"]
ANSWERS = ["", "0", "1", "5", "6", "03", "-3", "declined", "not_asked", "nonsense", " 2 ", "12345678901"]


def cases() -> Iterator[tuple[str, dict[str, Any], dict[str, Any], dict[str, str]]]:
    """Each vector: its name, the whole form's fields, the days that matter, and what is wrong."""
    for case in VECTORS["cases"]:
        fields = whole() | {
            _named(name, case): _written_out(value, name) for name, value in case["change"].items()
        }
        problems = {_named(name, case): code for name, code in case["problems"].items()}
        yield case["name"], fields, {**VECTORS["when"], **case["when"]}, problems


def whole() -> dict[str, Any]:
    """A form with nothing wrong in it."""
    circumstances = dict(VECTORS["whole"])
    answer = circumstances.pop("answers")
    return {f"answer-{key}": answer for key in INSTRUMENT.keys} | circumstances


def made_up(number: int, seed: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Forms with anything in them, and days that matter."""
    chance = Random(seed)
    return [(_any_fields(chance), _any_days(chance)) for _ in range(number)]


def by_python(fields: dict[str, Any], when: dict[str, Any]) -> dict[str, str]:
    """What the server finds wrong."""
    days = {name: date.fromisoformat(day) if day else None for name, day in when.items()}
    assert days["today"]
    assert days["referred_on"]
    return read(fields, days["today"], days["referred_on"], days["baseline_on"])[1]


def _any_fields(chance: Random) -> dict[str, Any]:
    fields: dict[str, Any] = whole()
    for measure in INSTRUMENT.measures:
        if chance.random() < 0.3:
            fields[f"answer-{measure.key}"] = chance.choice(ANSWERS)
            fields[f"prompts-{measure.key}"] = chance.sample([measure.prompts[0].key, "nonsense"], 1)
            fields[f"note-{measure.key}"] = chance.choice(["", "x" * 2001, "x\r\n" * 1000, "یہ" * 1000])
    mostly = {
        "completed_on": DAYS,
        "date_reason": [*NAMES, "x" * 501],
        "mode": ["", "telephone", "nonsense"],
        "respondent": ["", "self", "proxy", "self_with_help"],
        "helper": NAMES,
        "language": ["", "ur", "pa-Arab", "English", "x", "en-GB-oxendict"],
    }
    return fields | {name: chance.choice(values) for name, values in mostly.items() if chance.random() < 0.4}


def _any_days(chance: Random) -> dict[str, Any]:
    return {
        "today": "2026-11-21",
        "referred_on": chance.choice(["2026-10-01", "2026-11-25"]),
        "baseline_on": chance.choice([None, "2026-10-20"]),
    }


def _named(name: str, case: dict[str, Any]) -> str:
    kind, _, number = name.partition("-")
    return f"{kind}-{INSTRUMENT.keys[int(number) - 1]}" if number else name


def _written_out(value: Any, name: str) -> Any:
    """Long texts stand in the file as what is repeated, and a known prompt by that name."""
    if isinstance(value, dict):
        return value["of"] * value["times"]
    if isinstance(value, list):
        known = INSTRUMENT.measures[int(name[-1]) - 1].prompts[0].key
        return [known if one == "a known prompt" else one for one in value]
    return value
