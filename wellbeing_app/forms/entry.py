"""The code on a form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from wellbeing_app.forms.base import Form, at_most, required

LONGEST = 200
REFUSALS = {
    "slip": _l("There is a slip in this code. Compare it with the form, letter by letter."),
    "unknown": _l(
        "No form that you may type in has this code. Compare it with the form, or ask the advisor."
    ),
    "elsewhere": _l(
        "This code is not one of this service’s forms. Put the paper aside, and ask whose it is."
    ),
    "void_copy": _l(
        "A newer copy of this form was printed, so this one does not count. Look for the newer one."
    ),
    "saved": _l("This form is saved already. Put it with the others that are done."),
    "begun": _l(
        "The advisor has begun this survey on a screen. Ask them to finish it, or to type this form in."
    ),
    "void": _l("This form was cancelled. Do not enter it; ask the advisor for the new one."),
}


class CodeForm(Form):
    """Eight letters and digits."""

    code = StringField(
        _l("Code on the form"),
        validators=[required(_l("Enter the code printed on the form.")), at_most(LONGEST)],
    )

    def refuse(self, why: str) -> None:
        """Say why it opens nothing."""
        self.code.errors = [REFUSALS[why]]
