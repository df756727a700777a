"""The list of follow-ups, days that are moved, and tries to reach somebody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from wellbeing_app.forms import days
from wellbeing_app.forms.base import Form, at_most, required
from wellbeing_app.forms.days import DayField
from wellbeing_app.forms.labels import choices
from wellbeing_app.model import ContactOutcome, Pathway
from wellbeing_app.services import clock
from wellbeing_app.services.contacts import LONGEST_NOTE
from wellbeing_app.services.due_list import Asked, Show, Sort
from wellbeing_app.services.moving import LONGEST_REASON

WHY = _l("Say in a few words why.")
PROBLEMS: Mapping[str, Any] = {
    **days.PROBLEMS,
    "before_referral": _l("This is before the referral. Check both days."),
    "in_past": _l("This day has passed. Choose today or a later day."),
    "out_of_order": _l("The phases would not follow one another. Check the days."),
    "not_movable": _l("Choose from the list what is to be moved."),
    "baseline_first": _l("There is no baseline yet. Take the baseline first."),
    "required": _l("Enter the day."),
    "reason_missing": WHY,
    "reason_too_long": _l("This is too long. Use 500 characters or fewer."),
}

CONTACT_PROBLEMS: Mapping[str, Any] = {
    "no_message": _l("They did not agree to messages. Choose “No answer”."),
    "concern": _l("Say in a few words what worries you. A safety flag is raised with it."),
    "note_too_long": _l("This is too long. Use 2,000 characters or fewer."),
    "ring_at_missing": _l("Enter the day and the time to ring back."),
    "ring_at_passed": _l("This time has passed. Enter a later one."),
    "ring_at_too_far": _l("This is more than three months ahead. Check the day."),
    "not_safe": _l("They asked not to be rung then. Choose another time."),
}

SHOWN: Mapping[Show, Any] = {
    Show.NOW: _l("Due and overdue"),
    Show.OVERDUE: _l("Overdue"),
    Show.DUE: _l("Due"),
    Show.UPCOMING: _l("Upcoming"),
    Show.BASELINE: _l("Baseline to take"),
    Show.DONE: _l("Done"),
    Show.DECLINED: _l("Declined"),
    Show.LOST: _l("Lost to follow-up"),
}
SORTED: Mapping[Sort, Any] = {Sort.PRESSING: _l("Most pressing first"), Sort.NAME: _l("By name")}

MOVED: Mapping[str, Any] = {
    "follow_up": _l("Follow-up: the first day it is meant for"),
    "joint_meeting": _l("Joint meeting"),
    "discharge_review": _l("Discharge review"),
    "phase_1": _l("Last day of phase 1"),
    "phase_2": _l("Last day of phase 2"),
    "phase_3": _l("Last day of phase 3"),
}


class MoveForm(Form):
    """Another day, and why."""

    which = SelectField(_l("What is moved"), validators=[required(_l("Choose what is to be moved."))])
    to = DayField(_l("To which day"))
    reason = TextAreaField(_l("Why"), validators=[required(WHY), at_most(LONGEST_REASON)])

    def offer(self, which: Sequence[str]) -> None:
        """Offer these days to be moved."""
        self.which.choices = [SelectChoice(one, MOVED[one]) for one in which]


class AttemptForm(Form):
    """What came of trying to reach somebody."""

    outcome = RadioField(
        _l("What came of it"),
        choices=choices(ContactOutcome),
        validators=[required(_l("Choose what came of it."))],
    )
    ring_on = DayField(_l("Day to ring back"))
    ring_time = TimeField(_l("Time to ring back"), validators=[Optional()])
    note = TextAreaField(_l("Note"), validators=[at_most(LONGEST_NOTE)])

    def offer(self, *, message: bool) -> None:
        """Leave out what may not be done."""
        kept = [one for one in ContactOutcome if message or one is not ContactOutcome.LEFT_MESSAGE]
        self.outcome.choices = choices(kept)

    def ring_at(self) -> datetime | None:
        """The moment to ring back."""
        if self.ring_on.data is None or self.ring_time.data is None:
            return None
        return datetime.combine(self.ring_on.data, self.ring_time.data, clock.LOCAL)


def moved_words(which: str) -> Any:
    """What a moved day is called; a follow-up whichever it is."""
    return MOVED["follow_up" if which.startswith("follow_up") else which]


def asked(wishes: Mapping[str, str]) -> Asked:
    """What an address asks for; what it says wrongly is as if it said nothing."""
    return Asked(
        show=_one_of(Show, wishes.get("show"), Show.NOW),
        sort=_one_of(Sort, wishes.get("sort"), Sort.PRESSING),
        pathway=_one_of(Pathway, wishes.get("pathway"), None),
        advisor=_id(wishes.get("who", ""), "advisor"),
        team=_id(wishes.get("who", ""), "team"),
        after=wishes.get("after", ""),
        many=wishes.get("many") == "1",
    )


def _one_of(kind: Any, text: str | None, instead: Any) -> Any:
    try:
        return kind(text)
    except ValueError:
        return instead


def _id(text: str, of: str) -> uuid.UUID | None:
    kind, _colon, found = text.partition(":")
    try:
        return uuid.UUID(found) if kind == of else None
    except ValueError:
        return None
