"""What the pages of a survey share: the circumstances' form, and each problem in words with where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Flask
from flask_babel import gettext as _

from wellbeing_app.forms.messages import STALE
from wellbeing_app.forms.survey import PROBLEMS, CircumstancesForm, as_form
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.web.i18n import LANGUAGES, words

AnyForm = TypeVar("AnyForm", bound=CircumstancesForm)


def init_app(app: Flask) -> None:
    """Give the templates what these pages need."""
    app.jinja_env.globals.update(change_links=change_links, language_name=language_name)


def circumstances_form(
    kind: type[AnyForm], fields: Mapping[str, Any], problems: Mapping[str, str], *, stale: bool = False
) -> AnyForm:
    """The form with what was typed, each problem beside its field."""
    form = kind(formdata=as_form(fields))
    form.speak({code: language.endonym for code, language in LANGUAGES.items()})
    form.blame({name: code for name, code in problems.items() if name in form}, PROBLEMS)
    form.form_errors = [STALE] if stale else []
    return form


def blamed(problems: Mapping[str, str]) -> list[tuple[str, str]]:
    """The measures with a problem, as the error summary wants them: a sentence, and the id to go to."""
    first = str(INSTRUMENT.points[0].value)
    return [
        (
            _("%(measure)s: %(problem)s", measure=words(measure.title), problem=PROBLEMS[code]),
            f"answer-{measure.key}-{first}",
        )
        for measure in INSTRUMENT.measures
        if (code := problems.get(f"answer-{measure.key}") or problems.get(f"note-{measure.key}"))
    ]


def change_links(address: str) -> dict[str, str]:
    """Where "Change" leads for each measure on the page at `address`."""
    return {key: f"{address}#measure-{key}" for key in INSTRUMENT.keys}


def language_name(code: str) -> str:
    """A language in its own words."""
    return LANGUAGES[code].endonym if code in LANGUAGES else code
