"""Who a person is, what they agreed to, whether two records are one, and leave to open somebody else's."""

from __future__ import annotations

from datetime import time
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_time as written_time
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, HiddenInput

from wellbeing_app.forms import days
from wellbeing_app.forms.base import Form, Unmarked, at_most, required
from wellbeing_app.forms.days import DayField, WrittenDayField
from wellbeing_app.model import ServiceUser
from wellbeing_app.services import clock
from wellbeing_app.services.people import PersonDetails

# The main languages where the questionnaire comes from (Census 2021), then others that are often spoken.
SPOKEN = (
    *("en", "ur", "pl", "sk", "pa", "ro", "ar", "lt", "ckb", "fa", "cs", "hu", "ps", "sq", "lv"),
    *("bn", "gu", "it", "fr", "es", "pt", "ru", "uk", "so", "ta", "ti", "tr", "vi", "yue", "zh"),
)
LONGEST_NOTE = 4000
NOT_WRITTEN = ("date_of_birth", "ring_from", "ring_until")
# By their ISO numbers.
WEEKDAYS = [
    ("1", _l("Monday")),
    ("2", _l("Tuesday")),
    ("3", _l("Wednesday")),
    ("4", _l("Thursday")),
    ("5", _l("Friday")),
    ("6", _l("Saturday")),
    ("7", _l("Sunday")),
]

PROBLEMS = {
    **days.PROBLEMS,
    "required": _l("Enter a first name, or what they like to be called."),
    "unlikely": _l("Check the year. Nobody is that old."),
    "in_future": _l("This day has not come yet."),
    "before_from": _l("This is before the other time. Check both."),
    "before_agreement": _l("This is before they agreed. Enter a later day."),
    "before_withdrawal": _l("This is before they withdrew. Enter a later day."),
    "too_short": _l("Write a little more, so that somebody else can understand why."),
    "unknown": _l("No person has this reference. Compare it, letter by letter."),
    "not_found": _l("There is no such person on your caseload. Compare the reference, letter by letter."),
    "same_person": _l("This is the reference of the record itself. Enter the other one."),
}


class PersonForm(Form):
    """What is known of a person. `version` is the one that was being looked at."""

    first_name = StringField(_l("First name"), validators=[required(PROBLEMS["required"]), at_most(200)])
    last_name = StringField(_l("Last name"), validators=[at_most(200)])
    date_of_birth = WrittenDayField(_l("Date of birth"))
    telephone = StringField(_l("Telephone"), validators=[at_most(40)])
    address = TextAreaField(_l("Address"), validators=[at_most(500)])
    language = SelectField(
        _l("Language they speak best"), validators=[required(_l("Choose a language."))], default="en"
    )
    needs_interpreter = BooleanField(_l("Needs an interpreter"))
    needs_bsl = BooleanField(_l("Uses British Sign Language"))
    needs_large_print = BooleanField(_l("Needs large print"))
    access_notes = TextAreaField(_l("Anything else that makes it easier"), validators=[at_most(LONGEST_NOTE)])
    may_telephone = BooleanField(_l("May be telephoned"), default=True)
    may_leave_message = BooleanField(_l("A message may be left"))
    may_post = BooleanField(_l("May be sent letters"), default=True)
    safe_times = TextAreaField(_l("Safe times to ring, and when not to"), validators=[at_most(LONGEST_NOTE)])
    ring_days = SelectMultipleField(
        _l("Days on which it is safe to ring"),
        validators=[Unmarked()],
        choices=[SelectChoice(number, name) for number, name in WEEKDAYS],
        option_widget=CheckboxInput(),
        description=_l("Leave all blank if any day is safe."),
    )
    ring_from = TimeField(_l("Safe to ring from"), validators=[Unmarked(), Optional()])
    ring_until = TimeField(_l("Safe to ring until"), validators=[Unmarked(), Optional()])
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.language.choices = spoken(self.language.data)

    def details(self) -> PersonDetails:
        """What was typed."""
        return PersonDetails(**{name: self._value(name) for name in PersonDetails.__dataclass_fields__})

    def differing(self, theirs: ServiceUser) -> list[tuple[Any, Any, Any]]:
        """What stands now and what was typed here, side by side, where they are not the same."""
        typed = self.details()
        return [
            (self[name].label.text, _shown(name, theirs), _shown(name, typed))
            for name in PersonDetails.__dataclass_fields__
            if getattr(theirs, name) != getattr(typed, name)
        ]

    def build_upon(self, theirs: ServiceUser) -> None:
        """From now on a saving replaces what stands now, knowingly."""
        self.version.raw_data = None
        self.version.data = theirs.version

    def _value(self, name: str) -> Any:
        value = self[name].data
        if name in NOT_WRITTEN or isinstance(value, bool):
            return value
        if name == "ring_days":
            return "".join(value or []) or None
        return (value or "").strip()


def weekdays(numbers: str | None) -> str:
    """The days in words, such as "Monday, Friday"; "" for any day."""
    return ", ".join(str(name) for number, name in WEEKDAYS if number in (numbers or ""))


def safe_words(person: ServiceUser) -> str:
    """When it is safe to ring them, as far as days and times say it; "" for any time."""
    said = [weekdays(person.ring_days)] if person.ring_days else []
    if person.ring_from:
        said.append(_("from %(time)s", time=_time(person.ring_from)))
    if person.ring_until:
        said.append(_("until %(time)s", time=_time(person.ring_until)))
    return ", ".join(said)


def _time(at: time) -> str:
    return written_time(at, "short", locale=get_locale())


def _shown(name: str, of: Any) -> Any:
    value = getattr(of, name)
    return weekdays(value) if name == "ring_days" else value


def spoken(chosen: str | None = None) -> list[tuple[str, str]]:
    """The languages a person may speak, in the page's language; English first."""
    codes = dict.fromkeys((*SPOKEN, chosen or SPOKEN[0]))
    named = [(code, name) for code in codes if (name := spoken_language(code))]
    return [named[0], *sorted(named[1:], key=lambda one: one[1].casefold())]


def spoken_language(code: str) -> str:
    """A language's name in the page's language, "" for a code that is none."""
    try:
        language = Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return ""
    name = language.get_language_name(get_locale()) or language.english_name or code
    return name[0].upper() + name[1:]


class AgreementForm(Form):
    """The day on which somebody agreed, or took it back."""

    purpose = HiddenField()
    on = DayField(_l("Day"), validators=[required(_l("Enter the day."))], default=clock.today)


class OtherRecordForm(Form):
    """The reference of a second record of the same person."""

    other = StringField(_l("Reference of the other record"), validators=[required(PROBLEMS["not_found"])])


class MergeForm(Form):
    """Which of two records is kept."""

    other = HiddenField()
    keep = RadioField(
        _l("Which record do you want to keep?"), validators=[required(_l("Choose one of the two."))]
    )


class BreakGlassForm(Form):
    """Whose record, and why."""

    reference = StringField(
        _l("Reference of the person"),
        validators=[required(_l("Enter the reference, such as R-7QK2P.")), at_most(40)],
    )
    reason = TextAreaField(
        _l("Why you need it"), validators=[required(_l("Say why you need to open it.")), at_most(1000)]
    )
