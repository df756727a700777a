"""The person fills in their own form on a screen that was handed to them: one measure at a time.

Every page here opens while the screen is handed over, for that one ticket; nothing else does (`web.guard`).
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.base import ConfirmForm
from wellbeing_app.forms.handover import HelpedForm, TakeBackForm
from wellbeing_app.forms.messages import STALE
from wellbeing_app.forms.survey import PROBLEMS, Fields, read, states, typed
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Respondent, Ticket
from wellbeing_app.services import access, clock, handover, surveys, tickets
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, house
from wellbeing_app.web.forgery import is_stale
from wellbeing_app.web.guard import guard
from wellbeing_app.web.i18n import LANGUAGES, use_language
from wellbeing_app.web.navigation import remember_text_size

blueprint = Blueprint("self_completion", __name__, url_prefix="/self/<uuid:ticket_id>")

View = str | Response | tuple[str, int]
LAST = len(INSTRUMENT.measures)


@blueprint.get("/")
@guard(Action.FILL_SURVEY, handed_over=True)
def start(ticket_id: uuid.UUID) -> View:
    """What this is, and that nothing has to be answered."""
    ticket = _ticket(ticket_id)
    if ticket.redeemed_at is not None:
        return redirect(url_for("self_completion.done", ticket_id=ticket.id))
    return _page("start", ticket, first=_first_unanswered(_fields(ticket)))


@blueprint.post("/preferences")
@guard(Action.FILL_SURVEY, handed_over=True)
def preferences(ticket_id: uuid.UUID) -> View:
    """The person's own language, kept with the draft, and size of text."""
    ticket = _ticket(ticket_id)
    language = request.form.get("language")
    if language in LANGUAGES and ticket.redeemed_at is None:
        tickets.save_draft(db, actor, ticket, _fields(ticket) | {"language": language})
    back = url_for("self_completion.start", ticket_id=ticket.id)
    asked = request.form.get("next", "").rstrip("?")
    response = redirect(asked if asked.startswith(back) else back)
    remember_text_size(response, request.form.get("text_size"))
    return response


@blueprint.get("/<int(min=1, max=8):number>")
@guard(Action.FILL_SURVEY, handed_over=True)
def measure(ticket_id: uuid.UUID, number: int) -> View:
    """One measure."""
    ticket = _ticket(ticket_id)
    if ticket.redeemed_at is not None:
        return redirect(url_for("self_completion.done", ticket_id=ticket.id))
    return _measure_page(ticket, number, _fields(ticket))


@blueprint.post("/<int(min=1, max=8):number>")
@guard(Action.FILL_SURVEY, handed_over=True)
def answer(ticket_id: uuid.UUID, number: int) -> View:
    """Keep the answer, then go on."""
    ticket = _ticket(ticket_id)
    key = INSTRUMENT.keys[number - 1]
    sent = typed(request.form)
    own = {name: sent[name] for name in (f"answer-{key}", f"prompts-{key}", f"note-{key}")}
    fields = _fields(ticket) | own
    if is_stale():
        return _measure_page(ticket, number, fields, stale=True), 400
    tickets.save_draft(db, actor, ticket, fields)
    if request.form.get("do") == "pause":
        return redirect(url_for("self_completion.paused", ticket_id=ticket.id, number=number))
    code = _problems(ticket, fields).get(f"answer-{key}")
    if code:
        return _measure_page(ticket, number, fields, code), 422
    if number == LAST or "check" in request.args:
        return redirect(url_for("self_completion.check", ticket_id=ticket.id))
    return redirect(url_for("self_completion.measure", ticket_id=ticket.id, number=number + 1))


@blueprint.get("/paused")
@guard(Action.FILL_SURVEY, handed_over=True)
def paused(ticket_id: uuid.UUID) -> View:
    """A quiet page that shows nothing."""
    return _page("paused", _ticket(ticket_id), number=request.args.get("number", 1, type=int))


@blueprint.get("/check")
@guard(Action.FILL_SURVEY, handed_over=True)
def check(ticket_id: uuid.UUID) -> View:
    """The person's answers in words, each to be changed."""
    ticket = _ticket(ticket_id)
    if ticket.redeemed_at is not None:
        return redirect(url_for("self_completion.done", ticket_id=ticket.id))
    fields = _fields(ticket)
    if first := _first_missing(_problems(ticket, fields)):
        return redirect(url_for("self_completion.measure", ticket_id=ticket.id, number=first))
    return _check_page(ticket, fields, HelpedForm(formdata=None, helper=fields.get("helper", "")))


@blueprint.post("/check")
@guard(Action.FILL_SURVEY, handed_over=True)
def save(ticket_id: uuid.UUID) -> View:
    """Save the survey."""
    ticket = _ticket(ticket_id)
    if ticket.redeemed_at is not None:
        return redirect(url_for("self_completion.done", ticket_id=ticket.id))
    form = HelpedForm()
    fields = _fields(ticket) | {"helper": form.helper.data or ""}
    fields["respondent"] = (Respondent.SELF_WITH_HELP if fields["helper"].strip() else Respondent.SELF).value
    if not form.validate_on_submit():
        return _check_page(ticket, fields, form), 422
    given, problems = read(fields, clock.today(), ticket.episode.referred_on)
    if problems:
        return redirect(url_for("self_completion.check", ticket_id=ticket.id))
    surveys.record(db, actor, ticket.id, given)
    return redirect(url_for("self_completion.done", ticket_id=ticket.id))


@blueprint.get("/done")
@guard(Action.FILL_SURVEY, handed_over=True)
def done(ticket_id: uuid.UUID) -> View:
    """Thank you; nothing of the answers is shown any more."""
    return _page("done", _ticket(ticket_id))


@blueprint.route("/hand-back", methods=["GET", "POST"])
@guard(Action.FILL_SURVEY, handed_over=True)
def hand_back(ticket_id: uuid.UUID) -> View:
    """The advisor takes the screen back with their own password."""
    ticket = _ticket(ticket_id)
    form = TakeBackForm()
    if not form.validate_on_submit():
        return _page("hand_back", ticket, form=form), 200 if request.method == "GET" else 422
    refused = handover.take_back(
        db, actor, house().passwords, house().settings.secret_key, form.password.data
    )
    if refused is not None:
        form.refuse(refused.why)
        return _page("hand_back", ticket, form=form), 422
    if ticket.redeemed_at is None:
        flash(_("What was answered so far is kept as a draft."), "info")
    return redirect(url_for("surveys.form", ticket_id=ticket.id))


def _ticket(ticket_id: uuid.UUID) -> Ticket:
    return access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)


def _fields(ticket: Ticket) -> Fields:
    """What was answered so far, as somebody's own doing on a screen."""
    person = ticket.episode.service_user
    start = {
        "language": person.language,
        "respondent": Respondent.SELF.value,
        "completed_on": clock.today().isoformat(),
    }
    kept = dict(ticket.draft.fields) if ticket.draft else {}
    return start | kept | {"mode": Mode.SELF_TABLET.value}


def _problems(ticket: Ticket, fields: Fields) -> dict[str, str]:
    return read(fields, clock.today(), ticket.episode.referred_on)[1]


def _first_missing(problems: dict[str, str]) -> int | None:
    missing = [number for number, key in enumerate(INSTRUMENT.keys, 1) if f"answer-{key}" in problems]
    return missing[0] if missing else None


def _first_unanswered(fields: Fields) -> int:
    return next((n for n, key in enumerate(INSTRUMENT.keys, 1) if not fields.get(f"answer-{key}")), 1)


def _measure_page(
    ticket: Ticket, number: int, fields: Fields, code: str | None = None, *, stale: bool = False
) -> str:
    key = INSTRUMENT.keys[number - 1]
    measure, state = states(fields, {f"answer-{key}": code} if code else {})[number - 1]
    errors: list[tuple[Any, str | None]] = [(STALE, None)] if stale else []
    if code:
        errors.append((PROBLEMS[code], f"answer-{key}-1"))
    return _page(
        "measure",
        ticket,
        number=number,
        last=LAST,
        measure=measure,
        state=state,
        errors=errors,
        form=ConfirmForm(),
    )


def _check_page(ticket: Ticket, fields: Fields, form: HelpedForm) -> str:
    changes = {
        key: url_for("self_completion.measure", ticket_id=ticket.id, number=number, check=1)
        for number, key in enumerate(INSTRUMENT.keys, 1)
    }
    return _page("check", ticket, measures=states(fields), changes=changes, form=form)


def _page(name: str, ticket: Ticket, **values: Any) -> str:
    """A page in the person's own language."""
    with use_language(_fields(ticket)["language"]):
        preferences_url = url_for("self_completion.preferences", ticket_id=ticket.id)
        return render_template(
            f"self/{name}.html", ticket=ticket, **values, preferences_url=preferences_url, advisor=actor.name
        )
