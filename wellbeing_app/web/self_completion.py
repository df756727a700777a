"""The person fills in their own form on a screen that was handed to them: one measure at a time.

Every page here opens while the screen is handed over, for that one ticket; nothing else does (`web.guard`).
None of them names anybody.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.handover import HelpedForm, TakeBackForm
from wellbeing_app.forms.survey import Fields, read, typed
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Respondent, Ticket
from wellbeing_app.services import access, clock, handover, surveys, tickets
from wellbeing_app.services.errors import AlreadyRecorded, TicketVoid
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, house
from wellbeing_app.web.forgery import is_stale
from wellbeing_app.web.guard import guard
from wellbeing_app.web.i18n import LANGUAGES, PERSONS_LANGUAGE, current_language
from wellbeing_app.web.navigation import remember_text_size
from wellbeing_app.web.self_pages import (
    LAST,
    check_page,
    first_wrong,
    forget_pages_before,
    measure_page,
    of_measure,
    own_page,
    page,
)

blueprint = Blueprint("self_completion", __name__, url_prefix="/self/<uuid:ticket_id>")

View = str | Response | tuple[str, int]


@blueprint.before_request
def lead_back() -> Response | None:
    """Opened by staff, with "back" say, a page of the person's leads to the advisor's."""
    if actor.handed_over_ticket_id is not None or request.method == "POST":
        return None
    ticket = _ticket((request.view_args or {})["ticket_id"])
    return redirect(url_for("surveys.form", ticket_id=ticket.id))


@blueprint.get("/")
@guard(Action.FILL_SURVEY, handed_over=True)
def start(ticket_id: uuid.UUID) -> View:
    """What this is, and that nothing has to be answered."""
    ticket = _ticket(ticket_id)
    if not ticket.is_open:
        return _to_the_end(ticket)
    return page("start", ticket, first=_first_unanswered(_fields(ticket)))


@blueprint.post("/preferences")
@guard(Action.FILL_SURVEY, handed_over=True)
def preferences(ticket_id: uuid.UUID) -> View:
    """The person's own language and size of text; an answer that is half-way on the page comes along."""
    ticket = _ticket(ticket_id)
    number = request.form.get("number", type=int)
    if number is not None and 1 <= number <= LAST:
        if is_stale():
            return measure_page(ticket, number, _with_answer(ticket, number), stale=True), 400
        _keep(ticket, _with_answer(ticket, number))
    if request.form.get("language") in LANGUAGES:
        session[PERSONS_LANGUAGE] = request.form["language"]
    response = redirect(own_page(ticket, request.form.get("next", "")))
    remember_text_size(response, request.form.get("text_size"))
    return response


@blueprint.get("/<int(min=1, max=8):number>")
@guard(Action.FILL_SURVEY, handed_over=True)
def measure(ticket_id: uuid.UUID, number: int) -> View:
    """One measure."""
    ticket = _ticket(ticket_id)
    if not ticket.is_open:
        return _to_the_end(ticket)
    return measure_page(ticket, number, _fields(ticket))


@blueprint.post("/<int(min=1, max=8):number>")
@guard(Action.FILL_SURVEY, handed_over=True)
def answer(ticket_id: uuid.UUID, number: int) -> View:
    """Keep the answer, then go on."""
    ticket = _ticket(ticket_id)
    fields = _with_answer(ticket, number)
    if is_stale():
        return measure_page(ticket, number, fields, stale=True), 400
    _keep(ticket, fields)
    if request.form.get("do") == "draft":
        return "", 204
    if not ticket.is_open:
        return _to_the_end(ticket)
    if request.form.get("do") == "pause":
        return redirect(url_for("self_completion.paused", ticket_id=ticket.id, number=number))
    problems = of_measure(number, _problems(ticket, fields))
    if problems:
        return measure_page(ticket, number, fields, problems), 422
    if number == LAST or "check" in request.args:
        return redirect(url_for("self_completion.check", ticket_id=ticket.id))
    return redirect(url_for("self_completion.measure", ticket_id=ticket.id, number=number + 1))


@blueprint.get("/paused")
@guard(Action.FILL_SURVEY, handed_over=True)
def paused(ticket_id: uuid.UUID) -> View:
    """A quiet page that shows nothing."""
    number = request.args.get("number", 1, type=int)
    return page("paused", _ticket(ticket_id), number=number if 1 <= number <= LAST else 1)


@blueprint.get("/check")
@guard(Action.FILL_SURVEY, handed_over=True)
def check(ticket_id: uuid.UUID) -> View:
    """The person's answers in words, each to be changed."""
    ticket = _ticket(ticket_id)
    if not ticket.is_open:
        return _to_the_end(ticket)
    fields = _fields(ticket)
    if first := first_wrong(_problems(ticket, fields)):
        return redirect(url_for("self_completion.measure", ticket_id=ticket.id, number=first))
    return check_page(ticket, fields, HelpedForm(formdata=None, helper=fields.get("helper", "")))


@blueprint.post("/check")
@guard(Action.FILL_SURVEY, handed_over=True)
def save(ticket_id: uuid.UUID) -> View:
    """Save the survey; or, should it not be possible, keep all of it for the advisor to see to."""
    ticket = _ticket(ticket_id)
    if not ticket.is_open:
        return _to_the_end(ticket)
    form = HelpedForm()
    helper = (form.helper.data or "").strip()
    respondent = Respondent.SELF_WITH_HELP if helper else Respondent.SELF
    fields = _fields(ticket) | {"helper": helper, "respondent": respondent.value}
    if not form.validate_on_submit():
        return check_page(ticket, fields, form), 422
    given, problems = read(fields, clock.today(), ticket.episode.referred_on)
    if first_wrong(problems):
        return redirect(url_for("self_completion.check", ticket_id=ticket.id))
    _keep(ticket, fields)
    try:
        if not problems:
            surveys.record(db, actor, ticket.id, given, fields)
    except (AlreadyRecorded, TicketVoid):
        pass  # the draft is kept, and the advisor's page shows it
    forget_pages_before()
    return redirect(url_for("self_completion.done", ticket_id=ticket.id))


@blueprint.get("/done")
@guard(Action.FILL_SURVEY, handed_over=True)
def done(ticket_id: uuid.UUID) -> View:
    """Thank you; nothing of the answers is shown any more."""
    return page("done", _ticket(ticket_id))


@blueprint.route("/hand-back", methods=["GET", "POST"])
@guard(Action.FILL_SURVEY, handed_over=True)
def hand_back(ticket_id: uuid.UUID) -> View:
    """The advisor takes the screen back with their own password."""
    ticket = _ticket(ticket_id)
    form = TakeBackForm()
    if not form.validate_on_submit():
        return page("hand_back", ticket, form=form), 422 if form.is_submitted() else 200
    key = house().settings.secret_key
    refused = handover.take_back(db, actor, house().passwords, key, form.password.data)
    if refused is not None:
        form.refuse(refused.why)
        return page("hand_back", ticket, form=form), 422
    session.pop(PERSONS_LANGUAGE, None)
    forget_pages_before()
    if ticket.is_open:
        flash(_("What was answered so far is kept as a draft."), "info")
    return redirect(url_for("surveys.form", ticket_id=ticket.id))


def _ticket(ticket_id: uuid.UUID) -> Ticket:
    return access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)


def _fields(ticket: Ticket) -> Fields:
    """What was answered so far, as somebody's own doing on a screen, today, in the language it speaks."""
    kept = dict(ticket.draft.fields) if ticket.draft else {"respondent": Respondent.SELF.value}
    return kept | {
        "mode": Mode.SELF_TABLET.value,
        "language": current_language().code,
        "completed_on": clock.today().isoformat(),
        "with_interpreter": "",
    }


def _with_answer(ticket: Ticket, number: int) -> Fields:
    """What was answered so far, and what the page sends about its measure."""
    key, sent = INSTRUMENT.keys[number - 1], typed(request.form)
    return _fields(ticket) | {name: sent[name] for name in (f"answer-{key}", f"prompts-{key}", f"note-{key}")}


def _keep(ticket: Ticket, fields: Fields) -> None:
    """Keep it, unless this page is from before the survey was saved."""
    if ticket.is_open or ticket.draft is not None:
        tickets.save_draft(db, actor, ticket, fields | {tickets.PAGE: ""})


def _problems(ticket: Ticket, fields: Fields) -> dict[str, str]:
    return read(fields, clock.today(), ticket.episode.referred_on)[1]


def _first_unanswered(fields: Fields) -> int:
    return next((n for n, key in enumerate(INSTRUMENT.keys, 1) if not fields.get(f"answer-{key}")), 1)


def _to_the_end(ticket: Ticket) -> Response:
    return redirect(url_for("self_completion.done", ticket_id=ticket.id))
