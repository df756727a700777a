"""Typing a paper form in: one key for each measure, Enter, and the next form."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.keys import PROBLEMS, KeysForm, keys_of
from wellbeing_app.forms.survey import PROBLEMS as SURVEY_PROBLEMS
from wellbeing_app.forms.survey import of_answers, read
from wellbeing_app.model import Mode, Survey, Ticket
from wellbeing_app.services import access, answers, clock, keyed, papers, retyping, surveys, tickets
from wellbeing_app.services.errors import AlreadyRecorded, Invalid, TicketVoid
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.entry import LAST
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import begun_on_a_screen

blueprint = Blueprint("typing", __name__, url_prefix="/forms")
View = str | Response | tuple[str, int]
DAY, MODE = "typed_day", "typed_mode"
ON_THE_SCREEN = ("completed_on", "mode")


@blueprint.get("/<uuid:ticket_id>/keys")
@guard(Action.FILL_SURVEY)
def keys(ticket_id: uuid.UUID) -> View:
    """The screen for a form: empty, or with what was typed so far."""
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    asked, saved = _second(ticket), surveys.just_saved(db, actor, ticket)
    if not ticket.is_open and asked is None and saved is None:
        return redirect(url_for("surveys.form", ticket_id=ticket.id))
    if ticket.is_open and not actor.may(Action.SEE_PERSON) and begun_on_a_screen(ticket):
        return redirect(url_for("entry.open_form"))
    start = {"completed_on": session.get(DAY, ""), "mode": session.get(MODE, Mode.SELF_PAPER.value)}
    if asked is None and (saved is not None or ticket.draft is not None):
        start |= _as_typed(ticket, saved)
    form = KeysForm(formdata=None, data={**start, "copy": request.args.get("copy", "")})
    return _page(ticket, form, saved=saved)


@blueprint.post("/<uuid:ticket_id>/keys")
@guard(Action.FILL_SURVEY)
def save(ticket_id: uuid.UUID) -> View:
    """Save the answers, and go to the next form; or carry them to the radio view."""
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    form, saved = KeysForm(), surveys.just_saved(db, actor, ticket)
    valid = form.validate_on_submit()
    person = ticket.episode.service_user
    fields = form.fields(_language(ticket, form), with_interpreter=person.needs_interpreter)
    if request.form.get("do") == "radios" and ticket.is_open:
        tickets.save_draft(db, actor, ticket, fields)
        return redirect(url_for("surveys.form", ticket_id=ticket.id))
    if not valid or form.refuse_keys():
        return _page(ticket, form, saved=saved), 422
    if _second(ticket):
        return _enter_again(ticket, form)
    limits = surveys.not_before(db, ticket.episode, ticket.occasion)
    given, problems = read(fields, clock.today(), *limits)
    if problems:
        return _explain(ticket, form, problems, saved)
    return _keep(ticket, form, fields, given, saved)


def _keep(ticket: Ticket, form: KeysForm, fields: dict[str, Any], given: Any, saved: Survey | None) -> View:
    session[DAY], session[MODE] = form.completed_on.data, form.mode.data
    try:
        if saved is not None:
            surveys.put_right(db, actor, ticket.id, given, "put right at once by whoever typed it in")
            flash(_("Put right."), "success")
            return redirect(url_for("entry.open_form"))
        receipt = surveys.record(db, actor, ticket.id, given, fields)
    except Invalid:
        return redirect(url_for("entry.open_form"))
    except (AlreadyRecorded, TicketVoid):
        papers.hold(
            db, actor, ticket.code, "saved" if ticket.redeemed_at else "void", fields, "", _copy(form)
        )
        flash(
            _("This survey was saved or cancelled meanwhile. What you typed is kept for a decision."),
            "warning",
        )
        return redirect(url_for("entry.open_form"))
    papers.note_used(db, ticket, _copy(form))
    typed = keyed.read(form.keys.data or "")
    if not receipt.already:
        every, percent = service.type_twice, service.typed_again
        retyping.ask(db, actor, receipt.survey_id, typed, every=every, percent=percent)
    session[LAST] = {"ticket": str(ticket.id), "who": ticket.episode.service_user.initials}
    flash(_("Saved."), "success")
    return redirect(url_for("entry.open_form"))


def _enter_again(ticket: Ticket, form: KeysForm) -> View:
    survey = surveys.of_ticket(db, ticket)
    try:
        asked = retyping.enter(db, actor, survey.id, keyed.read(form.keys.data or ""))
    except Invalid as refusal:
        form.keys.errors = [PROBLEMS[refusal.problems["keys"]]]
        return _page(ticket, form), 422
    if asked.differing:
        flash(_("Saved. The two entries differ: keep the paper at hand, somebody will compare."), "warning")
    else:
        flash(_("Saved. Both entries are the same."), "success")
    return redirect(url_for("entry.open_form"))


def _explain(ticket: Ticket, form: KeysForm, problems: dict[str, str], saved: Survey | None) -> View:
    """What can be mended on this screen is said here; the rest has its place in the radio view."""
    elsewhere = set(problems) - set(ON_THE_SCREEN)
    if elsewhere and ticket.is_open:
        fields = form.fields(_language(ticket, form), with_interpreter=False)
        tickets.save_draft(db, actor, ticket, fields)
        return redirect(url_for("surveys.form", ticket_id=ticket.id, check=1))
    for name, code in problems.items():
        box = form[name] if name in ON_THE_SCREEN else form.keys
        box.errors = [SURVEY_PROBLEMS[code]]
    return _page(ticket, form, saved=saved), 422


def _page(ticket: Ticket, form: KeysForm, *, saved: Survey | None = None) -> str:
    return render_template(
        "entry/keys.html",
        ticket=ticket,
        form=form,
        is_second=_second(ticket) is not None,
        is_correction=saved is not None,
        meanings=keyed.KEYS,
        typed=keyed.read(form.keys.data or ""),
    )


def _second(ticket: Ticket) -> object | None:
    """The second entry that the actor may type now."""
    if ticket.redeemed_at is None:
        return None
    asked = retyping.wanted(db, surveys.of_ticket(db, ticket).id)
    return asked if asked is not None and asked.first_by_id != actor.id else None


def _as_typed(ticket: Ticket, saved: Survey | None) -> dict[str, Any]:
    fields = of_answers(answers.of_row(saved)) if saved else (ticket.draft.fields if ticket.draft else {})
    kept = {name: fields[name] for name in ON_THE_SCREEN if fields.get(name)}
    return {**kept, "keys": keys_of(fields)}


def _copy(form: KeysForm) -> uuid.UUID | None:
    try:
        return uuid.UUID(form.copy.data or "")
    except ValueError:
        return None


def _language(ticket: Ticket, form: KeysForm) -> str:
    """The language of the paper, where it is known; else the person's."""
    return papers.language_of(db, ticket, _copy(form)) or ticket.episode.service_user.language
