"""A survey's answers before they are stored, and the rules they must keep, whichever door they use."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from wellbeing_app.instrument import INSTRUMENT, Instrument
from wellbeing_app.model import SCORE_COLUMNS, Mode, Respondent
from wellbeing_app.model.surveys import Answers
from wellbeing_app.services import clock
from wellbeing_app.services.text import readable

LONGEST_NOTE = 2000
LONGEST_HELPER = 200
LONGEST_REASON = 500
LONGEST_LANGUAGE = 12
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class SurveyAnswers:
    """One set of answers. Each measure has a score or a reason for having none.

    Made tidy when it is made, so that the same answers are equal, however they were typed or kept.
    """

    scores: Mapping[str, int]
    unanswered: Mapping[str, str]
    completed_on: date
    mode: Mode
    respondent: Respondent
    prompts: Mapping[str, Iterable[str]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    date_reason: str = ""
    helper: str = ""
    with_interpreter: bool = False
    language: str = "en"

    def __post_init__(self) -> None:
        tidied = {
            "scores": dict(self.scores),
            "unanswered": dict(self.unanswered),
            "prompts": {key: sorted(set(ticked)) for key, ticked in self.prompts.items() if ticked},
            "notes": {key: said for key, note in self.notes.items() if (said := readable(note).strip())},
            "date_reason": readable(self.date_reason).strip(),
            "helper": readable(self.helper).strip(),
        }
        for name, value in tidied.items():
            object.__setattr__(self, name, value)

    def digest(self) -> str:
        """The same for the same answers, and for no others (SHA-256)."""
        canonical = json.dumps(vars(self), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode(errors="backslashreplace")).hexdigest()

    def columns(self) -> dict[str, object]:
        """The answers as the columns of a survey row."""
        kept = {name: value for name, value in vars(self).items() if name != "scores"}
        return {key: self.scores.get(key) for key in SCORE_COLUMNS} | kept


def of_row(row: Answers) -> SurveyAnswers:
    """The answers a stored row holds."""
    return SurveyAnswers(
        scores=scores_of(row),
        unanswered=row.unanswered,
        prompts=row.prompts,
        notes=row.notes,
        completed_on=row.completed_on,
        date_reason=row.date_reason,
        mode=row.mode,
        respondent=row.respondent,
        helper=row.helper,
        with_interpreter=row.with_interpreter,
        language=row.language,
    )


def scores_of(row: Answers) -> dict[str, int]:
    """The scores a stored row holds, by measure; measures without one are left out."""
    return {key: score for key in SCORE_COLUMNS if (score := getattr(row, key)) is not None}


def problems_with(
    answers: SurveyAnswers,
    today: date,
    referred_on: date,
    baseline_on: date | None = None,
    instrument: Instrument = INSTRUMENT,
) -> dict[str, str]:
    """What is wrong, by field (`answer-<measure>`, `completed_on`, …); empty when all is well.

    `baseline_on`: for a follow-up, the day of the baseline that counts.
    """
    problems: dict[str, str] = {}
    for key in instrument.keys:
        problem = _problem_with_measure(answers, key, instrument)
        if problem:
            problems[f"answer-{key}"] = problem
    problems |= _unknown_keys(answers, instrument) | _too_long(answers)
    problems |= _problem_with_date(answers, today, referred_on, baseline_on)
    return problems | _problem_with_people(answers)


def _problem_with_measure(answers: SurveyAnswers, key: str, instrument: Instrument) -> str | None:
    score, reason = answers.scores.get(key), answers.unanswered.get(key)
    if score is None and reason is None:
        return "missing"
    if score is not None and reason is not None:
        return "two_answers"
    if score is not None and (isinstance(score, bool) or score not in instrument.values):
        return "not_an_answer"
    if reason is not None and reason not in {known.key for known in instrument.reasons}:
        return "not_an_answer"
    ticked = answers.prompts.get(key, ())
    return None if instrument.measure(key).prompt_keys.issuperset(ticked) else "unknown_prompt"


def _unknown_keys(answers: SurveyAnswers, instrument: Instrument) -> dict[str, str]:
    given = {*answers.scores, *answers.unanswered, *answers.prompts, *answers.notes}
    return {f"answer-{key}": "unknown_measure" for key in given - set(instrument.keys)}


def _too_long(answers: SurveyAnswers) -> dict[str, str]:
    problems = {
        f"note-{key}": "note_too_long" for key, note in answers.notes.items() if len(note) > LONGEST_NOTE
    }
    longest = {"helper": LONGEST_HELPER, "date_reason": LONGEST_REASON}
    return problems | {
        name: f"{name}_too_long" for name, most in longest.items() if len(getattr(answers, name)) > most
    }


def _problem_with_date(
    answers: SurveyAnswers, today: date, referred_on: date, baseline_on: date | None
) -> dict[str, str]:
    if problem := clock.problem_with(answers.completed_on, today):
        return {"completed_on": problem}
    if answers.date_reason:
        return {}
    if answers.completed_on < referred_on:
        return {"date_reason": "needed_before_referral"}
    if baseline_on is not None and answers.completed_on < baseline_on:
        return {"date_reason": "needed_before_baseline"}
    return {}


def _problem_with_people(answers: SurveyAnswers) -> dict[str, str]:
    problems = {}
    if answers.respondent is not Respondent.SELF and not answers.helper:
        problems["helper"] = "helper_missing"
    if not LANGUAGE_TAG.fullmatch(answers.language) or len(answers.language) > LONGEST_LANGUAGE:
        problems["language"] = "language_unknown"
    return problems
