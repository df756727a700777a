"""The steps of an action plan, what became of them, and where the advisor sees something differently."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from wellbeing_app.forms import days
from wellbeing_app.forms.base import Form, at_most, required
from wellbeing_app.forms.days import DayField
from wellbeing_app.forms.labels import choices
from wellbeing_app.model import PlanLine, PlanOutcome
from wellbeing_app.services.plans import LONGEST, Step
from wellbeing_app.services.views import LONGEST_WHY

WHAT = _l("Say in a few words what is to be done.")
CHOOSE_AREA = _l("Choose the area that it is about.")
CHOOSE_ANSWER = _l("Choose the answer that you would have given.")
PROBLEMS = {
    **days.PROBLEMS,
    "required": WHAT,
    "unknown_measure": CHOOSE_AREA,
    "not_an_answer": CHOOSE_ANSWER,
    "same_answer": _l("This is the person’s own answer. Choose another, or leave it as it is."),
    "too_long": _l("This is too long. Please shorten it."),
}


class StepForm(Form):
    """A step. `version`: of the line that was being looked at."""

    measure = SelectField(_l("Area"), validators=[required(CHOOSE_AREA)])
    what = StringField(_l("What"), validators=[required(WHAT), at_most(LONGEST["what"])])
    who = StringField(_l("Who"), validators=[at_most(LONGEST["who"])])
    place = StringField(_l("Activity or service"), validators=[at_most(LONGEST["place"])])
    due_on = DayField(_l("By when"))
    version = HiddenField(default="0")

    def offer(self, areas: list[tuple[str, str]]) -> None:
        """The areas to choose from, by key and title."""
        self.measure.choices = [("", _l("Choose an area")), *areas]

    def step(self) -> Step:
        """What was filled in. Ask only when it is valid."""
        texts = {name: getattr(self, name).data or "" for name in ("measure", "what", "who", "place")}
        return Step(**texts, due_on=self.due_on.data)

    def seen_version(self) -> int:
        """The version that was being looked at; -1 for none."""
        typed = self.version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


class OutcomeForm(Form):
    """What became of a step."""

    outcome = RadioField(_l("How did it go?"), validators=[required(_l("Choose how it went."))])
    note = TextAreaField(_l("What helped, or what stood in the way"), validators=[at_most(LONGEST["note"])])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.outcome.choices = choices(PlanOutcome)

    def begin_with(self, line: PlanLine) -> None:
        """Fill in what was said before."""
        self.outcome.data = line.outcome.value if line.outcome else None
        self.note.data = line.outcome_note


class ViewForm(Form):
    """Another answer than the person's, and why."""

    measure = SelectField(_l("Area"), validators=[required(CHOOSE_AREA)])
    score = RadioField(_l("The answer you would have chosen"), validators=[required(CHOOSE_ANSWER)])
    why = TextAreaField(_l("What makes you think so"), validators=[at_most(LONGEST_WHY)])

    def offer(self, areas: list[tuple[str, str]], points: list[tuple[str, str]]) -> None:
        """The areas and the answers to choose from."""
        self.measure.choices = [("", _l("Choose an area")), *areas]
        self.score.choices = points
