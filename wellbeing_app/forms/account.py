"""The forms of one's own account: signing in, being welcomed, another password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Regexp

from wellbeing_app.forms.base import Form, at_most, required
from wellbeing_app.services.passwords import LONGEST, SHORTEST

LONGEST_EMAIL = 254
LONGEST_NAME = 200

PROBLEMS: Final[Mapping[str, Any]] = {
    "required": _l("Please fill this in."),
    "taken": _l("Somebody else already has an account with this email address."),
    "wrong": _l("This is not your password. Please try again."),
    "too_many": _l("There were too many tries. Please wait ten minutes and try again."),
    "password_too_short": _l(
        "This password is too short. Please use at least %(count)s characters.", count=SHORTEST
    ),
    "password_too_long": _l(
        "This password is too long. Please use %(count)s characters or fewer.", count=LONGEST
    ),
    "password_too_common": _l(
        "This password is easy to guess. Please add a word or two that do not belong together."
    ),
}
NOT_RIGHT = _l("The email address or the password is not right. Please check both.")
SPENT = _l("This link does not work any more. It may be used up or too old, or a part of it is missing.")
PASSWORD_RULE = _l(
    "At least %(count)s characters. Three or four words that do not belong together are good. "
    "You can paste it, or let your browser or a password manager choose and keep it.",
    count=SHORTEST,
)

NAMED = (DataRequired(_l("Please write a name.")), at_most(LONGEST_NAME))
ADDRESSED = (
    DataRequired(_l("Please write an email address.")),
    Regexp(r"\s*[^@\s]+@[^@\s]+\s*$", message=_l("Please write an email address, such as name@example.org.")),
    at_most(LONGEST_EMAIL),
)


class SignInForm(Form):
    """`held`: a form that was sent after its sign-in had ended, sealed. `next`: where to go on."""

    email = EmailField(_l("Email address"), [required(_l("Please write your email address."))])
    password = PasswordField(_l("Password"), [required(_l("Please write your password."))])
    held = HiddenField()
    next = HiddenField()


class CodeForm(Form):
    """The first step with a one-time link."""

    code = StringField(_l("The code from your link"), [required(_l("Please paste your link, or its code."))])


class WelcomeForm(Form):
    """The second step: a password."""

    code = HiddenField()
    password = PasswordField(
        _l("Your new password"),
        [required(_l("Please choose a password."))],
        description=PASSWORD_RULE,
    )


class FirstAdministratorForm(WelcomeForm):
    """The second step for the first administrator, whom nobody has named yet."""

    name = StringField(_l("Your name"), NAMED)
    email = EmailField(_l("Your email address"), ADDRESSED)


class PasswordForm(Form):
    """Another password for oneself."""

    old = PasswordField(_l("Your password now"), [required(_l("Please write the password you have now."))])
    new = PasswordField(
        _l("Your new password"), [required(_l("Please choose a new password."))], description=PASSWORD_RULE
    )


def code_of(pasted: str) -> str:
    """The code, from a whole link or by itself."""
    return pasted.strip().rpartition("#")[2].strip()
