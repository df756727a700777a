"""The ledger: activities, places on them with hours, and wider outcomes, from the record and from a list."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.base import Form
from wellbeing_app.forms.ledger import (
    PROBLEMS,
    ActivityForm,
    ClosedForm,
    EndForm,
    HoursForm,
    OutcomesForm,
    PlaceForm,
    of_outcomes,
)
from wellbeing_app.model import Episode, OutcomeKind
from wellbeing_app.services import access, ledger
from wellbeing_app.services.errors import Invalid, NotFound
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard

blueprint = Blueprint("ledger", __name__)
View = str | Response | tuple[str, int]


@blueprint.route("/episodes/<uuid:episode_id>/ledger", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def of_episode(episode_id: uuid.UUID) -> View:
    """One person's activities and wider outcomes; each small form of the page saves for itself."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    forms = _forms(episode)
    done = request.form.get("do", "") if request.method == "POST" else ""
    if done in forms and forms[done].validate_on_submit():
        try:
            _save(episode, done, forms[done])
        except Invalid as refusal:
            forms[done].blame(refusal.problems, PROBLEMS)
        else:
            flash(_("Saved."))
            return redirect(url_for("ledger.of_episode", episode_id=episode.id))
    page = render_template(
        "ledger/episode.html",
        episode=episode,
        forms=forms,
        wrong=forms.get(done),
        asked=request.form.get("placement_id", ""),
        placements=ledger.placements(db, episode),
    )
    return page, 422 if done in forms and forms[done].errors else 200


def _forms(episode: Episode) -> dict[str, Any]:
    """The page's forms by what they do. Only the one that was sent reads what was sent."""
    done = request.form.get("do", "") if request.method == "POST" else ""
    sent: Callable[[str], dict[str, Any]] = lambda name: {} if name == done else {"formdata": None}  # noqa: E731
    standing = of_outcomes(ledger.outcomes(db, episode.id))
    return {
        "outcomes": OutcomesForm(data=standing, **sent("outcomes")),
        "place": PlaceForm(ledger.activities(db, only_active=True), **sent("place")),
        "hours": HoursForm(**sent("hours")),
        "end": EndForm(**sent("end")),
    }


def _save(episode: Episode, what: str, form: Any) -> None:
    match what:
        case "outcomes":
            ledger.set_outcomes(db, actor, episode.id, form.days())
        case "place":
            ledger.place(db, actor, episode.id, form.activity(), form.began_on.data)
        case "hours":
            ledger.add_hours(db, actor, _placement_id(), form.on.data, form.hours.data)
        case "end":
            ledger.end_placement(db, actor, _placement_id(), form.ended_on.data)


def _placement_id() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("placement_id", ""))
    except ValueError as broken:
        raise NotFound("placement") from broken


@blueprint.route("/outcomes", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def closed() -> View:
    """The wider outcomes of the episodes that were closed last, a row of ticks for each."""
    episodes = ledger.closed_lately(db, actor)
    before = {one.id: ledger.outcomes(db, one.id) for one in episodes}
    form = ClosedForm()
    if form.validate_on_submit():
        changed = 0
        for one in episodes:
            days = form.days(request.form, one, before[one.id])
            if one.id in form.shown and days != before[one.id]:
                ledger.set_outcomes(db, actor, one.id, days)
                changed += 1
        flash(_("Saved. Episodes that changed: %(number)s.", number=changed))
        return redirect(url_for("ledger.closed"))
    form.episodes.data = " ".join(str(one.id) for one in episodes)
    page = render_template(
        "ledger/closed.html", episodes=episodes, before=before, form=form, kinds=list(OutcomeKind)
    )
    return page, 422 if form.errors else 200


@blueprint.route("/activities", methods=["GET", "POST"])
@guard(Action.MANAGE_ACTIVITIES)
def activities() -> View:
    """Everything on offer, and one more."""
    form = ActivityForm()
    if form.validate_on_submit():
        try:
            added = ledger.add_activity(db, actor, form.details())
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("%(activity)s is on the list.", activity=added.title))
            return redirect(url_for("ledger.activities"))
    page = render_template(
        "ledger/activities.html", offered=ledger.activities(db), taken=ledger.places_taken(db), form=form
    )
    return page, _status(form)


@blueprint.route("/activities/<uuid:activity_id>", methods=["GET", "POST"])
@guard(Action.MANAGE_ACTIVITIES)
def activity(activity_id: uuid.UUID) -> View:
    """What is known of one, and the hours of a group."""
    one = ledger.activity_of(db, actor, activity_id)
    of_group = request.form.get("do") == "hours"
    form = ActivityForm(obj=one, **({"formdata": None} if of_group else {}))
    hours = HoursForm(**({} if of_group else {"formdata": None}))
    asked: Form = hours if of_group else form
    if asked.validate_on_submit():
        try:
            if of_group:
                ledger.add_group_hours(db, actor, one.id, hours.on.data, hours.hours.data)
            else:
                ledger.edit_activity(db, actor, one.id, form.details(), form.version.data)
        except Invalid as refusal:
            asked.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("Saved."))
            return redirect(url_for("ledger.activities"))
    return render_template(
        "ledger/activity.html", activity=one, form=form, hours=hours, wrong=asked
    ), _status(asked)


def _status(form: Form) -> int:
    return 422 if form.errors else 200
