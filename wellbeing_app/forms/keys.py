"""Typing a paper form in with one key for each measure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Optional

from wellbeing_app.forms.base import Form, Unmarked, at_most, required
from wellbeing_app.forms.labels import choices
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Occasion, Respondent
from wellbeing_app.services import keyed

PROBLEMS: Final = {
    "too_few": _l("Type one key for each of the eight parts of life, in the order of the form."),
    "too_many": _l("There are more keys than parts of life. Use Backspace to go back."),
    "yours": _l("You typed this form in the first time. Somebody else does it the second time."),
}
CLAIM_PROBLEMS: Final = {
    "claimed": _l("This form was given to somebody else already. Open it again by its code."),
    "episode_closed": _l("This person has no open episode. Begin one first."),
    "baseline_first": _l("This person has no baseline yet. Choose the baseline."),
    "baseline_exists": _l("This person has a baseline already. Choose the follow-up."),
    "not_found": _l("You work with nobody who has this reference. Compare it with their record."),
}


class KeysForm(Form):
    """Eight keys, the day, and how the answers were given."""

    keys = StringField(_l("The eight answers"), [Unmarked(), at_most(40)])
    completed_on = StringField(_l("Day the answers were given"), [Unmarked(), at_most(40)])
    mode = RadioField(
        _l("How the answers were given"), [Unmarked()], choices=choices(Mode), default=Mode.SELF_PAPER.value
    )
    copy = HiddenField()

    def refuse_keys(self) -> bool:
        """Say what is wrong with the keys; whether something is."""
        typed = self.keys.data or ""
        if keyed.too_many(typed):
            self.keys.errors = [PROBLEMS["too_many"]]
        elif len(keyed.read(typed)) < len(INSTRUMENT.keys):
            self.keys.errors = [PROBLEMS["too_few"]]
        return bool(self.keys.errors)

    def fields(self, language: str, *, with_interpreter: bool) -> dict[str, Any]:
        """The same as the radio view would send."""
        return {
            **{f"answer-{key}": value for key, value in keyed.read(self.keys.data or "").items()},
            "completed_on": self.completed_on.data or "",
            "mode": self.mode.data or "",
            "respondent": Respondent.SELF.value,
            "with_interpreter": "y" if with_interpreter else "",
            "language": language,
        }


class WhoseForm(Form):
    """Whose a blank form is."""

    reference = StringField(
        _l("Reference of the person"), [required(_l("Enter the reference, such as R-7QK2P.")), at_most(12)]
    )
    occasion = RadioField(
        _l("Which survey it is"),
        [Unmarked()],
        choices=choices(Occasion),
        default=Occasion.BASELINE.value,
    )


class KeepForm(Form):
    """Answers that go to the office."""

    keys = StringField(_l("The eight answers"), [Unmarked(), at_most(40)])
    completed_on = StringField(_l("Day the answers were given"), [Unmarked(), at_most(40)])
    note = StringField(
        _l("What else is on the form"),
        [Optional(), at_most(300)],
        description=_l("Such as the name, or who brought it."),
    )
    code = HiddenField()
    reason = HiddenField()
    copy = HiddenField()


def keys_of(fields: Mapping[str, Any]) -> str:
    """The keys for a draft's fields."""
    return keyed.of_answers({key: str(fields.get(f"answer-{key}", "")) for key in INSTRUMENT.keys})
