"""What WTForms says when a form gives no message of its own, in our words and in the page's language.

WTForms brings some languages, in words of its own; Urdu is not among them. A test holds this table and
WTForms together.
"""

from typing import Final

from flask_babel import lazy_gettext as _l

MISSING = _l("Please fill this in.")
CHOICE = _l("Please choose from the list.")
DATE = _l("Please write a date that exists, such as 27 3 2026.")
TIME = _l("Please write a time, such as 14:30.")
WHOLE_NUMBER = _l("Please write a whole number.")
NUMBER = _l("Please write a number.")
EMAIL = _l("Please write an email address, such as name@example.org.")
FIXED = _l("This can’t be changed here.")
STALE = _l("This page was open for a long time. Nothing you typed is lost. Please press the button again.")
ODD = _l("Please check this.")

OURS: Final = {
    "This field is required.": MISSING,
    "Not a valid choice.": CHOICE,
    "Invalid Choice: could not coerce.": CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOICE,
    "'%(value)s' is not a valid choice for this field.": CHOICE,
    "Invalid value, must be one of: %(values)s.": CHOICE,
    "Invalid value, can't be any of: %(values)s.": CHOICE,
    "Not a valid datetime value.": DATE,
    "Not a valid date value.": DATE,
    "Not a valid week value.": DATE,
    "Date must be at least %(min)s.": _l("Please write a date that is not before %(min)s."),
    "Date must be at most %(max)s.": _l("Please write a date that is not after %(max)s."),
    "Date must be between %(min)s and %(max)s.": _l("Please write a date from %(min)s to %(max)s."),
    "Not a valid time value.": TIME,
    "Not a valid integer value.": WHOLE_NUMBER,
    "Not a valid decimal value.": NUMBER,
    "Not a valid float value.": NUMBER,
    "Number must be at least %(min)s.": _l("Please write a number that is not below %(min)s."),
    "Number must be at most %(max)s.": _l("Please write a number that is not above %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Please write a number from %(min)s to %(max)s."),
    "Field must be at least %(min)d character long.": _l("Please use %(min)d characters or more."),
    "Field cannot be longer than %(max)d character.": _l("Please use %(max)d characters or fewer."),
    "Field must be exactly %(max)d character long.": _l("Please use exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _l(
        "Please use from %(min)d to %(max)d characters."
    ),
    "Field must be equal to %(other_name)s.": _l("These two are not the same."),
    "Invalid email address.": EMAIL,
    "This field cannot be edited.": FIXED,
    "This field is disabled and cannot have a value.": FIXED,
    "Invalid CSRF Token.": STALE,
    "CSRF token missing.": STALE,
    "CSRF failed.": STALE,
    "CSRF token expired.": STALE,
    "Invalid input.": ODD,
    "Invalid IP address.": ODD,
    "Invalid Mac address.": ODD,
    "Invalid URL.": ODD,
    "Invalid UUID.": ODD,
}
"""WTForms' message → ours. The placeholders are WTForms' to fill, so ours may use the same ones only."""


class Messages:
    """Stands where WTForms looks for its translations."""

    def gettext(self, message: str) -> str:
        return str(OURS.get(message, message))

    def ngettext(self, singular: str, _plural: str, _count: int) -> str:
        return self.gettext(singular)
