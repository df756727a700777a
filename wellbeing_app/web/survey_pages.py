"""What the pages of a survey share: each problem in words with where it is, and where to go from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from wellbeing_app.forms.messages import STALE
from wellbeing_app.forms.person import spoken, spoken_language
from wellbeing_app.forms.survey import CIRCUMSTANCES, OF_A_CORRECTION, PROBLEMS, Fields, circumstances, states
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Draft, Mode, Occasion, Respondent, Ticket
from wellbeing_app.services.policy import Action
from wellbeing_app.services.tickets import PLACE
from wellbeing_app.web import drawn
from wellbeing_app.web.context import actor
from wellbeing_app.web.i18n import words

Blamed = list[tuple[Any, str | None]]
FIRST_CHOICES = {
    **{f"answer-{key}": f"answer-{key}-{INSTRUMENT.points[0].value}" for key in INSTRUMENT.keys},
    "mode": f"mode-{next(iter(Mode)).value}",
    "respondent": f"respondent-{next(iter(Respondent)).value}",
}


def init_app(app: Flask) -> None:
    """Give the templates what these pages need."""
    app.jinja_env.globals.update(
        change_links=change_links,
        problem=problem,
        spoken=spoken,
        spoken_language=spoken_language,
        Mode=Mode,
        Respondent=Respondent,
    )


def problem(code: str | None) -> Any:
    """What is wrong, in words; nothing where nothing is."""
    return PROBLEMS[code] if code else None


def blamed(problems: Mapping[str, str], *, stale: bool = False) -> Blamed:
    """What is wrong, as the error summary wants it: a sentence, and the id of the box to go to."""
    found: Blamed = [(STALE, None)] if stale else []
    if "form" in problems:
        found.append((problem(problems["form"]), None))
    for measure in INSTRUMENT.measures:
        for name in (f"answer-{measure.key}", f"note-{measure.key}"):
            if name in problems:
                sentence = _(
                    "%(measure)s: %(problem)s", measure=words(measure.title), problem=problem(problems[name])
                )
                found.append((sentence, FIRST_CHOICES.get(name, name)))
    others = [name for name in (*CIRCUMSTANCES, *OF_A_CORRECTION) if name in problems]
    return found + [(problem(problems[name]), FIRST_CHOICES.get(name, name)) for name in others]


def boxes(
    fields: Fields, problems: Mapping[str, str], earlier: Mapping[str, int] | None = None, view: str = "plain"
) -> dict[str, Any]:
    """The form's parts, filled with what was typed, each problem beside its box."""
    return {
        "measures": drawn.joined(drawn.measures(states(fields, problems, earlier), view)),
        "circumstances": drawn.circumstances(circumstances(fields, problems)),
        "page": uuid4().hex,
    }


def moment_of(draft: Draft | None) -> str:
    """When it was kept, in words; nothing without one."""
    return format_datetime(draft.saved_at, "d MMMM y, HH:mm") if draft else ""


def change_links(address: str) -> dict[str, str]:
    """Where "Change" leads for each measure on the page at `address`."""
    return {key: f"{address}#measure-{key}" for key in INSTRUMENT.keys}


def questions_of(ticket: Ticket, fields: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Where the questions are being answered, and where "Change" leads for each measure."""
    if fields.get("mode") != Mode.TELEPHONE or not fields.get(PLACE) or not actor.may(Action.PLAN_SURVEY):
        form = url_for("surveys.form", ticket_id=ticket.id)
        return form, change_links(form)
    changes = {
        key: url_for("calls.measure", ticket_id=ticket.id, number=number, check=1)
        for number, key in enumerate(INSTRUMENT.keys, 1)
    }
    return url_for("calls.measure", ticket_id=ticket.id, number=fields[PLACE]), changes


def after_saving(reference: str, occasion: Occasion, survey_id: UUID, episode_id: UUID) -> str:
    """Where to go with a saved survey: what changed, the person, or the next form."""
    if not actor.may(Action.SEE_PERSON):
        return url_for("entry.open_form")
    if occasion is Occasion.FOLLOW_UP:
        return url_for("progress.show", reference=reference, latest=survey_id)
    return url_for("people.record", reference=reference, episode=episode_id)


def where_from(ticket: Ticket) -> str:
    """The page that led to this ticket's form."""
    if not actor.may(Action.SEE_PERSON):
        return url_for("entry.open_form")
    reference = ticket.episode.service_user.reference
    return url_for("people.record", reference=reference, episode=ticket.episode_id)


def begun_on_a_screen(ticket: Ticket) -> bool:
    """Whether the draft holds what an advisor or the person answered: not for whoever types in paper."""
    draft = ticket.draft
    return draft is not None and draft.fields.get("mode") != Mode.SELF_PAPER.value
