"""Follow-ups: the list of what is due, and one episode's follow-up with its days and its tries."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from wellbeing_app.forms.followup import (
    CONTACT_PROBLEMS,
    PROBLEMS,
    SHOWN,
    SORTED,
    AttemptForm,
    MoveForm,
    asked,
    moved_words,
)
from wellbeing_app.forms.labels import label
from wellbeing_app.model import ContactOutcome, Episode, FollowUpEnd, Pathway, Stage
from wellbeing_app.services import access, clock, contacts, due_list, followups, journey, moving
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.followups import Due
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.guard import guard
from wellbeing_app.web.paper import spoken

blueprint = Blueprint("followups", __name__)
blueprint.add_app_template_filter(moved_words, "moved_words")

View = str | Response | tuple[str, int]


@blueprint.get("/follow-ups")
@guard(Action.SEE_CASELOAD)
def listed() -> str:
    """Whose follow-up is due, and what to do next."""
    wishes = asked(request.args)
    found = due_list.page(db, actor, wishes)
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "after"}
    return render_template(
        "followups/list.html",
        asked=wishes,
        who=request.args.get("who", ""),
        items=found.items,
        tries=contacts.last_of(db, [one.episode_id for one in found.items]),
        now=clock.now(),
        more=url_for("followups.listed", **{**kept, "after": found.more}) if found.more else None,
        first=url_for("followups.listed", **kept) if wishes.after else None,
        many=url_for("followups.listed", **{**kept, "many": 1}),
        others=due_list.others(db, actor),
        shown=SHOWN,
        sorted_by=SORTED,
        pathway_choices=[("", _("Both pathways")), *((one, label(one)) for one in Pathway)],
        today=clock.today(),
    )


@blueprint.get("/episodes/<uuid:episode_id>/follow-up")
@guard(Action.EDIT_PERSON)
def show(episode_id: uuid.UUID) -> View:
    """Where one follow-up stands, and what can be done about it."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    wanted = request.args.get("outcome", "")
    return page(episode, attempt=attempt_form(episode, wanted))


@blueprint.post("/episodes/<uuid:episode_id>/follow-up/move")
@guard(Action.EDIT_PERSON)
def move(episode_id: uuid.UUID) -> View:
    """Another day, with a reason."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    form = move_form(episode)
    if form.validate_on_submit():
        to = None if "usual" in request.form else form.to.data
        try:
            moving.move(db, actor, episode_id, form.which.data, to, form.reason.data)
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            flash(_("The day is moved."))
            return redirect(url_for("followups.show", episode_id=episode_id))
    return page(episode, moving_form=form), 422


@blueprint.post("/episodes/<uuid:episode_id>/follow-up/end")
@guard(Action.EDIT_PERSON)
def end(episode_id: uuid.UUID) -> View:
    """Declined, or lost; or taken up again."""
    why = request.form.get("why", "")
    if why == "again":
        moving.take_up_again(db, actor, episode_id)
        flash(_("The follow-up is taken up again."))
    elif why in set(FollowUpEnd):
        moving.end(db, actor, episode_id, FollowUpEnd(why))
        flash(_("Saved. You can take the follow-up up again on this page."))
    else:
        raise BadRequest
    return redirect(url_for("followups.show", episode_id=episode_id))


@blueprint.post("/episodes/<uuid:episode_id>/attempts")
@guard(Action.EDIT_PERSON)
def tried(episode_id: uuid.UUID) -> View:
    """What came of trying to reach them."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    form = AttemptForm()
    form.offer(message=episode.service_user.may_leave_message)
    if form.validate_on_submit():
        outcome = ContactOutcome(form.outcome.data)
        try:
            made = contacts.add(db, actor, episode_id, outcome, form.note.data or "", form.ring_at())
        except Invalid as refusal:
            form.blame(refusal.problems, CONTACT_PROBLEMS)
        else:
            return _after(episode, made)
    return page(episode, attempt=form), 422


@blueprint.post("/episodes/<uuid:episode_id>/attempts/undo")
@guard(Action.EDIT_PERSON)
def untried(episode_id: uuid.UUID) -> View:
    """The last one was a slip."""
    if contacts.undo(db, actor, episode_id):
        flash(_("Taken back."))
    return redirect(url_for("followups.show", episode_id=episode_id))


def _after(episode: Episode, made: contacts.Made) -> Response:
    if made.flag is not None:
        flash(_("The safety flag is up. It stays until somebody says what came of it."))
        reference = episode.service_user.reference
        return redirect(url_for("safety.show", reference=reference, flag_id=made.flag.id))
    flash(_("Saved. You can take it back below."))
    return redirect(url_for("followups.show", episode_id=episode.id))


def move_form(episode: Episode, *, empty: bool = False) -> MoveForm:
    """The form for moving one of the episode's days."""
    form = MoveForm(formdata=None) if empty else MoveForm()
    form.offer(moving.can_be_moved(episode))
    return form


def attempt_form(episode: Episode, wanted: str = "") -> AttemptForm:
    """An empty form for a try, with this outcome chosen if it is one."""
    chosen = {"outcome": wanted} if wanted in set(ContactOutcome) else {}
    form = AttemptForm(formdata=None, data=chosen)
    form.offer(message=episode.service_user.may_leave_message)
    return form


def _is_waiting(due: Due) -> bool:
    """Whether there is still something to ask them."""
    return due.stage in (Stage.BASELINE, Stage.FOLLOW_UP)


def page(episode: Episode, moving_form: MoveForm | None = None, attempt: AttemptForm | None = None) -> str:
    """One follow-up."""
    today, now = clock.today(), clock.now()
    reckoned = journey.reckoned(episode, service.schedule)
    tries = contacts.about(contacts.of_episode(db, episode), reckoned.opens)
    person = episode.service_user
    return render_template(
        "followups/show.html",
        episode=episode,
        person=person,
        due=reckoned,
        state=followups.state(reckoned, today) if episode.is_open else None,
        form=moving_form or move_form(episode, empty=True),
        attempt=attempt or attempt_form(episode),
        tries=tries,
        proposal=contacts.propose(person, tries, now, reckoned.opens) if _is_waiting(reckoned) else None,
        is_safe=contacts.is_safe(person, now),
        card_language=spoken(person.language),
        moves=moving.moves(db, episode),
        today=today,
    )
