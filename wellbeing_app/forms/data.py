"""Which data to take out, and how a file that comes in is to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField

from wellbeing_app.forms.base import Form, Unmarked, required
from wellbeing_app.forms.labels import choices
from wellbeing_app.model import Pathway
from wellbeing_app.services.levels import Level

LEVELS: Mapping[Level, Any] = {
    Level.FULL: _l("Everything, with names and notes"),
    Level.NO_FREE_TEXT: _l("Without what somebody wrote: no notes, reasons, referrers or helpers"),
    Level.NO_IDENTIFIERS: _l(
        "For research: no names, references or days; random names that are good for one file; "
        "only people who agreed to the use for evaluation"
    ),
    Level.AGGREGATE: _l("Numbers only: the figures, small ones kept back"),
}
KINDS: Mapping[str, Any] = {
    "csv_long": _l("CSV, a row for each answer. This one can be taken in again"),
    "csv_wide": _l("CSV, a row for each episode, baseline and follow-up side by side"),
    "xlsx_long": _l("Excel, a row for each answer, with the codebook"),
    "xlsx_wide": _l("Excel, a row for each episode, with the codebook"),
    "statistics": _l("For SPSS, PSPP and R: both CSV files, the codebook, and scripts that load them"),
    "json": _l("JSON"),
    "fhir": _l("FHIR R4, for other systems"),
}
PROBLEMS: Mapping[str, Any] = {
    "required": _l("This is needed."),
    "not_a_day": _l("This is no day. Write it like 2026-11-21 or 21/11/2026."),
    "not_a_time": _l("This is no time of day. Write it like 09:30."),
    "not_days_of_the_week": _l("Write days of the week as numbers: 135 for Monday, Wednesday and Friday."),
    "not_yes_or_no": _l("Write yes or no."),
    "not_a_number": _l("This is no whole number."),
    "not_a_score": _l("A score is 1, 2, 3, 4 or 5."),
    "score_missing": _l("The status says that it was answered, but there is no score."),
    "score_and_reason": _l("There is a score and also a reason for having none."),
    "unknown_word": _l("This word is not known here. docs/data.md lists those that are."),
    "unknown_measure": _l("No part of the questionnaire is called this."),
    "unknown_prompt": _l("This measure has no such prompt."),
    "unknown_cluster": _l("The care cluster is 4, 7 or 11."),
    "not_activities": _l("This is no list of activities as the export writes it. docs/data.md says how."),
    "not_modes": _l("Write how it was asked at first, and until how many measures: in_person:3."),
    "answered_twice": _l("This measure was answered further up for the same survey."),
    "too_long": _l("This text is too long."),
    "in_future": _l("This day is in the future."),
    "year_not_full": _l("This day is long ago. Write the year in full."),
    "too_far_ahead": _l("This day is too far ahead."),
    "before_referral": _l("This is before the referral."),
    "needed_before_referral": _l("The survey is before the referral: say why, in a column date_reason."),
    "needed_before_baseline": _l("The follow-up is before the baseline: say why, in a column date_reason."),
    "only_mental_health": _l("Only the mental health pathway has a care cluster."),
    "unlikely": _l("This day of birth is unlikely."),
    "before_from": _l("This is before the time it begins."),
    "language_unknown": _l("Write the language as a code such as en or ur."),
    "may_be_here": _l("Somebody here has the same name and day of birth."),
    "twice_in_file": _l("Somebody further up has the same name and day of birth."),
}
OTHER_PROBLEM = _l("This cannot be taken in.")
UNREADABLE: Mapping[str, Any] = {
    "not_a_table": _l("This is no table that can be read. Save it as CSV or as an Excel workbook."),
    "no_headings": _l("The first row must hold the headings of the columns."),
    "file_too_large": _l("This file is too large to be sent like this. The machine’s owner can take it in."),
    "required": _l("Choose a file."),
}


class ExportForm(Form):
    """How much, and as what."""

    level = RadioField(_l("How much"), validators=[required(_l("Choose how much."))])
    what = RadioField(
        _l("As what"), default="csv_long", validators=[required(_l("Choose what kind of file."))]
    )

    def offer(self, levels: Iterable[Level]) -> None:
        """Only what this reader may have."""
        self.level.choices = [(level.value, LEVELS[level]) for level in levels]
        self.what.choices = list(KINDS.items())


class UploadForm(Form):
    """A file."""

    file = FileField(_l("A CSV file or a workbook"), validators=[Unmarked()])


class ReadingForm(Form):
    """What the file does not say. What its columns mean is asked beside each of them."""

    pathway = SelectField(_l("Pathway, where a row has none"), choices=[], validators=[Unmarked()])
    advisor_id = SelectField(
        _l("Advisor, where a row names none who is known here"), choices=[], validators=[Unmarked()]
    )
    agreed = BooleanField(_l("They agreed to the use of their answers for evaluation"))
    with_likely = BooleanField(_l("Take in also those who may be here already"))

    def offer(self, advisors: Sequence[tuple[str, str]]) -> None:
        """The choices of today."""
        self.pathway.choices = choices(Pathway)
        self.advisor_id.choices = [("", _l("An account that cannot sign in")), *advisors]


def in_words(code: str) -> Any:
    """What is wrong with a row, and what to do."""
    return PROBLEMS.get(code, OTHER_PROBLEM)
