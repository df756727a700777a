"""The code on a form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField

from wellbeing_app.forms.base import Form, Unmarked, at_most, required

LONGEST = 200
REFUSALS = {
    "slip": _l("There is a slip in this code. Compare it with the form, letter by letter."),
    "unknown": _l(
        "No form that you may type in has this code. Compare it with the form, or ask the advisor."
    ),
    "specimen": _l(
        "This is a specimen, printed to look at, and its code is nobody’s. For answers that are to count, "
        "print a form in the app."
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
NO_CODE_SEEN = _l(
    "No code of a form is seen on it. Have the whole square code in the picture, flat and sharp; or type the "
    "eight characters."
)


class CodeForm(Form):
    """Eight letters and digits."""

    code = StringField(
        _l("Code on the form"),
        validators=[required(_l("Enter the code printed on the form.")), at_most(LONGEST)],
    )

    def refuse(self, why: str) -> None:
        """Say why it opens nothing."""
        self.code.errors = [REFUSALS[why]]


class PhotoForm(Form):
    """A photo of a form's square code."""

    photo = FileField(
        _l("Or a photo of the form or of its square code"),
        validators=[Unmarked()],
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )

    def refuse(self, *, seen: bool = True) -> None:
        """Say what to do: choose a photo, or take another."""
        self.photo.errors = [_l("Choose a photo.") if seen else NO_CODE_SEEN]
