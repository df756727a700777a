"""The survey form's parts, drawn once in each language and kept: a blank one is the same for everybody.

What only one person would say (a note, a name, which points were ticked) is drawn afresh and never kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from flask import get_template_attribute
from flask_babel import get_locale
from markupsafe import Markup

from wellbeing_app.forms.survey import Circumstances, MeasureState
from wellbeing_app.instrument import INSTRUMENT, Measure

KEPT = 600  # of some 4 kB


def joined(parts: Iterable[Markup]) -> Markup:
    """One after the other."""
    return Markup().join(parts)


def measures(states: Iterable[tuple[Measure, MeasureState]], view: str) -> list[Markup]:
    """Each measure as `macros/measure.html` draws it in this view."""
    locale = str(get_locale())
    return [
        (_kept_measure if state.is_blank else _measure)(locale, measure.key, state, view)
        for measure, state in states
    ]


def circumstances(state: Circumstances) -> Markup:
    """The circumstances as `macros/person.html` draws them."""
    return (_kept_circumstances if state.is_blank else _circumstances)(str(get_locale()), state)


def errors(blamed: Sequence[tuple[Any, str | None]]) -> str:
    """The error summary; nothing where nothing is wrong."""
    draw = get_template_attribute("macros/forms.html", "error_list")
    return cast(Markup, draw(blamed)) if blamed else ""


def _measure(_locale: str, key: str, state: MeasureState, view: str) -> Markup:
    draw = get_template_attribute("macros/measure.html", "measure_fieldset")
    return cast(Markup, draw(INSTRUMENT.measure(key), state, view))


def _circumstances(_locale: str, state: Circumstances) -> Markup:
    draw = get_template_attribute("macros/person.html", "circumstances")
    return cast(Markup, draw(state))


_kept_measure = lru_cache(KEPT)(_measure)
_kept_circumstances = lru_cache(KEPT)(_circumstances)
