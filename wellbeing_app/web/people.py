"""A person: added, read at a glance, edited; who opened the record; and leave to open somebody else's."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms import episode as episode_forms
from wellbeing_app.forms.base import Form
from wellbeing_app.forms.episode import AddPersonForm
from wellbeing_app.forms.person import PROBLEMS, BreakGlassForm, PersonForm, safe_words, spoken_language
from wellbeing_app.model import Episode, Purpose, ServiceUser
from wellbeing_app.services import access, agreements, audit, clock, journey, pathway, people, referrers
from wellbeing_app.services.contents import as_id
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.people import Duplicates, PersonDetails
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import isolated
from wellbeing_app.web import custody, line_of_time
from wellbeing_app.web.context import actor, db, forget_writes, service
from wellbeing_app.web.guard import guard
from wellbeing_app.web.i18n import current_language

blueprint = Blueprint("people", __name__)
blueprint.add_app_template_filter(spoken_language, "spoken")
blueprint.add_app_template_global(safe_words)

View = str | Response | tuple[str, int]


@blueprint.route("/people/new", methods=["GET", "POST"])
@guard(Action.ADD_PERSON)
def add() -> View:
    """A person and their first episode, unless the service knows somebody alike and nobody said otherwise."""
    held_id = as_id(request.args.get("held"))
    form = AddPersonForm(data=custody.stranger(held_id) if held_id else None)
    form.offer(pathway.advisors(db, actor), actor.id, referrers.known(db))
    if not form.validate_on_submit():
        return _add_page(form)
    details = form.details()
    alike = people.possible_duplicates(db, actor, details)
    if alike and request.form.get("confirmed") != _likeness(details):
        return _add_page(form, alike)
    person = _save_new(form, details)
    if person is None:
        return _add_page(form)
    name, given = isolated(person.name), person.reference
    flash(_("Saved. %(name)s has the reference %(reference)s.", name=name, reference=given))
    if held_id:
        return redirect(url_for("custody.show", item_id=held_id))
    if not people.is_in_reach(db, actor, person):
        return redirect(url_for("caseload.caseload"))
    return redirect(url_for("people.record", reference=person.reference))


@blueprint.get("/people/<reference>")
@guard(Action.SEE_PERSON)
def record(reference: str) -> View:
    """Who they are, what is next, what happened, how to reach them; `episode` shows another of theirs."""
    person = people.record(db, actor, reference)
    glass = people.glass_broken_until(db, actor, person)
    return render_template(
        "people/record.html",
        person=person,
        purposes=tuple(Purpose),
        standing=agreements.standing(person),
        open_flags=[flag for flag in person.safety_flags if flag.closed_at is None],
        glass=glass,
        may_hand_on=not glass or access.reaches(db, actor, Action.HAND_ON, person.id),
        today=clock.today(),
        age=people.age(person.date_of_birth, clock.today()) if person.date_of_birth else None,
        **_journey(_asked_for(person) or pathway.latest(person)),
    )


@blueprint.route("/people/<reference>/edit", methods=["GET", "POST"])
@guard(Action.EDIT_PERSON)
def edit(reference: str) -> View:
    """Change what is known of a person; if somebody else did meanwhile, both versions are shown."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    form = PersonForm(obj=person)
    theirs = None
    if form.validate_on_submit():
        try:
            people.edit(db, actor, reference, form.details(), form.version.data)
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        except Superseded:
            forget_writes()
            person = theirs = access.person(db, actor, Action.EDIT_PERSON, reference)
            form.build_upon(person)
        else:
            flash(_("Saved."))
            return redirect(url_for("people.record", reference=reference))
    page = render_template(
        "people/edit.html", form=form, person=person, differing=form.differing(theirs) if theirs else None
    )
    return page, _status(form, lost=theirs is not None)


@blueprint.get("/people/<reference>/access")
@guard(Action.SEE_ACCESS_LOG)
def access_log(reference: str) -> View:
    """Who opened or changed the record, a page at a time."""
    person, lines = people.access_log(db, actor, reference, _moment(request.args.get("before", "")))
    older = lines[-1].at.isoformat() if len(lines) == audit.PAGE else None
    return render_template("people/access.html", person=person, lines=lines, older=older)


@blueprint.route("/break-glass", methods=["GET", "POST"])
@guard(Action.BREAK_GLASS)
def break_glass() -> View:
    """Leave to open somebody else's record for a few hours, with a reason that others will read."""
    form = BreakGlassForm(data={"reference": request.args.get("reference", "")})
    if form.validate_on_submit():
        try:
            person = access.break_glass(db, actor, form.reference.data, form.reason.data)
        except Invalid as refusal:
            form.blame(refusal.problems, PROBLEMS)
        else:
            return redirect(url_for("people.record", reference=person.reference))
    return render_template("people/break_glass.html", form=form), _status(form)


def _add_page(form: AddPersonForm, alike: Duplicates | None = None) -> View:
    likeness = _likeness(form.details()) if alike else None
    page = render_template("people/add.html", form=form, alike=alike, likeness=likeness)
    return page, _status(form)


def _likeness(details: PersonDetails) -> str:
    """What makes people alike: a confirmation for one name and birthday is none for another."""
    return f"{people.searchable(details.first_name, details.last_name)}|{details.date_of_birth or ''}"


def _save_new(form: AddPersonForm, details: PersonDetails) -> ServiceUser | None:
    """The person with their episode; or neither, and the form says why."""
    try:
        person = people.add(db, actor, details)
    except Invalid as refusal:
        form.blame(refusal.problems, PROBLEMS)
        return None
    try:
        pathway.open_episode(db, actor, person, form.episode_details())
    except Invalid as refusal:
        forget_writes()
        form.blame(refusal.problems, episode_forms.PROBLEMS)
        return None
    return person


def _asked_for(person: ServiceUser) -> Episode | None:
    wanted = request.args.get("episode", "")
    return next((episode for episode in person.episodes if str(episode.id) == wanted), None)


def _journey(episode: Episode | None) -> dict[str, object]:
    today = clock.today()
    if episode is None:
        return {"episode": None}
    return {
        "episode": episode,
        "step": journey.next_step(episode, service.schedule, today),
        "milestones": journey.milestones(episode, service.schedule, today),
        "line": line_of_time.draw(
            episode,
            journey.milestones(episode, service.schedule, today),
            today,
            mirrored=current_language().direction == "rtl",
        ),
        "waiting": journey.waiting(episode),
        "baselines": journey.baselines(episode),
        "week": pathway.week(episode.referred_on, today),
        "phase": pathway.phase(episode.pathway, episode.referred_on, today, episode.moved),
    }


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _status(form: Form, *, lost: bool = False) -> int:
    return 409 if lost else 422 if form.errors else 200
