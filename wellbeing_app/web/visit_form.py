"""The parts of the offline form: the online macros, drawn blank, and every sentence a script may need.

No script holds a word. Where one has to choose, all that there is to choose from stands in the page: so each
sentence is made by the same macro as online, with its own plural.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from wellbeing_app import charts
from wellbeing_app.charts import Star
from wellbeing_app.evaluation.change import Change, compare
from wellbeing_app.forms.person import PROBLEMS as OF_THE_PERSON
from wellbeing_app.forms.survey import PROBLEMS, circumstances, states
from wellbeing_app.instrument import INSTRUMENT, Measure
from wellbeing_app.model import Occasion, Respondent
from wellbeing_app.web import drawn

NEVER_OFFLINE = ("reason_missing", "reason_too_long", "nothing_changed", "unknown_measure", "two_answers")


@dataclass(frozen=True)
class VisitForm:
    """What `visit/form.html` and `visit/self.html` are made of."""

    measures: Sequence[Markup]
    blank: Sequence[tuple[Measure, Any]]
    circumstances: Markup | None
    problems: Mapping[str, Any]
    occasions: Sequence[Occasion]
    star: Star
    nothing: Change
    changes: Sequence[Change]


@dataclass(frozen=True)
class Blank:
    """Stands where the charts want an occasion; a script fills it in."""

    label: str
    scores: Mapping[str, int | None]
    reasons: Mapping[str, str]


def init_app(app: Flask) -> None:
    """Give the templates the form."""
    app.jinja_env.globals.update(visit_form=visit_form, blank_occasion=blank_occasion)


def visit_form(view: str = "advisor") -> VisitForm:
    """The whole form, in the page's language: all measures for an advisor, or as the person sees them."""
    blank = states({})
    fresh = {"respondent": Respondent.SELF.value}
    return VisitForm(
        measures=drawn.measures(blank, "visit" if view == "advisor" else view),
        blank=blank,
        circumstances=drawn.circumstances(circumstances(fresh)) if view == "advisor" else None,
        problems={code: text for code, text in _problems().items() if code not in NEVER_OFFLINE},
        occasions=list(Occasion),
        star=charts.star(len(INSTRUMENT.keys), len(INSTRUMENT.points)),
        nothing=compare(INSTRUMENT.keys, {}, {}),
        changes=every_change(),
    )


def blank_occasion(label: str) -> Blank:
    """An occasion of which nothing is known but what it is called."""
    return Blank(label, {}, {})


def _problems() -> Mapping[str, Any]:
    return {**PROBLEMS, "person_needed": OF_THE_PERSON["required"], "born_later": OF_THE_PERSON["in_future"]}


@cache
def every_change() -> Sequence[Change]:
    """One change for each way in which so many measures can be up, the same and lower."""
    keys = INSTRUMENT.keys
    counts = range(len(keys) + 1)
    return tuple(
        compare(keys, *_scores(up, same, lower))
        for up in counts
        for same in counts
        for lower in counts
        if up + same + lower <= len(keys)
    )


def _scores(up: int, same: int, lower: int) -> tuple[dict[str, int], dict[str, int]]:
    pairs = [(1, 2)] * up + [(1, 1)] * same + [(2, 1)] * lower
    named = dict(zip(INSTRUMENT.keys, pairs, strict=False))
    return {key: before for key, (before, _) in named.items()}, {
        key: after for key, (_, after) in named.items()
    }
