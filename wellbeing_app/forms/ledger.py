"""The forms of the ledger: activities, places on them, hours, and wider outcomes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from wellbeing_app.forms.base import Form, Unmarked, at_most, required
from wellbeing_app.forms.days import PROBLEMS as DAY_PROBLEMS
from wellbeing_app.forms.days import DayField
from wellbeing_app.forms.labels import choices, label
from wellbeing_app.model import Activity, Episode, OutcomeKind, Setting, Theme
from wellbeing_app.services import clock
from wellbeing_app.services.ledger import ActivityDetails

PROBLEMS: Final[Mapping[str, Any]] = {
    **DAY_PROBLEMS,
    "in_future": _l("This day is still to come."),
    "before_referral": _l("This is before the referral. Check the day."),
    "before_it_began": _l("This is before the place began. Check the day."),
    "twice": _l("There is one like this already."),
    "required": _l("Please write who offers it."),
    "unknown": _l("Please choose an activity."),
    "not_hours": _l("Please write the hours as a number, such as 1.5."),
    "not_a_group": _l("These hours belong to a person’s place. Write them there."),
}


class OutcomesForm(Form):
    """A tick and a day for each wider outcome; ticked without a day means today."""

    def days(self) -> dict[OutcomeKind, date]:
        """What is ticked."""
        ticked = (kind for kind in OutcomeKind if self[kind.value].data)
        return {kind: self[f"{kind.value}_on"].data or clock.today() for kind in ticked}

    def pairs(self) -> Iterable[tuple[Any, Any]]:
        """The tick and the day of each."""
        return ((self[kind.value], self[f"{kind.value}_on"]) for kind in OutcomeKind)

    def blame(self, problems: Mapping[str, str], wording: Mapping[str, Any]) -> None:
        """A problem of an outcome is one of its day."""
        kinds = {kind.value for kind in OutcomeKind}
        super().blame(
            {f"{name}_on" if name in kinds else name: one for name, one in problems.items()}, wording
        )


for _kind in OutcomeKind:
    setattr(OutcomesForm, _kind.value, BooleanField(label(_kind), [Unmarked()]))
    setattr(OutcomesForm, f"{_kind.value}_on", DayField(_l("Since"), [Unmarked(), Optional()]))


def of_outcomes(days: Mapping[OutcomeKind, date]) -> dict[str, Any]:
    """What stands, as the form's fields."""
    return {
        name: value for kind, on in days.items() for name, value in ((kind.value, True), (f"{kind}_on", on))
    }


class PlaceForm(Form):
    """A place on an activity, from a day on."""

    activity_id = SelectField(_l("Activity"), [required(_l("Please choose an activity."))])
    began_on = DayField(_l("From"), [required(_l("Enter the day."))], default=clock.today)

    def __init__(self, offered: Sequence[Activity], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.activity_id.choices = [SelectChoice(str(one.id), one.title) for one in offered]

    def activity(self) -> uuid.UUID:
        """Which one was chosen. Ask only when it is valid."""
        return uuid.UUID(self.activity_id.data)


class HoursForm(Form):
    """Hours on or up to a day, of somebody's place or of a group."""

    hours = DecimalField(
        _l("Hours"),
        [required(PROBLEMS["not_hours"]), NumberRange(Decimal("0.01"), 9_999, PROBLEMS["not_hours"])],
    )
    on = DayField(_l("On, or up to"), [required(_l("Enter the day."))], default=clock.today)


class EndForm(Form):
    """When a place ended; blank while it goes on."""

    ended_on = DayField(_l("Ended on"), [Unmarked(), Optional()])


class ActivityForm(Form):
    """What a provider offers."""

    provider = StringField(_l("Who offers it"), [required(PROBLEMS["required"]), at_most(200)])
    name = StringField(_l("What it is"), [at_most(200)])
    theme = RadioField(
        _l("Theme"), choices=choices(Theme), validators=[required(_l("Please choose a theme."))]
    )
    setting = RadioField(
        _l("For whom"), choices=choices(Setting), validators=[required(_l("Please choose for whom it is."))]
    )
    capacity = IntegerField(
        _l("Places at a time"),
        [Optional(), NumberRange(1, 10_000, _l("Please write a whole number, or leave it blank."))],
        description=_l("Blank if they are not limited."),
    )
    active = BooleanField(_l("People can still be given a place"), default=True)
    version = IntegerField(widget=HiddenInput(), default=0)

    def details(self) -> ActivityDetails:
        """What was filled in. Ask only when it is valid."""
        return ActivityDetails(
            self.provider.data,
            self.name.data or "",
            Theme(self.theme.data),
            Setting(self.setting.data),
            self.capacity.data,
            self.active.data,
        )


class ClosedForm(Form):
    """The list of closed episodes: which were on the page, and what is ticked for each."""

    episodes = HiddenField()

    def validate_episodes(self, field: HiddenField) -> None:
        """Only what the page itself sent."""
        try:
            self.shown = [uuid.UUID(one) for one in (field.data or "").split()]
        except ValueError as broken:
            raise ValidationError(PROBLEMS["unknown"]) from broken

    @staticmethod
    def tick(episode_id: uuid.UUID, kind: OutcomeKind) -> str:
        """The name of the tick of an episode's outcome."""
        return f"{episode_id}-{kind.value}"

    def days(
        self, ticks: Any, episode: Episode, before: Mapping[OutcomeKind, date]
    ) -> dict[OutcomeKind, date]:
        """What is ticked for this episode: what was there keeps its day, what is new has the closing's."""
        on = episode.closed_on or clock.today()
        return {kind: before.get(kind, on) for kind in OutcomeKind if self.tick(episode.id, kind) in ticks}
