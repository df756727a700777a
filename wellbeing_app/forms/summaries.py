"""For whom to make a summary, and how they are set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from wellbeing_app.forms.base import Form, Unmarked, required
from wellbeing_app.services.summaries import Setting

CHOOSE_ONE: Final = _l("Choose at least one person.")
KINDS: Final = [
    SelectChoice("", _l("One page, in large print for whoever needs it")),
    SelectChoice("usual", _l("One page")),
    SelectChoice("large", _l("Large print")),
    SelectChoice("easy", _l("Easy to read")),
]


class SummariesForm(Form):
    """Summaries for several people."""

    episodes = SelectMultipleField(_l("For whom"), [required(CHOOSE_ONE)])
    kind = SelectField(_l("How they are set"), [Unmarked()], choices=KINDS, default="")
    initials = BooleanField(_l("Initials in place of the names"))
    drafts = BooleanField(
        _l("Also in languages that are a first translation"),
        description=_l("Otherwise who speaks one of these gets English."),
    )
    both_sides = BooleanField(
        _l("For printing on both sides"),
        description=_l("Nobody’s summary begins on the back of somebody else’s."),
    )

    def __init__(self, episodes: Sequence[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.episodes.choices = [SelectChoice(one, one) for one in episodes]

    def setting(self) -> Setting:
        """How they are set. Ask only when it is valid."""
        return Setting(self.kind.data, self.initials.data, self.drafts.data, self.both_sides.data)

    def wanted(self) -> list[UUID]:
        """The episodes that were chosen."""
        return [UUID(one) for one in self.episodes.data]
