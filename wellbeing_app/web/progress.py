"""What has changed for a person, to look at and talk about together, and to print for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wellbeing_app import charts
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Mode, Occasion, Respondent, Survey
from wellbeing_app.services import clock, journey, plans, progress, views
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.guard import guard
from wellbeing_app.web.occasions import by_survey, shown_of
from wellbeing_app.web.summary import KINDS, usual_wish

blueprint = Blueprint("progress", __name__, url_prefix="/people")

WITHOUT_STAR = "without_star"
HOW: Mapping[Mode, Any] = {
    Mode.IN_PERSON: _l("face to face"),
    Mode.TELEPHONE: _l("by telephone"),
    Mode.SELF_TABLET: _l("on a tablet"),
    Mode.SELF_PAPER: _l("on paper"),
}


BY_TELEPHONE = _l(
    "Answers by telephone tend to be a little more positive, so a small step can come from that."
)
FACE_TO_FACE = _l("Answers face to face can be a little more positive, so a small step can come from that.")
ON_THEIR_BEHALF: Mapping[tuple[bool, bool], Any] = {
    (True, True): _l("Somebody else answered both on their behalf, and may see some things differently."),
    (True, False): _l(
        "Somebody else answered the first on their behalf, and may see some things differently."
    ),
    (False, True): _l(
        "Somebody else answered the second on their behalf, and may see some things differently."
    ),
}


@blueprint.get("/<reference>/progress")
@guard(Action.SEE_PERSON)
def show(reference: str) -> str:
    """Two surveys laid over each other; one in words; or what to do next while there is none."""
    seen = progress.of_person(db, actor, reference, _asked("episode"), _asked("first"), _asked("latest"))
    shown = shown_of(seen.episode)
    of = by_survey(shown)
    return render_template(
        "progress/show.html",
        person=seen.person,
        episode=seen.episode,
        first=of.get(seen.first),
        latest=of.get(seen.latest),
        change=seen.change,
        caution=_caution(seen.first, seen.latest),
        undecided=[of[survey] for survey in seen.undecided],
        surveys=shown,
        follow_up_window=_window(seen.episode, seen.first),
        star=charts.star(len(INSTRUMENT.keys), len(INSTRUMENT.points)),
        scale=charts.scale(len(INSTRUMENT.points)),
        star_hidden=_star_hidden(reference),
        today=clock.today(),
        plan=plans.of_episode(db, seen.episode.id) if seen.episode else (),
        views=views.standing(db, [one.survey.id for one in shown]),
        kinds=KINDS,
        wish=usual_wish(seen.person),
    )


def _asked(name: str) -> uuid.UUID | None:
    """The id in the address; one that is no id is as none."""
    return request.args.get(name, type=uuid.UUID)


def _star_hidden(reference: str) -> bool:
    """Whether this person does not want to see the star. The browser remembers it of one person at a time."""
    wish = request.args.get("star")
    if wish == "hide":
        session[WITHOUT_STAR] = reference
    elif wish == "show":
        session.pop(WITHOUT_STAR, None)
    return session.get(WITHOUT_STAR) == reference


def _window(episode: Episode | None, first: Survey | None) -> tuple[date, date] | None:
    """When the follow-up is meant to be, while there is a baseline and the episode is open."""
    if episode is None or first is None or not episode.is_open or first.occasion is not Occasion.BASELINE:
        return None
    due = journey.reckoned(episode, service.schedule)
    return (due.opens, due.closes) if due.opens and due.closes else None


def _caution(first: Survey | None, latest: Survey | None) -> str:
    """What makes these two less alike than they look; nothing where nothing does."""
    if first is None or latest is None:
        return ""
    by_proxy = (first.respondent is Respondent.PROXY, latest.respondent is Respondent.PROXY)
    said = [*_different_modes(first.mode, latest.mode), ON_THEIR_BEHALF.get(by_proxy, "")]
    return " ".join(str(sentence) for sentence in said if sentence)


def _different_modes(first: Mode, latest: Mode) -> Sequence[Any]:
    """How each was answered, and what studies found: most positive by telephone, least on paper."""
    if first is latest:
        return []
    said = _("The first was answered %(first)s, the second %(second)s.", first=HOW[first], second=HOW[latest])
    if Mode.TELEPHONE in (first, latest):
        return [said, BY_TELEPHONE]
    return [said, FACE_TO_FACE] if Mode.IN_PERSON in (first, latest) else [said]
