"""The progress summary for the person: paper, in their language, that may lie on a kitchen table."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from wellbeing_app import charts
from wellbeing_app.evaluation.change import compare
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import PlanLine, ServiceUser
from wellbeing_app.services import clock, plans, progress
from wellbeing_app.services.policy import Action
from wellbeing_app.services.progress import Progress
from wellbeing_app.services.text import isolated
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.guard import guard
from wellbeing_app.web.i18n import LANGUAGES, SOURCE, use_language
from wellbeing_app.web.occasions import by_survey, shown_of
from wellbeing_app.web.printing import Drawn, as_file, fill

blueprint = Blueprint("summary", __name__)

STEPS_ON_A_PAGE = 4


class Kind(StrEnum):
    """How it is set."""

    USUAL = "usual"
    LARGE = "large"
    EASY = "easy"


KINDS: Mapping[Kind, Any] = {
    Kind.USUAL: _l("One page"),
    Kind.LARGE: _l("Large print"),
    Kind.EASY: _l("Easy to read"),
}


@dataclass(frozen=True)
class Wish:
    """What the sheet shall be like. `initials`: in place of the name; `plan`: with the steps still to take.

    The steps are in words that somebody typed, so they are on it only if somebody asks for them.
    """

    kind: Kind = Kind.USUAL
    language: str = SOURCE
    initials: bool = False
    star: bool = True
    plan: bool = False


def usual_wish(person: ServiceUser, *, drafts: bool = False) -> Wish:
    """What suits this person, by their record: large print, and their language if it was reviewed."""
    language = LANGUAGES.get(person.language)
    known = language is not None and (drafts or not language.is_draft)
    kind = Kind.LARGE if person.needs_large_print else Kind.USUAL
    return Wish(kind, person.language if known else SOURCE)


@blueprint.get("/people/<reference>/summary")
@guard(Action.SEE_PERSON)
def show(reference: str) -> Response:
    """The sheet as a PDF, of the two surveys that the page of progress shows; without any, that page."""
    asked = {name: request.args.get(name, type=uuid.UUID) for name in ("episode", "first", "latest")}
    seen = progress.of_person(db, actor, reference, *asked.values())
    if seen.first is None:
        return redirect(url_for("progress.show", reference=reference))
    wish = _wish(seen.person)
    progress.note_summary(db, actor, seen.person, kind=wish.kind, language=wish.language)
    steps = plans.of_episode(db, seen.episode.id) if wish.plan and seen.episode else ()
    drawn = sheet(seen, wish, steps)
    db.commit()
    return as_file(drawn.pdf(), f"{reference}.pdf")


def _wish(person: ServiceUser) -> Wish:
    usual, asked = usual_wish(person), request.args
    return Wish(
        kind=asked.get("kind", usual.kind, type=Kind),
        language=language if (language := asked.get("language", "")) in LANGUAGES else usual.language,
        initials="initials" in asked,
        star="without_star" not in asked,
        plan="plan" in asked,
    )


def sheet(seen: Progress, wish: Wish, steps: Sequence[PlanLine] = ()) -> Drawn:
    """The sheet. At usual size it is one page: where a lot was said, the star is smaller."""
    with use_language(wish.language):
        values = {**_values(seen, wish), **_plan(steps, STEPS_ON_A_PAGE if wish.kind is Kind.USUAL else None)}
        if wish.kind is Kind.EASY:
            return Drawn((fill("printable/summary/easy.html", **values),))
        if wish.kind is Kind.LARGE:
            return Drawn((fill("printable/summary/page.html", **values),))
        settings = (fill("printable/summary/page.html", tight=tight, **values) for tight in (0, 1))
        return Drawn(tuple(settings), pages=1)


def _plan(steps: Sequence[PlanLine], most: int | None) -> dict[str, Any]:
    """The steps still to take, `most` of them; and how many more there are."""
    still = [step for step in steps if step.is_open]
    return {"plan": still[:most], "more_planned": len(still[most:]) if most else 0, "isolated": isolated}


def _values(seen: Progress, wish: Wish) -> dict[str, Any]:
    assert seen.episode is not None
    of = by_survey(shown_of(seen.episode))
    first, latest = of[seen.first], of.get(seen.latest)
    person = seen.person
    return {
        "kind": wish.kind,
        "with_star": wish.star,
        "service_name": service.name or _("Well-being survey"),
        "today": clock.today(),
        "name": person.initials if wish.initials else person.name,
        "advisor": seen.episode.advisor.name,
        "first": first,
        "latest": latest,
        "change": seen.change,
        "lines": compare(INSTRUMENT.keys, first.scores, latest.scores if latest else {}),
        "star": charts.star(len(INSTRUMENT.keys), len(INSTRUMENT.points)),
        "scale": charts.scale(len(INSTRUMENT.points)),
    }
