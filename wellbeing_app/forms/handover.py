"""Handing the screen over and taking it back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import Optional

from wellbeing_app.forms.base import Form, at_most, required
from wellbeing_app.services.answers import LONGEST_HELPER

REFUSALS = {
    "wrong": _l("That is not your password. Try again."),
    "too_many": _l("There were too many tries. Wait ten minutes, then try again. The answers are safe."),
}


class HelpedForm(Form):
    """Whether somebody helped."""

    helper = StringField(
        _l("If somebody helped you, who was it?"), validators=[Optional(), at_most(LONGEST_HELPER)]
    )


class TakeBackForm(Form):
    """The advisor's own password."""

    password = PasswordField(_l("Your password"), validators=[required(_l("Enter your password."))])

    def refuse(self, why: str) -> None:
        """Say why it was not accepted."""
        self.password.errors = [REFUSALS[why]]
