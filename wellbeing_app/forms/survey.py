"""The survey form: a loop over the instrument, and the circumstances in which it was filled in.

What is typed travels as plain fields (`answer-<measure>`, `prompts-<measure>`, `note-<measure>` and the
circumstances), so that a draft can hold it unchecked and every view can show it again as it was. It is drawn
by macros and read by hand: as fields of WTForms, its fifty boxes would cost ten times as much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from wellbeing_app.forms import days
from wellbeing_app.forms.days import read_day
from wellbeing_app.instrument import INSTRUMENT, Measure
from wellbeing_app.model import Mode, Respondent
from wellbeing_app.services import answers
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.tickets import PAGE, PLACE, SEEN

Fields = dict[str, Any]
T = TypeVar("T")

CIRCUMSTANCES = (
    "completed_on",
    "date_reason",
    "mode",
    "respondent",
    "helper",
    "with_interpreter",
    "language",
)
OF_THE_DRAFT = (PAGE, SEEN, PLACE)
OF_A_CORRECTION = ("reason", "revision", "settles")

PROBLEMS = {
    **days.PROBLEMS,
    "missing": _l("Choose an answer, or one of the choices below the five."),
    "left_out": _l("Choose the answer that is most like you. To leave it out, choose one of the last three."),
    "two_answers": _l("Choose one answer only."),
    "not_an_answer": _l("That is not one of the answers. Choose one of those shown."),
    "unknown_prompt": _l("One of the ticked points is not on this form. Tick them again."),
    "unknown_measure": _l("The form has a question this app does not know. Open it again."),
    "note_too_long": _l("This note is too long. Use 2,000 characters or fewer, about 350 words."),
    "in_future": _l("This day has not come yet. Enter the day the answers were given."),
    "needed_before_referral": _l("The day is before the referral. Say why, or change the day."),
    "needed_before_baseline": _l("This follow-up is before the baseline. Say why, or change the day."),
    "date_reason_too_long": _l("This is too long. Use 500 characters or fewer."),
    "completed_on_missing": _l("Enter the day the answers were given, such as 27/3/2026."),
    "mode_missing": _l("Choose how the answers were given."),
    "respondent_missing": _l("Choose who answered."),
    "helper_missing": _l("Say who helped or answered, such as their daughter."),
    "helper_too_long": _l("This is too long. Use 200 characters or fewer."),
    "language_unknown": _l("Choose the language from the list."),
    "reason_missing": _l("Say in a few words what was wrong."),
    "reason_too_long": _l("This is too long. Use 500 characters or fewer."),
    "nothing_changed": _l("Nothing is different from what is saved. Put the slip right first."),
}


@dataclass(frozen=True)
class MeasureState:
    """One measure as typed, for the macro that draws it; `error` and `note_error` are keys of `PROBLEMS`."""

    value: str = ""
    prompts: tuple[str, ...] = ()
    note: str = ""
    error: str = ""
    note_error: str = ""
    earlier: int | None = None

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing that only one person would say."""
        return not self.prompts and not self.note


@dataclass(frozen=True)
class Circumstances:
    """When, how and by whom, as typed; `errors` pairs a field with a key of `PROBLEMS`."""

    completed_on: str = ""
    date_reason: str = ""
    mode: str = ""
    respondent: str = ""
    helper: str = ""
    with_interpreter: bool = False
    language: str = "en"
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing that only one person would say."""
        return not self.helper and not self.date_reason

    @property
    def has_real_day(self) -> bool:
        """Whether a date box can show the day, rather than swallow it."""
        return not self.completed_on or read_day(self.completed_on) is not None


def circumstances(fields: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> Circumstances:
    """The circumstances as typed, and what is wrong with them."""
    day = read_day(_text(fields, "completed_on"))
    return Circumstances(
        completed_on=day.isoformat() if day else _text(fields, "completed_on"),
        date_reason=_text(fields, "date_reason"),
        mode=_text(fields, "mode"),
        respondent=_text(fields, "respondent"),
        helper=_text(fields, "helper"),
        with_interpreter=bool(fields.get("with_interpreter")),
        language=_text(fields, "language") or "en",
        errors=tuple((name, code) for name, code in (problems or {}).items() if name in CIRCUMSTANCES),
    )


def typed(form: MultiDict[str, str]) -> Fields:
    """The fields of a survey among those that were sent, as they were typed."""
    fields: Fields = {
        name: form[name] for name in (*CIRCUMSTANCES, *OF_THE_DRAFT, *OF_A_CORRECTION) if name in form
    }
    for key in INSTRUMENT.keys:
        fields[f"answer-{key}"] = form.get(f"answer-{key}", "")
        fields[f"prompts-{key}"] = form.getlist(f"prompts-{key}")
        fields[f"note-{key}"] = form.get(f"note-{key}", "")
    return fields


def sent(fields: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Kept fields as a form sends them: each name with a value, several times where it has several."""
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        if name not in (*OF_THE_DRAFT, *OF_A_CORRECTION):
            pairs += [(name, one) for one in (value if isinstance(value, list) else [value]) if one]
    return pairs


def of_answers(given: SurveyAnswers) -> Fields:
    """Stored answers as the fields that would have made them."""
    fields: Fields = {
        "completed_on": given.completed_on.isoformat(),
        "date_reason": given.date_reason,
        "mode": given.mode.value,
        "respondent": given.respondent.value,
        "helper": given.helper,
        "with_interpreter": "y" if given.with_interpreter else "",
        "language": given.language,
    }
    for key in INSTRUMENT.keys:
        fields[f"answer-{key}"] = str(given.scores.get(key) or given.unanswered.get(key, ""))
        fields[f"prompts-{key}"] = list(given.prompts.get(key, []))
        fields[f"note-{key}"] = given.notes.get(key, "")
    return fields


def read(
    fields: Mapping[str, Any], today: date, referred_on: date, baseline_on: date | None = None
) -> tuple[SurveyAnswers, dict[str, str]]:
    """The answers the fields stand for, and what is wrong with them by field; with problems, save nothing.

    `referred_on` and `baseline_on`: as `surveys.not_before` tells them.
    """
    given, unreadable = parse(fields, today)
    return given, answers.problems_with(given, today, referred_on, baseline_on) | unreadable


def parse(fields: Mapping[str, Any], today: date) -> tuple[SurveyAnswers, dict[str, str]]:
    """The answers the fields stand for, and what could not be read; the rules are not asked yet."""
    unreadable: dict[str, str] = {}
    chosen = {key: str(fields.get(f"answer-{key}", "")).strip() for key in INSTRUMENT.keys}
    given = SurveyAnswers(
        scores={key: int(value) for key, value in chosen.items() if _is_number(value)},
        unanswered={key: value for key, value in chosen.items() if value and not _is_number(value)},
        prompts={key: fields.get(f"prompts-{key}", ()) for key in INSTRUMENT.keys},
        notes={key: _text(fields, f"note-{key}") for key in INSTRUMENT.keys},
        completed_on=_read(fields, "completed_on", _day, today, unreadable),
        date_reason=_text(fields, "date_reason"),
        mode=_read(fields, "mode", Mode, Mode.IN_PERSON, unreadable),
        respondent=_read(fields, "respondent", Respondent, Respondent.SELF, unreadable),
        helper=_text(fields, "helper"),
        with_interpreter=bool(fields.get("with_interpreter")),
        language=_text(fields, "language") or "en",
    )
    return given, unreadable


def _read(
    fields: Mapping[str, Any], name: str, kind: Callable[[str], T], instead: T, unreadable: dict[str, str]
) -> T:
    """The field as its kind; if it cannot be read, the problem is noted and something harmless stands in."""
    try:
        return kind(_text(fields, name))
    except ValueError:
        unreadable[name] = f"{name}_missing"
        return instead


def _day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise ValueError(text)
    return day


def states(
    fields: Mapping[str, Any],
    problems: Mapping[str, str] | None = None,
    earlier: Mapping[str, int] | None = None,
) -> list[tuple[Measure, MeasureState]]:
    """Each measure with what was typed, what is wrong with that, and the score of last time if shown."""
    problems, earlier = problems or {}, earlier or {}
    return [
        (
            measure,
            MeasureState(
                value=str(fields.get(f"answer-{measure.key}", "")),
                prompts=tuple(fields.get(f"prompts-{measure.key}", ())),
                note=_text(fields, f"note-{measure.key}"),
                error=problems.get(f"answer-{measure.key}", ""),
                note_error=problems.get(f"note-{measure.key}", ""),
                earlier=earlier.get(measure.key),
            ),
        )
        for measure in INSTRUMENT.measures
    ]


def apart(
    one: Mapping[str, Any], other: Mapping[str, Any]
) -> tuple[list[tuple[Measure, MeasureState]], list[tuple[Measure, MeasureState]]]:
    """The measures that two sets of fields say different things about, as each says them."""
    pairs = [(a, b) for a, b in zip(states(one), states(other), strict=True) if a != b]
    return [a for a, _b in pairs], [b for _a, b in pairs]


def answered(fields: Mapping[str, Any]) -> int:
    """How many measures have an answer of some kind."""
    return sum(bool(fields.get(f"answer-{key}")) for key in INSTRUMENT.keys)


def _text(fields: Mapping[str, Any], name: str) -> str:
    return str(fields.get(name, "")).strip()


def _is_number(value: str) -> bool:
    return re.fullmatch("-?[0-9]{1,9}", value) is not None
