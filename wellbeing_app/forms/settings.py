"""The form of the service's own choices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import wtforms
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from wellbeing_app.evaluation.disclosure import FLOOR
from wellbeing_app.forms.base import Form, Unmarked, at_most, required
from wellbeing_app.forms.labels import label
from wellbeing_app.forms.messages import Messages
from wellbeing_app.model import Pathway, Purpose
from wellbeing_app.services.followups import USUAL_MONTHS
from wellbeing_app.services.settings import HelpLine, ServiceSettings

HELP_LINES: Final = 5
MONTHS: Final = _l("Please write a number of months, from 1 to 24.")
# A number, and then perhaps what to say: 01632 960124 ext 5.
DIALLED: Final = re.compile(r"[\s(+]*(\d[\s().-]*){3,}(?!\d).*")

LOGO_PROBLEMS: Final[Mapping[str, Any]] = {
    "required": _l("Please choose a picture."),
    "too_large": _l("This picture is too large. Please choose one of at most 200 kB."),
    "broken_picture": _l("This picture cannot be shown. Please save it once more, or choose another."),
    "not_a_picture": _l("This is not a PNG or JPEG picture. Please choose another file."),
}


class Part(wtforms.Form):
    """A part of a form, which has no token of its own."""

    class Meta(wtforms.Form.Meta):
        def get_translations(self, _form: object) -> Messages:
            return Messages()


class HelpLineForm(Part):
    """One line of the help panel; a row left blank is no line."""

    who = StringField(_l("Who it is"), [Unmarked(), at_most(80)])
    number = StringField(_l("Number"), [Unmarked(), at_most(40)])
    note = StringField(_l("When to ring, or what to say"), [Unmarked(), at_most(200)])

    def validate_who(self, field: StringField) -> None:
        """A number alone would tell nobody anything."""
        if not tidy(field.data) and (tidy(self.number.data) or tidy(self.note.data)):
            raise ValidationError(_l("Please write who it is, or leave the whole line blank."))

    def validate_number(self, field: StringField) -> None:
        """A line is there to be rung."""
        number = tidy(field.data)
        if not number and (tidy(self.who.data) or tidy(self.note.data)):
            raise ValidationError(_l("Please write the number, or leave the whole line blank."))
        if number and not DIALLED.fullmatch(number):
            raise ValidationError(_l("Please write the number in digits, such as 116 123."))


class AgreementsForm(Part):
    """The service's wording of each agreement."""


for _purpose in Purpose:
    setattr(AgreementsForm, _purpose.value, TextAreaField(label(_purpose), [Unmarked(), at_most(1000)]))


class WindowForm(Part):
    """In which months after the baseline the follow-up is meant to be."""

    first = IntegerField(_l("From month"), [Unmarked(), Optional(), NumberRange(1, 24, MONTHS)])
    last = IntegerField(_l("To month"), [Unmarked(), Optional(), NumberRange(1, 24, MONTHS)])

    def validate_last(self, field: IntegerField) -> None:
        """A window has two ends, or is the usual one."""
        if (self.first.data is None) != (field.data is None):
            raise ValidationError(_l("Please write both months, or leave both blank."))
        if self.first.data and field.data and field.data <= self.first.data:
            raise ValidationError(_l("Please write a later month than the first."))


class WindowsForm(Part):
    """The window of each pathway."""


for _pathway in Pathway:
    setattr(WindowsForm, _pathway.value, FormField(WindowForm, label(_pathway)))


class SettingsForm(Form):
    """What a service may choose. Whatever is left blank has the app's own wording."""

    name = StringField(
        _l("Name of the service"),
        [Unmarked(), at_most(80)],
        description=_l("It stands at the top of every page."),
    )
    help_text = TextAreaField(_l("What the help page says first"), [Unmarked(), at_most(2000)])
    help_lines = FieldList(FormField(HelpLineForm), min_entries=HELP_LINES, max_entries=HELP_LINES)
    agreements = FormField(AgreementsForm)
    safety_contact = StringField(
        _l("Whom to tell of a safety flag"),
        [Unmarked(), at_most(200)],
        description=_l("Shown to whoever raises one. For example: the duty manager, 01632 960123."),
    )
    hide_earlier_scores = BooleanField(
        _l("At a follow-up, hide the earlier answers until the new ones are in"),
        description=_l("Earlier answers sway new ones. They are shown as soon as the new ones are saved."),
    )
    first_name_at_handover = BooleanField(
        _l("On a tablet that is handed over, greet the person by their first name"),
        description=_l("Otherwise a tablet without signal shows no name at all while they hold it."),
    )
    default_language = SelectField(
        _l("Language of the app"),
        [required(_l("Please choose a language."))],
        description=_l("Everybody can choose another on their own browser."),
    )
    follow_up_months = FormField(WindowsForm)
    repeat_after = IntegerField(
        _l("Months from one follow-up to the next"),
        [Unmarked(), Optional(), NumberRange(0, 24, _l("Please write a number from 0 to 24."))],
        description=_l("0 if one follow-up is enough."),
    )
    smallest_shared = IntegerField(
        _l("The smallest number of people told outside the service"),
        [Unmarked(), Optional(), NumberRange(FLOOR, 50, _l("Please write a whole number from 8 to 50."))],
        description=_l("In a report to share, smaller numbers are kept back. Usual is 8, from 8 to 50."),
    )
    referral_terms = TextAreaField(
        _l("Terms for the GP’s record, one on each line"),
        [Unmarked(), at_most(1000)],
        description=_l(
            "Offered when a letter is written. For example: Referral to social prescribing service "
            "871731000000106; Social prescribing declined 871711000000103. Ask the practice which they use."
        ),
    )
    type_twice = BooleanField(
        _l("Have each paper form typed in by two people"),
        description=_l("The second does not see what the first typed. Where they differ, somebody decides."),
    )
    typed_again = IntegerField(
        _l("Of a hundred other paper forms, how many are typed again"),
        [Unmarked(), Optional(), NumberRange(0, 100, _l("Please write a number from 0 to 100."))],
        description=_l(
            "By somebody else, without seeing the first entry: it shows how often a slip happens."
        ),
    )
    version = HiddenField()

    def __init__(self, languages: Sequence[tuple[str, Any]], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.default_language.choices = list(languages)

    def choices(self) -> ServiceSettings:
        """What was filled in. Ask only when it is valid."""
        version = self.version.data or ""
        return ServiceSettings(
            name=tidy(self.name.data),
            help_text=tidy(self.help_text.data),
            help_lines=tuple(_lines(self.help_lines.data)),
            agreements={key: tidy(text) for key, text in self.agreements.data.items() if tidy(text)},
            safety_contact=tidy(self.safety_contact.data),
            hide_earlier_scores=self.hide_earlier_scores.data,
            first_name_at_handover=self.first_name_at_handover.data,
            default_language=self.default_language.data,
            follow_up_months=self._months(),
            repeat_after=self.repeat_after.data or 0,
            type_twice=self.type_twice.data,
            typed_again=self.typed_again.data or 0,
            smallest_shared=self.smallest_shared.data or FLOOR,
            referral_terms=tidy(self.referral_terms.data),
            version=int(version) if version.isdecimal() else 0,
        )

    def _months(self) -> dict[Pathway, tuple[int, int]]:
        """Each pathway's window; one left blank is the usual."""
        chosen = {
            Pathway(name): (window["first"], window["last"])
            for name, window in self.follow_up_months.data.items()
            if window["first"]
        }
        return {**USUAL_MONTHS, **chosen}


class LogoForm(Form):
    """A picture for the top of every page."""

    logo = FileField(
        _l("Picture"),
        [Unmarked()],
        description=_l("A PNG or JPEG of at most 200 kB. A square one fits best."),
    )


def of_settings(settings: ServiceSettings, usual_lines: Sequence[HelpLine]) -> dict[str, Any]:
    """The settings as the fields of the form; with the usual lines, while the service has chosen none."""
    blank = [asdict(HelpLine("", ""))] * HELP_LINES
    lines = [asdict(line) for line in settings.help_lines or usual_lines]
    windows = {
        pathway.value: {"first": first, "last": last}
        for pathway, (first, last) in settings.schedule.months.items()
    }
    filled = {"help_lines": [*lines, *blank][:HELP_LINES], "follow_up_months": windows}
    return {**asdict(settings), **filled}


def tidy(text: str | None) -> str:
    """The text without what surrounds it."""
    return (text or "").strip()


def _lines(rows: Sequence[Mapping[str, str]]) -> Iterator[HelpLine]:
    for row in rows:
        if tidy(row["who"]):
            yield HelpLine(tidy(row["who"]), tidy(row["number"]), tidy(row["note"]))
