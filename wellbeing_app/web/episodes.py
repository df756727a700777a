"""Episodes of a person: a new one, its key dates, its closing, and opening it again."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.base import Form
from wellbeing_app.forms.episode import PROBLEMS, CloseForm, EpisodeForm, NewEpisodeForm
from wellbeing_app.model import ClosingReason, Episode, ServiceUser
from wellbeing_app.services import access, pathway, people, referrers
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import isolated
from wellbeing_app.web.context import actor, db, forget_writes
from wellbeing_app.web.guard import guard

blueprint = Blueprint("episodes", __name__)

View = str | Response | tuple[str, int]


@blueprint.route("/people/<reference>/episodes/new", methods=["GET", "POST"])
@guard(Action.HAND_ON)
def add(reference: str) -> View:
    """Somebody came back: an episode of its own, with its own baseline."""
    person = access.person(db, actor, Action.HAND_ON, reference)
    form = NewEpisodeForm()
    form.offer(pathway.advisors(db, actor), actor.id, referrers.known(db))
    if form.validate_on_submit():
        try:
            details = form.episode_details()
            pathway.begin_another(db, actor, person, details, beside_open=form.beside_open.data)
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("The new episode has begun."))
            return _to_record(person)
    still_open = [episode for episode in person.episodes if episode.is_open]
    page = render_template("episodes/add.html", person=person, form=form, still_open=still_open)
    return page, _status(form)


@blueprint.route("/episodes/<uuid:episode_id>", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def edit(episode_id: uuid.UUID) -> View:
    """Pathway, advisor and key dates; if somebody else changed them meanwhile, both versions are shown."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    form = _offered(EpisodeForm.of(episode), episode)
    theirs = None
    if form.validate_on_submit():
        try:
            pathway.edit(db, actor, episode_id, form.episode_details(), form.version.data)
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        except Superseded:
            forget_writes()
            episode = theirs = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
            form.build_upon(episode)
        else:
            flash(_("Saved."))
            return _to_record(episode.service_user)
    differing = form.differing(theirs) if theirs else None
    page = render_template("episodes/edit.html", episode=episode, form=form, differing=differing)
    return page, _status(form, lost=theirs is not None)


@blueprint.route("/episodes/<uuid:episode_id>/close", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def close(episode_id: uuid.UUID) -> View:
    """When and why it ended."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    form = CloseForm(data={"closing_note": episode.closing_note})
    if not episode.is_open:
        flash(_("This episode is closed already."), "info")
        return _to_record(episode.service_user, episode)
    if form.validate_on_submit():
        reason = ClosingReason(form.closing_reason.data)
        try:
            pathway.close(db, actor, episode_id, form.closed_on.data, reason, form.closing_note.data or "")
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("The episode is closed. You can open it again below."))
            return _to_record(episode.service_user, episode)
    return render_template("episodes/close.html", episode=episode, form=form), _status(form)


@blueprint.post("/episodes/<uuid:episode_id>/reopen")
@guard(Action.EDIT_PERSON)
def reopen(episode_id: uuid.UUID) -> View:
    """Take a closing back."""
    episode = pathway.reopen(db, actor, episode_id)
    flash(_("The episode is open again."))
    return _to_record(episode.service_user, episode)


def _offered(form: EpisodeForm, episode: Episode) -> EpisodeForm:
    form.offer(pathway.advisors_for(db, actor, episode), episode.advisor_id, referrers.known(db))
    return form


def _to_record(person: ServiceUser, episode: Episode | None = None) -> Response:
    """To the record; or to the caseload, once the person was given to somebody else."""
    if not people.is_in_reach(db, actor, person):
        flash(_("%(name)s is with another advisor now.", name=isolated(person.name)), "info")
        return redirect(url_for("caseload.caseload"))
    shown = episode.id if episode else None
    return redirect(url_for("people.record", reference=person.reference, episode=shown))


def _status(form: Form, *, lost: bool = False) -> int:
    return 409 if lost else 422 if form.errors else 200
