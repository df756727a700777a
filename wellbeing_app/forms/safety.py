"""A worry about a person's safety, what was done about it, and what came of it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from wellbeing_app.forms.base import Form, at_most, required

LONGEST = 2000
WHAT_WORRIES = _l("Say in a few words what worries you.")
WHAT_WAS_DONE = _l("Say what was done.")
WHAT_CAME = _l("Say what came of it. Only then is the flag closed.")
PROBLEMS = {"concern": WHAT_WORRIES, "what": WHAT_WAS_DONE, "outcome": WHAT_CAME}


class FlagForm(Form):
    """What is the matter, and who knows."""

    concern = TextAreaField(_l("What worries you"), validators=[required(WHAT_WORRIES), at_most(LONGEST)])
    told = StringField(_l("Whom you have told"), validators=[at_most(200)])


class ActionForm(Form):
    """Something that was done."""

    what = TextAreaField(_l("What was done"), validators=[required(WHAT_WAS_DONE), at_most(LONGEST)])


class OutcomeForm(Form):
    """What came of it."""

    outcome = TextAreaField(_l("What came of it"), validators=[required(WHAT_CAME), at_most(LONGEST)])
