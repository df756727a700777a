"""Printing forms, and typing them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from wellbeing_app.forms.base import Form, Unmarked, required
from wellbeing_app.services.printing import MOST_AT_ONCE

SHEET_NAMES: Final = {
    "survey": _l("The survey on one page"),
    "large_print": _l("Large print, five pages"),
    "easy_read": _l("Easy read with pictures, five pages"),
    "show_card": _l("Show card for the telephone"),
    "opening": _l("Opening and consent words"),
}
FORM_CHOICES: Final = [
    SelectChoice(name, SHEET_NAMES[name]) for name in ("survey", "large_print", "easy_read")
]
OLD_COPIES: Final = [
    SelectChoice("void", _l("They no longer count: whoever types one in is told so")),
    SelectChoice("keep", _l("They still count: whichever comes back first is the answer")),
]
PROBLEMS: Final = {
    "how_many": _l("Please write how many, from 1 to %(most)s.", most=f"{MOST_AT_ONCE:,}"),
    "choose_one": _l("Choose at least one person."),
}
PRINTING_PROBLEMS: Final = {
    "busy": _l("The database was busy for a long time. Nothing is lost: go on in a while."),
    "drifted": _l(
        "This form no longer looks as it did when it was first printed here, so answers could be misread. "
        "Nothing was printed. Tell whoever looks after the app; meanwhile, use another form."
    ),
    "address": _l(
        "The address of this service is too long for the code on paper. Tell whoever looks after the app."
    ),
    "unavailable": _l(
        "PDF files are off on this server. The administrator can see what is missing with “doctor”."
    ),
    "failed": _l("Something went wrong on the server. What is drawn is kept; go on, or ask for help."),
}
"""Why nothing was printed, by the word that `paper.piles` keeps."""


class BlankForm(Form):
    """A pile of forms for nobody in particular."""

    number = IntegerField(
        _l("How many"),
        [
            required(PROBLEMS["how_many"]),
            NumberRange(1, MOST_AT_ONCE, PROBLEMS["how_many"]),
        ],
        default=20,
    )
    form = SelectField(_l("Which form"), [Unmarked()], choices=FORM_CHOICES, default="survey")
    language = SelectField(_l("Language"), [Unmarked()], default="en")

    def __init__(self, languages: Sequence[tuple[str, Any]], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.language.choices = [SelectChoice(*one) for one in languages]


class TicketForm(Form):
    """A form for one planned survey."""

    form = SelectField(_l("Which form"), [Unmarked()], choices=FORM_CHOICES, default="survey")
    language = SelectField(_l("Language"), [Unmarked()], default="en")
    old = RadioField(_l("Copies printed before"), [Unmarked()], choices=OLD_COPIES, default="void")

    def __init__(self, languages: Sequence[tuple[str, Any]], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.language.choices = [SelectChoice(*one) for one in languages]


class PeopleForm(Form):
    """Forms for several people: each in their own language, in large print where they need it."""

    tickets = SelectMultipleField(_l("For whom"), [required(PROBLEMS["choose_one"])])
    old = RadioField(_l("Copies printed before"), [Unmarked()], choices=OLD_COPIES, default="void")

    def __init__(self, tickets: Sequence[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.tickets.choices = [SelectChoice(one, one) for one in tickets]
