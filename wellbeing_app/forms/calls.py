"""Before a call begins: a good time, free to talk, the right person."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired

from wellbeing_app.forms.base import Form

CHECK_EACH = _l("Tick each of the three once it is so, or ring back later.")


class CheckForm(Form):
    """The three checks; none of them is kept."""

    good_time = BooleanField(_l("It is a good time"), [InputRequired(CHECK_EACH)])
    free_to_talk = BooleanField(_l("They can talk freely"), [InputRequired(CHECK_EACH)])
    right_person = BooleanField(_l("It is the right person"), [InputRequired(CHECK_EACH)])

    def first_unticked(self) -> str:
        """The first of them that is not so yet."""
        checks = (self.good_time, self.free_to_talk, self.right_person)
        return next((check.id for check in checks if not check.data), self.good_time.id)
