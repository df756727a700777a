"""Planning, filling in, checking, saving, reading and correcting a survey."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from wellbeing_app.forms.base import ConfirmForm
from wellbeing_app.forms.messages import STALE
from wellbeing_app.forms.survey import (
    CircumstancesForm,
    Fields,
    answered,
    as_form,
    of_answers,
    read,
    states,
    typed,
)
from wellbeing_app.model import Mode, Occasion, Respondent, Role, Ticket
from wellbeing_app.services import access, answers, clock, handover, surveys, tickets
from wellbeing_app.services.errors import AlreadyRecorded, Invalid
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.forgery import is_stale
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import blamed, circumstances_form

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")

View = str | Response | tuple[str, int]


@blueprint.post("/for/<uuid:episode_id>")
@guard(Action.FILL_SURVEY)
def plan(episode_id: uuid.UUID) -> View:
    """Take a ticket for the next survey of an episode, and open its form."""
    occasion = Occasion(request.form.get("occasion", Occasion.BASELINE.value))
    try:
        ticket = tickets.plan(
            db, actor, episode_id, occasion, clock.today(), another=bool(request.form.get("another"))
        )
    except Invalid as refusal:
        episode = access.episode(db, actor, Action.FILL_SURVEY, episode_id)
        flash(_planning_problem(refusal.problems["occasion"]), "warning")
        return redirect(url_for("people.record", reference=episode.service_user.reference))
    return redirect(url_for("surveys.form", ticket_id=ticket.id))


@blueprint.get("/<uuid:ticket_id>")
@guard(Action.FILL_SURVEY)
def form(ticket_id: uuid.UUID) -> View:
    """All measures on one page, with the draft if there is one."""
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    if ticket.redeemed_at is not None:
        return _after_saving(ticket, surveys.of_ticket(db, ticket).id)
    fields = drafted(ticket)
    problems = _problems(ticket, fields) if "check" in request.args else {}
    return _form_page(ticket, fields, problems)


@blueprint.post("/<uuid:ticket_id>")
@guard(Action.FILL_SURVEY)
def save_form(ticket_id: uuid.UUID) -> View:
    """Keep what was typed as a draft; then check it, or leave it for later."""
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    fields = typed(request.form)
    if is_stale():
        return _form_page(ticket, fields, {}, stale=True), 400
    if ticket.redeemed_at is not None:
        return _already(ticket, fields)
    tickets.save_draft(db, actor, ticket, fields)
    match request.form.get("do"):
        case "draft":
            return "", 204
        case "later":
            flash(_("Kept as a draft. Nothing is lost."), "success")
            return redirect(_where_from(ticket))
        case _:
            problems = _problems(ticket, fields)
            if problems:
                return _form_page(ticket, fields, problems), 422
            return redirect(url_for("surveys.check", ticket_id=ticket.id))


@blueprint.get("/<uuid:ticket_id>/check")
@guard(Action.FILL_SURVEY)
def check(ticket_id: uuid.UUID) -> View:
    """Every answer in words, before it is saved."""
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    if ticket.redeemed_at is not None:
        return _after_saving(ticket, surveys.of_ticket(db, ticket).id)
    fields = drafted(ticket)
    if _problems(ticket, fields):
        return redirect(url_for("surveys.form", ticket_id=ticket.id, check=1))
    return _check_page(ticket, fields)


@blueprint.post("/<uuid:ticket_id>/check")
@guard(Action.FILL_SURVEY)
def save(ticket_id: uuid.UUID) -> View:
    """Save the survey that was checked."""
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    if ticket.redeemed_at is not None:
        return _saved_before(ticket)
    fields = drafted(ticket)
    given, problems = read(fields, clock.today(), ticket.episode.referred_on)
    if problems:
        return redirect(url_for("surveys.form", ticket_id=ticket.id, check=1))
    if is_stale():
        return _check_page(ticket, fields, STALE), 400
    if request.form.get("digest") != given.digest():
        return _check_page(
            ticket, fields, _l("The answers were changed meanwhile. Look them over again.")
        ), 409
    try:
        receipt = surveys.record(db, actor, ticket.id, given)
    except AlreadyRecorded:
        return _already(ticket, fields)
    flash(_("Saved."), "success")
    return _after_saving(ticket, receipt.survey_id)


@blueprint.post("/<uuid:ticket_id>/hand-over")
@guard(Action.FILL_SURVEY)
def hand_over(ticket_id: uuid.UUID) -> View:
    """Let the person fill it in: until the advisor's password, this browser opens nothing else."""
    handover.hand_over(db, actor, ticket_id)
    return redirect(url_for("self_completion.start", ticket_id=ticket_id))


@blueprint.post("/<uuid:ticket_id>/withdraw")
@guard(Action.FILL_SURVEY)
def withdraw(ticket_id: uuid.UUID) -> View:
    """Cancel a planned survey."""
    ticket = tickets.void(db, actor, ticket_id)
    flash(_("The planned survey was cancelled."), "success")
    return redirect(_where_from(ticket))


def drafted(ticket: Ticket) -> Fields:
    """What was typed so far; or what a fresh form starts with."""
    if ticket.draft is not None:
        return dict(ticket.draft.fields)
    person = ticket.episode.service_user
    by_whom = Mode.SELF_PAPER if actor.role is Role.DATA_ENTRY else Mode.IN_PERSON
    return {
        "completed_on": clock.today().isoformat(),
        "mode": by_whom.value,
        "respondent": Respondent.SELF.value,
        "with_interpreter": "y" if person.needs_interpreter else "",
        "language": person.language,
    }


def _problems(ticket: Ticket, fields: Fields) -> dict[str, str]:
    return read(fields, clock.today(), ticket.episode.referred_on)[1]


def _form_page(ticket: Ticket, fields: Fields, problems: dict[str, str], *, stale: bool = False) -> str:
    circumstances = circumstances_form(CircumstancesForm, fields, problems, stale=stale)
    earlier = {} if service.hide_earlier_scores else surveys.earlier_scores(db, ticket)
    return render_template(
        "surveys/form.html",
        ticket=ticket,
        form=circumstances,
        measures=states(fields, problems, earlier),
        blamed=blamed(problems),
        answered=answered(fields),
        only_initials=actor.role is Role.DATA_ENTRY,
        where_from=_where_from(ticket),
    )


def _check_page(ticket: Ticket, fields: Fields, notice: Any = None) -> str:
    given, _none = read(fields, clock.today(), ticket.episode.referred_on)
    return render_template(
        "surveys/check.html",
        ticket=ticket,
        given=given,
        measures=states(fields),
        notice=notice,
        only_initials=actor.role is Role.DATA_ENTRY,
        form=ConfirmForm(formdata=None),
    )


def _saved_before(ticket: Ticket) -> View:
    """A second press of the button: the same answers are saved; others are shown beside the saved ones."""
    survey = surveys.of_ticket(db, ticket)
    if request.form.get("digest") == surveys.first_answers(db, survey).digest():
        return _after_saving(ticket, survey.id)
    return _already(ticket, typed(request.form))


def _already(ticket: Ticket, fields: Fields) -> View:
    survey = surveys.of_ticket(db, ticket)
    page = render_template(
        "surveys/already.html",
        survey=survey,
        saved=states(of_answers(answers.of_row(survey))),
        typed=states(fields),
        fields=as_form(fields),
        may_correct=actor.may(Action.CORRECT_SURVEY),
    )
    return page, 409


def _after_saving(ticket: Ticket, survey_id: uuid.UUID) -> View:
    if not actor.may(Action.SEE_PERSON):
        return redirect(url_for("entry.open_form"))
    reference = ticket.episode.service_user.reference
    if ticket.occasion is Occasion.FOLLOW_UP:
        return redirect(url_for("progress.show", reference=reference, latest=survey_id))
    return redirect(url_for("people.record", reference=reference))


def _where_from(ticket: Ticket) -> str:
    if not actor.may(Action.SEE_PERSON):
        return url_for("entry.open_form")
    return url_for("people.record", reference=ticket.episode.service_user.reference)


def _planning_problem(code: str) -> str:
    return {
        "episode_closed": _("This episode is closed. Open it again, or begin a new one."),
        "baseline_first": _("There is no baseline yet. Take the baseline first."),
        "baseline_exists": _("There is a baseline already. Correct it, or ask for a second one."),
    }[code]
