"""A letter to the GP or whoever referred."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice

from wellbeing_app.forms.base import Form, Unmarked, at_most, required


class LetterForm(Form):
    """To whom, in which language and terms, and what else."""

    to = TextAreaField(
        _l("To whom"), [required(_l("Write to whom the letter goes.")), at_most(200)], render_kw={"rows": 4}
    )
    language = SelectField(_l("Language"), [Unmarked()])
    terms = SelectMultipleField(_l("Terms for the record"))
    more = TextAreaField(_l("Anything else they should know"), [at_most(1500)])

    def __init__(
        self, terms: Sequence[str], languages: Sequence[tuple[str, Any]], *arguments: Any, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.terms.choices = [SelectChoice(one, one) for one in terms]
        self.language.choices = [SelectChoice(*one) for one in languages]
