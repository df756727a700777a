"""A survey by telephone: one measure at a time, with the words to say, broken off and taken up again."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.calls import CHECK_EACH, CheckForm
from wellbeing_app.forms.safety import PROBLEMS as WORRIES
from wellbeing_app.forms.safety import FlagForm
from wellbeing_app.forms.survey import Fields, read, states, typed
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import ContactOutcome, Mode, Occasion, Respondent, Ticket
from wellbeing_app.services import access, clock, contacts, progress, safety, surveys, tickets
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.forgery import is_stale
from wellbeing_app.web.guard import guard
from wellbeing_app.web.i18n import current_language
from wellbeing_app.web.self_pages import LAST, first_wrong, measure_errors, of_measure
from wellbeing_app.web.survey_pages import where_from

blueprint = Blueprint("calls", __name__, url_prefix="/calls/<uuid:ticket_id>")

View = str | Response | tuple[str, int]
LEFT_OUT, NOT_ASKED = "declined", "not_asked"


@blueprint.route("/", methods=["GET", "POST"])
@guard(Action.PLAN_SURVEY)
def start(ticket_id: uuid.UUID) -> View:
    """Before the first question, and at every ringing back: a good time, free to talk, the right person."""
    ticket = _ticket(ticket_id)
    if not ticket.is_open:
        return redirect(url_for("surveys.form", ticket_id=ticket.id))
    form = CheckForm()
    if "later" in request.form:
        return _ring_back(ticket)
    if form.validate_on_submit():
        contacts.add(db, actor, ticket.episode_id, ContactOutcome.SPOKE)
        place = _place(ticket)
        _keep(ticket, _fields(ticket), place)
        return redirect(url_for("calls.measure", ticket_id=ticket.id, number=place))
    errors = [(CHECK_EACH, form.first_unticked())] if form.is_submitted() else []
    return _page("start", ticket, form=form, errors=errors, place=_place(ticket)), 422 if errors else 200


@blueprint.get("/<int(min=1, max=8):number>")
@guard(Action.PLAN_SURVEY)
def measure(ticket_id: uuid.UUID, number: int) -> View:
    """One measure, with what to say."""
    ticket = _ticket(ticket_id)
    if not ticket.is_open:
        return redirect(url_for("surveys.form", ticket_id=ticket.id))
    return _measure_page(ticket, number, _fields(ticket), {})


@blueprint.post("/<int(min=1, max=8):number>")
@guard(Action.PLAN_SURVEY)
def answer(ticket_id: uuid.UUID, number: int) -> View:
    """Keep the answer and the place; then go on, or wherever the button leads."""
    ticket = _ticket(ticket_id)
    do = request.form.get("do", "continue")
    fields = _with_answer(ticket, number, do)
    if is_stale():
        return _measure_page(ticket, number, fields, {}, stale=True), 400
    problems = of_measure(number, _problems(ticket, fields))
    goes_on = do in ("continue", "skip") and not problems and number < LAST
    _keep(ticket, fields, number + 1 if goes_on else number)
    if not ticket.is_open:
        return redirect(url_for("surveys.form", ticket_id=ticket.id))
    if do == "draft":
        return "", 204
    if do in ("pause", "help", "flag"):
        return _leave(ticket, do)
    if problems and do != "stop":
        return _measure_page(ticket, number, fields, problems), 422
    if goes_on and "check" not in request.args:
        return redirect(url_for("calls.measure", ticket_id=ticket.id, number=number + 1))
    return _to_check(ticket, fields)


@blueprint.route("/flag", methods=["GET", "POST"])
@guard(Action.PLAN_SURVEY)
def flag(ticket_id: uuid.UUID) -> View:
    """A worry about their safety, without leaving the call."""
    ticket = _ticket(ticket_id)
    form = FlagForm()
    if form.validate_on_submit():
        try:
            safety.flag_person(
                db, actor, ticket.episode.service_user, form.concern.data, form.told.data or ""
            )
        except Invalid as refusal:
            form.blame({name: name for name in refusal.problems}, WORRIES)
        else:
            flash(_("The safety flag is up. It stays until somebody says what came of it."))
            return redirect(url_for("calls.measure", ticket_id=ticket.id, number=_place(ticket)))
    page = _page("flag", ticket, form=form, place=_place(ticket), tell=service.safety_contact)
    return page, 422 if form.errors else 200


@blueprint.get("/end")
@guard(Action.PLAN_SURVEY)
def end(ticket_id: uuid.UUID) -> View:
    """It is saved. Do they want to hear how it compares?"""
    ticket = _ticket(ticket_id)
    if ticket.is_open:
        return redirect(url_for("calls.start", ticket_id=ticket.id))
    return _page("end", ticket, where_to=where_from(ticket))


@blueprint.get("/compare")
@guard(Action.PLAN_SURVEY)
def compare(ticket_id: uuid.UUID) -> View:
    """How it compares, in words to read out."""
    ticket = _ticket(ticket_id)
    if ticket.redeemed_at is None:
        return redirect(url_for("calls.start", ticket_id=ticket.id))
    survey, reference = surveys.of_ticket(db, ticket), ticket.episode.service_user.reference
    seen = progress.of_person(db, actor, reference, ticket.episode_id, latest_id=survey.id)
    return _page("compare", ticket, change=seen.change, survey=survey, where_to=where_from(ticket))


def _ticket(ticket_id: uuid.UUID) -> Ticket:
    return access.ticket(db, actor, Action.PLAN_SURVEY, ticket_id)


def _fields(ticket: Ticket) -> Fields:
    """What was answered so far, from now on by telephone, today, in the language of the page."""
    kept = dict(ticket.draft.fields) if ticket.draft else {}
    return {
        "respondent": Respondent.SELF.value,
        **kept,
        "mode": Mode.TELEPHONE.value,
        "language": current_language().code,
        "completed_on": clock.today().isoformat(),
    }


def _with_answer(ticket: Ticket, number: int, do: str) -> Fields:
    """What was answered so far, and what the page sends about its measure."""
    key, sent = INSTRUMENT.keys[number - 1], typed(request.form)
    own = {name: sent[name] for name in (f"answer-{key}", f"prompts-{key}", f"note-{key}")}
    fields = _fields(ticket) | own
    if do == "skip":
        fields[f"answer-{key}"] = LEFT_OUT
    if do == "stop":
        fields |= {name: NOT_ASKED for one in INSTRUMENT.keys if not fields.get(name := f"answer-{one}")}
    return fields


def _keep(ticket: Ticket, fields: Fields, place: int) -> None:
    if ticket.is_open or ticket.draft is not None:
        tickets.save_draft(db, actor, ticket, fields | {tickets.PAGE: "", tickets.PLACE: str(place)})


def _problems(ticket: Ticket, fields: Fields) -> dict[str, str]:
    return read(fields, clock.today(), *surveys.not_before(db, ticket.episode, ticket.occasion))[1]


def _place(ticket: Ticket) -> int:
    """The question at which the call was broken off; else the first without an answer."""
    fields = ticket.draft.fields if ticket.draft else {}
    kept = str(fields.get(tickets.PLACE, ""))
    if kept.isdecimal() and 1 <= int(kept) <= LAST:
        return int(kept)
    return next((n for n, key in enumerate(INSTRUMENT.keys, 1) if not fields.get(f"answer-{key}")), 1)


def _leave(ticket: Ticket, do: str) -> Response:
    if do == "pause":
        flash(_("Everything is kept. When you ring back, the call goes on at the same question."), "info")
        return _ring_back(ticket)
    return redirect(url_for("help.panel") if do == "help" else url_for("calls.flag", ticket_id=ticket.id))


def _ring_back(ticket: Ticket) -> Response:
    outcome = ContactOutcome.CALL_BACK.value
    return redirect(url_for("followups.show", episode_id=ticket.episode_id, outcome=outcome, _anchor="tried"))


def _to_check(ticket: Ticket, fields: Fields) -> Response:
    wrong = first_wrong(_problems(ticket, fields))
    if wrong:
        return redirect(url_for("calls.measure", ticket_id=ticket.id, number=wrong))
    return redirect(url_for("surveys.check", ticket_id=ticket.id))


def _measure_page(
    ticket: Ticket, number: int, fields: Fields, problems: dict[str, str], *, stale: bool = False
) -> str:
    shown, state = states(fields, problems)[number - 1]
    return _page(
        "measure",
        ticket,
        number=number,
        last=LAST,
        measure=shown,
        state=state,
        errors=measure_errors(problems, stale=stale),
        from_check="check" in request.args,
    )


def _page(name: str, ticket: Ticket, **values: Any) -> str:
    person = ticket.episode.service_user
    is_first = ticket.occasion is Occasion.BASELINE
    return render_template(f"calls/{name}.html", ticket=ticket, person=person, is_first=is_first, **values)
