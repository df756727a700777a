"""The survey form: a loop over the instrument, and the circumstances in which it was filled in.

What is typed travels as plain fields (`answer-<measure>`, `prompts-<measure>`, `note-<measure>` and the
circumstances), so that a draft can hold it unchecked and every view can show it again as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from wellbeing_app.forms.base import Form
from wellbeing_app.forms.labels import choices
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Respondent
from wellbeing_app.services import answers
from wellbeing_app.services.answers import LONGEST_NOTE, SurveyAnswers

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
LONGEST_KEPT = LONGEST_NOTE * 2

PROBLEMS = {
    "missing": _l("Choose an answer, or one of the choices below the five."),
    "two_answers": _l("Choose one answer only."),
    "not_an_answer": _l("That is not one of the answers. Choose one of those shown."),
    "unknown_prompt": _l("One of the ticked points is not on this form. Tick them again."),
    "unknown_measure": _l("The form has a question this app does not know. Open it again."),
    "too_long": _l("Please use fewer words."),
    "in_future": _l("This day has not come yet. Enter the day the questions were answered."),
    "needed_before_referral": _l("This day is before the referral. Say why, or change the day."),
    "completed_on_missing": _l("Enter the day the questions were answered, such as 27/03/2026."),
    "mode_missing": _l("Choose how the questions were answered."),
    "respondent_missing": _l("Choose who answered."),
    "helper_missing": _l("Say who helped or answered, such as their daughter."),
    "reason_missing": _l("Say in a few words what was wrong."),
}


class CircumstancesForm(Form):
    """When, how and by whom the questions were answered."""

    completed_on = DateField(_l("Day the questions were answered"))
    date_reason = StringField(_l("If that is before the referral, why"))
    mode = RadioField(_l("How"), choices=lambda: choices(Mode))
    respondent = RadioField(_l("Who answered"), choices=lambda: choices(Respondent))
    helper = StringField(_l("Who helped, or answered for them"))
    with_interpreter = BooleanField(_l("An interpreter was there"))
    language = SelectField(_l("Language of the questions"))

    def speak(self, languages: Mapping[str, str]) -> None:
        """Offer these languages: codes with their names."""
        self.language.choices = [SelectChoice(code, name) for code, name in languages.items()]


class CorrectionForm(CircumstancesForm):
    """The same, with why it is changed; `revision` is the one that was being looked at."""

    reason = TextAreaField(_l("What was wrong, in a few words"))
    revision = HiddenField()


@dataclass(frozen=True)
class MeasureState:
    """One measure as typed, for the macro that draws it."""

    value: str = ""
    prompts: list[str] = field(default_factory=list)
    note: str = ""
    error: Any = None
    earlier: int | None = None


def typed(form: MultiDict[str, str]) -> Fields:
    """The fields of a survey among those that were sent, as they were typed."""
    fields: Fields = {name: form[name][:LONGEST_KEPT] for name in CIRCUMSTANCES if name in form}
    for key in INSTRUMENT.keys:
        fields[f"answer-{key}"] = form.get(f"answer-{key}", "")[:40]
        fields[f"prompts-{key}"] = [ticked[:80] for ticked in form.getlist(f"prompts-{key}")[:20]]
        fields[f"note-{key}"] = form.get(f"note-{key}", "")[:LONGEST_KEPT]
    return fields


def as_form(fields: Mapping[str, Any]) -> MultiDict[str, str]:
    """Kept fields as a form would have sent them."""
    return MultiDict({name: value for name, value in fields.items() if value not in ("", [], None)})


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


def read(fields: Mapping[str, Any], today: date, referred_on: date) -> tuple[SurveyAnswers, dict[str, str]]:
    """The answers the fields stand for, and what is wrong with them by field; with problems, save nothing."""
    problems: dict[str, str] = {}
    chosen = {key: str(fields.get(f"answer-{key}", "")) for key in INSTRUMENT.keys}
    given = SurveyAnswers(
        scores={key: int(value) for key, value in chosen.items() if _is_number(value)},
        unanswered={key: value for key, value in chosen.items() if value and not _is_number(value)},
        prompts={
            key: ticked for key in INSTRUMENT.keys if (ticked := list(fields.get(f"prompts-{key}", [])))
        },
        notes={key: note for key in INSTRUMENT.keys if (note := _text(fields, f"note-{key}"))},
        completed_on=_read(fields, "completed_on", date.fromisoformat, today, problems),
        date_reason=_text(fields, "date_reason"),
        mode=_read(fields, "mode", Mode, Mode.IN_PERSON, problems),
        respondent=_read(fields, "respondent", Respondent, Respondent.SELF, problems),
        helper=_text(fields, "helper"),
        with_interpreter=bool(fields.get("with_interpreter")),
        language=str(fields.get("language", "en")),
    )
    return given, answers.problems_with(given, today, referred_on) | problems


def _read(
    fields: Mapping[str, Any], name: str, kind: Callable[[str], T], instead: T, problems: dict[str, str]
) -> T:
    """The field as its kind; if it cannot be read, the problem is noted and something harmless stands in."""
    try:
        return kind(str(fields.get(name, "")))
    except ValueError:
        problems[name] = f"{name}_missing"
        return instead


def states(
    fields: Mapping[str, Any],
    problems: Mapping[str, str] | None = None,
    earlier: Mapping[str, int] | None = None,
) -> list[tuple[Any, MeasureState]]:
    """Each measure with what was typed, what is wrong with that, and the score of last time if shown."""
    problems, earlier = problems or {}, earlier or {}
    return [
        (
            measure,
            MeasureState(
                str(fields.get(f"answer-{measure.key}", "")),
                list(fields.get(f"prompts-{measure.key}", [])),
                _text(fields, f"note-{measure.key}"),
                _problem(problems, measure.key),
                earlier.get(measure.key),
            ),
        )
        for measure in INSTRUMENT.measures
    ]


def answered(fields: Mapping[str, Any]) -> int:
    """How many measures have an answer of some kind."""
    return sum(bool(fields.get(f"answer-{key}")) for key in INSTRUMENT.keys)


def _problem(problems: Mapping[str, str], key: str) -> Any:
    code = problems.get(f"answer-{key}") or problems.get(f"note-{key}")
    return PROBLEMS[code] if code else None


def _text(fields: Mapping[str, Any], name: str) -> str:
    return str(fields.get(name, "")).strip()


def _is_number(value: str) -> bool:
    return value.isascii() and value.lstrip("-").isdigit()
