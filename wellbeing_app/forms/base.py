"""What every form shares: our own words for what is wrong, and a token that may have grown old."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import InputRequired, Length

from wellbeing_app.forms.messages import STALE, Messages


def required(message: Any) -> InputRequired:
    """The field must be filled in; the message says what to do."""
    return InputRequired(message=message)


def at_most(length: int) -> Length:
    """No more than `length` characters."""
    return Length(max=length, message=_l("Please use %(max)d characters or fewer."))


class Unmarked:
    """On a page where everything may be left blank, no field says so by itself."""

    field_flags = {"unmarked": True}  # noqa: RUF012 - as WTForms reads it

    def __call__(self, _form: object, _field: object) -> None:
        """Nothing to check."""


class Form(FlaskForm):
    """A form that outlives its token: it is shown again with what was typed, and a plain sentence."""

    form_errors: list[Any]

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: object) -> Messages:
            return Messages()

    def validate(self, extra_validators: Mapping[str, Sequence[Callable[..., Any]]] | None = None) -> bool:
        sound = super().validate(extra_validators=extra_validators)
        if getattr(self, "csrf_token", None) is not None and self.csrf_token.errors:
            self.csrf_token.errors = []
            self.form_errors = [*self.form_errors, STALE]
        return bool(sound)

    def blame(self, problems: Mapping[str, str], wording: Mapping[str, Any]) -> None:
        """Show a service's problem codes in words: beside their fields, or above the form for want of one."""
        for name, code in problems.items():
            field: Field | None = self._fields.get(name)
            sentence = wording[code]
            if field is None:
                self.form_errors = [*self.form_errors, sentence]
            else:
                field.errors = [*field.errors, sentence]


class ConfirmForm(Form):
    """Just a button."""
