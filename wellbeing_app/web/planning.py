"""Planning a survey, handing its form to the person, and cancelling it. `web.surveys` gives the addresses."""

from __future__ import annotations

import uuid

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from wellbeing_app.forms.survey import CIRCUMSTANCES, OF_THE_DRAFT, typed
from wellbeing_app.model import Occasion, Ticket
from wellbeing_app.services import access, clock, handover, tickets
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action
from wellbeing_app.web import self_pages
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import where_from

PAGES = {"telephone": "calls.start", "paper": "paper.for_ticket"}


@guard(Action.PLAN_SURVEY)
def plan(episode_id: uuid.UUID) -> Response:
    """Take a ticket for the next survey of an episode, and open its form."""
    try:
        ticket = tickets.plan(
            db, actor, episode_id, _occasion(), clock.today(), another=bool(request.form.get("another"))
        )
    except Invalid as refusal:
        episode = access.episode(db, actor, Action.PLAN_SURVEY, episode_id)
        flash(_problem(refusal.problems["occasion"]), "warning")
        return redirect(
            url_for("people.record", reference=episode.service_user.reference, episode=episode.id)
        )
    page = PAGES.get(request.form.get("by", ""), "surveys.form")
    return redirect(url_for(page, ticket_id=ticket.id))


@guard(Action.PLAN_SURVEY)
def hand_over(ticket_id: uuid.UUID) -> Response:
    """Let the person fill it in: until the advisor's password, this browser opens nothing else."""
    ticket = handover.hand_over(db, actor, ticket_id)
    _keep_what_was_typed(ticket)
    person = ticket.episode.service_user
    self_pages.begin(ticket.draft.fields if ticket.draft else {}, person.language)
    return redirect(url_for("self_completion.start", ticket_id=ticket_id))


@guard(Action.PLAN_SURVEY)
def withdraw(ticket_id: uuid.UUID) -> Response:
    """Cancel a planned survey."""
    _keep_what_was_typed(access.ticket(db, actor, Action.PLAN_SURVEY, ticket_id))
    ticket = tickets.void(db, actor, ticket_id)
    flash(_("The planned survey is cancelled. What was typed is kept."), "success")
    return redirect(where_from(ticket))


@guard(Action.PLAN_SURVEY)
def reinstate(ticket_id: uuid.UUID) -> Response:
    """Take up a cancelled survey again, with what was typed."""
    tickets.reinstate(db, actor, ticket_id)
    return redirect(url_for("surveys.form", ticket_id=ticket_id))


def _keep_what_was_typed(ticket: Ticket) -> None:
    """The buttons stand on the form of the survey, and send it along."""
    fields = typed(request.form)
    something = any(value for name, value in fields.items() if name not in (*CIRCUMSTANCES, *OF_THE_DRAFT))
    if ticket.is_open and something:
        tickets.save_draft(db, actor, ticket, fields)


def _occasion() -> Occasion:
    try:
        return Occasion(request.form.get("occasion", ""))
    except ValueError as forged:
        raise BadRequest from forged


def _problem(code: str) -> str:
    return {
        "episode_closed": _("This episode is closed. Open it again, or begin a new one."),
        "baseline_first": _("There is no baseline yet. Take the baseline first."),
        "baseline_exists": _("There is a baseline already. Correct it, or ask for a second one."),
    }[code]
