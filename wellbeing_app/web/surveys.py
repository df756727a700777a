"""Filling in a survey on one page: a draft at every step, then check, then save."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.messages import STALE
from wellbeing_app.forms.survey import Fields, answered, apart, of_answers, parse, read, sent, states, typed
from wellbeing_app.model import Mode, Occasion, Respondent, Role, Ticket
from wellbeing_app.services import access, answers, clock, surveys, tickets
from wellbeing_app.services.errors import AlreadyRecorded, Invalid, TicketVoid
from wellbeing_app.services.policy import Action
from wellbeing_app.web import blanks, drawn, planning
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.forgery import is_stale
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import (
    after_saving,
    begun_on_a_screen,
    blamed,
    boxes,
    moment_of,
    questions_of,
    where_from,
)

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")
blueprint.add_url_rule("/for/<uuid:episode_id>", "plan", planning.plan, methods=["POST"])
blueprint.add_url_rule("/<uuid:ticket_id>/hand-over", "hand_over", planning.hand_over, methods=["POST"])
blueprint.add_url_rule("/<uuid:ticket_id>/withdraw", "withdraw", planning.withdraw, methods=["POST"])
blueprint.add_url_rule("/<uuid:ticket_id>/reinstate", "reinstate", planning.reinstate, methods=["POST"])

View = str | Response | tuple[str, int]


@blueprint.get("/<uuid:ticket_id>")
@guard(Action.FILL_SURVEY)
def form(ticket_id: uuid.UUID) -> View:
    """All measures on one page, with the draft if there is one."""
    ticket = _ticket(ticket_id)
    if not ticket.is_open:
        return _too_late(ticket)
    if actor.role is Role.DATA_ENTRY and begun_on_a_screen(ticket):
        return redirect(url_for("entry.open_form"))
    fields = drafted(ticket)
    problems = _problems(ticket, fields) if "check" in request.args else {}
    return _form_page(ticket, fields, problems)


@blueprint.post("/<uuid:ticket_id>")
@guard(Action.FILL_SURVEY)
def save_form(ticket_id: uuid.UUID) -> View:
    """Keep what was typed as a draft; then check it, or leave it for later."""
    ticket = _ticket(ticket_id)
    fields = typed(request.form)
    if is_stale():
        return _form_page(ticket, fields, {}, stale=True), 400
    kept = tickets.save_draft(db, actor, ticket, fields).fields
    if not ticket.is_open:
        return _too_late(ticket)
    do = request.form.get("do")
    if do == "draft":
        return "", 204
    if not tickets.says_the_same(kept, fields):
        flash(
            _("This survey was filled in on another page too. What was blank here came from there."), "info"
        )
    if do == "later":
        flash(_("Kept as a draft. Nothing is lost."), "success")
        return redirect(where_from(ticket))
    problems = _problems(ticket, kept)
    if problems:
        return _form_page(ticket, kept, problems), 422
    return redirect(url_for("surveys.check", ticket_id=ticket.id))


@blueprint.get("/<uuid:ticket_id>/check")
@guard(Action.FILL_SURVEY)
def check(ticket_id: uuid.UUID) -> View:
    """Every answer in words, before it is saved."""
    ticket = _ticket(ticket_id)
    if not ticket.is_open:
        return _too_late(ticket)
    fields = drafted(ticket)
    if _problems(ticket, fields):
        return redirect(url_for("surveys.form", ticket_id=ticket.id, check=1))
    return _check_page(ticket, fields)


@blueprint.post("/<uuid:ticket_id>/check")
@guard(Action.FILL_SURVEY)
def save(ticket_id: uuid.UUID) -> View:
    """Save the answers that were looked at: they come along with the page, so no draft can change them."""
    fields = typed(request.form)
    given, unreadable = parse(fields, clock.today())
    if unreadable or is_stale():
        return _look_again(_ticket(ticket_id), fields)
    try:
        receipt = surveys.record(db, actor, ticket_id, given, fields)
    except Invalid:
        return _look_again(_ticket(ticket_id), fields)
    except (AlreadyRecorded, TicketVoid):
        ticket = _ticket(ticket_id)
        tickets.save_draft(db, actor, ticket, fields)
        return _too_late(ticket)
    flash(_("Saved."), "success")
    is_follow_up = receipt.occasion is Occasion.FOLLOW_UP
    if is_follow_up and given.mode is Mode.TELEPHONE and actor.may(Action.PLAN_SURVEY):
        return redirect(url_for("calls.end", ticket_id=ticket_id))
    return redirect(after_saving(receipt.reference, receipt.occasion, receipt.survey_id, receipt.episode_id))


@blueprint.post("/<uuid:ticket_id>/discard")
@guard(Action.FILL_SURVEY)
def discard(ticket_id: uuid.UUID) -> View:
    """Keep what is saved, and let go of the other answers."""
    ticket = _ticket(ticket_id)
    if ticket.redeemed_at is not None:
        tickets.discard_draft(db, actor, ticket)
    return redirect(where_from(ticket))


def drafted(ticket: Ticket) -> Fields:
    """What was typed so far; or what a fresh form starts with."""
    if ticket.draft is not None:
        return dict(ticket.draft.fields)
    person = ticket.episode.service_user
    from_paper = actor.role is Role.DATA_ENTRY
    return {
        "completed_on": "" if from_paper else clock.today().isoformat(),
        "mode": (Mode.SELF_PAPER if from_paper else Mode.IN_PERSON).value,
        "respondent": Respondent.SELF.value,
        "with_interpreter": "y" if person.needs_interpreter else "",
        "language": person.language,
    }


def _ticket(ticket_id: uuid.UUID) -> Ticket:
    return access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)


def _problems(ticket: Ticket, fields: Fields) -> dict[str, str]:
    return read(fields, clock.today(), *surveys.not_before(db, ticket.episode, ticket.occasion))[1]


def _look_again(ticket: Ticket, fields: Fields) -> View:
    """The form with what is wrong; or, if only its token was too old, the same page once more."""
    problems = _problems(ticket, fields)
    if not problems:
        return _check_page(ticket, fields, STALE), 400
    return _form_page(ticket, fields, problems, stale=is_stale()), 400 if is_stale() else 422


def _form_page(ticket: Ticket, fields: Fields, problems: dict[str, str], *, stale: bool = False) -> str:
    earlier = {} if service.hide_earlier_scores else surveys.earlier_scores(db, ticket)
    from_paper = actor.role is Role.DATA_ENTRY
    wrong, person = blamed(problems, stale=stale), ticket.episode.service_user
    kind = {
        "occasion": ticket.occasion,
        "from_paper": from_paper,
        "is_wrong": bool(wrong),
        "is_draft": ticket.draft is not None,
        "answered": answered(fields),
    }
    own = {
        **boxes(fields, problems, earlier, "plain" if from_paper else "advisor"),
        "seen": fields.get(tickets.SEEN, "") if stale else tickets.stamp(ticket.draft),
        "drafted_at": moment_of(ticket.draft),
        "errors": drawn.errors(wrong),
        "ticket_id": str(ticket.id),
        "code": ticket.code,
        "name": person.initials if from_paper else person.name,
        "reference": person.reference,
        "where_from": where_from(ticket),
    }
    return blanks.page("surveys/form.html", kind, own)


def _check_page(ticket: Ticket, fields: Fields, notice: Any = None) -> str:
    form_url, changes = questions_of(ticket, ticket.draft.fields if ticket.draft else fields)
    return render_template(
        "surveys/check.html",
        ticket=ticket,
        form_url=form_url,
        changes=changes,
        given=parse(fields, clock.today())[0],
        measures=states(fields),
        sent=sent(fields),
        seen=fields.get(tickets.SEEN) or tickets.stamp(ticket.draft),
        notice=notice,
        from_paper=actor.role is Role.DATA_ENTRY,
    )


def _too_late(ticket: Ticket) -> View:
    """Saved or cancelled already: what was typed meanwhile is kept, and shown for somebody to decide."""
    fields = ticket.draft.fields if ticket.draft else {}
    if ticket.voided_at is not None:
        return _page_of(ticket, "surveys/cancelled.html", fields)
    survey = surveys.of_ticket(db, ticket)
    saved, (other, unreadable) = answers.of_row(survey), parse(fields, clock.today())
    if not fields or (other == saved and not unreadable):
        reference = ticket.episode.service_user.reference
        return redirect(after_saving(reference, ticket.occasion, survey.id, ticket.episode_id))
    versions = apart(of_answers(saved), fields)
    return _page_of(
        ticket, "surveys/already.html", fields, survey=survey, given=(saved, other), versions=versions
    )


def _page_of(ticket: Ticket, template: str, fields: Fields, **values: Any) -> tuple[str, int]:
    page = render_template(
        template,
        ticket=ticket,
        typed=states(fields) if fields else [],
        sent=sent(fields),
        from_paper=actor.role is Role.DATA_ENTRY,
        where_from=where_from(ticket),
        **values,
    )
    return page, 409
