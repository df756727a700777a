"""Forms from pictures: a machine reads, a person looks at each row and confirms."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as BaseResponse

from wellbeing_app.forms.entry import REFUSALS
from wellbeing_app.forms.scans import READING_PROBLEMS, REFUSED, ConfirmScanForm, ScansForm
from wellbeing_app.forms.survey import PROBLEMS, read
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, ReadPage, Respondent
from wellbeing_app.paper import piles, reader
from wellbeing_app.paper.readings import Place
from wellbeing_app.services import clock, papers, readings, scans, surveys
from wellbeing_app.services.errors import AlreadyRecorded, Invalid, TicketVoid
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, house
from wellbeing_app.web.guard import guard
from wellbeing_app.web.uploads import takes_up_to

blueprint = Blueprint("scans", __name__, url_prefix="/forms/scans")
View = str | BaseResponse | tuple[str, int]
LARGEST = 40_000_000
DAY = "typed_day"


@blueprint.get("")
@guard(Action.OPEN_FORM_BY_CODE)
def overview() -> View:
    """Send pictures; and those that wait to be confirmed."""
    return _overview(ScansForm(formdata=None))


@blueprint.post("")
@takes_up_to(LARGEST)
@guard(Action.OPEN_FORM_BY_CODE)
def send() -> View:
    """Keep what was sent, sealed, and have it read in a process of its own; its page says how far that is."""
    form = ScansForm()
    files = [sent for sent in request.files.getlist("files") if sent.filename]
    if not form.validate_on_submit() or reader.missing():
        return _overview(form, 422)
    if not 1 <= len(files) <= readings.MOST_FILES:
        form.files.errors = [_("Choose one or more files, at most %(most)s.", most=readings.MOST_FILES)]
        return _overview(form, 422)
    reading_id = uuid.uuid4()
    db.commit()  # nobody waits for the database while files are sealed
    place = _place(reading_id)
    for number, sent in enumerate(files):
        place.keep(number, sent.stream, house().settings.secret_key)
        sent.close()
    readings.begin(db, actor, reading_id, [sent.filename or "" for sent in files])
    return _go(reading_id)


@blueprint.get("/readings/<uuid:reading_id>")
@guard(Action.OPEN_FORM_BY_CODE)
def reading(reading_id: uuid.UUID) -> View:
    """How far the reading is; and when it is done, what could not be read, and why."""
    found = readings.reading(db, actor, reading_id)
    return render_template(
        "scans/reading.html",
        reading=found,
        at_work=found.state in readings.AT_WORK and not readings.is_silent(found),
        refused=[(one["name"], one["page"], _why(one["reason"])) for one in found.refused],
        problem=READING_PROBLEMS.get(found.problem, READING_PROBLEMS["failed"]) if found.problem else "",
        waiting=scans.waiting(db, actor),
    )


@blueprint.post("/readings/<uuid:reading_id>")
@guard(Action.OPEN_FORM_BY_CODE)
def change_reading(reading_id: uuid.UUID) -> View:
    """Stop, go on, or put away what became of it."""
    do = request.form.get("do")
    if do == "cancel":
        readings.cancel(db, actor, reading_id)
    elif do == "resume":
        readings.resume(db, actor, reading_id)
        return _go(reading_id)
    elif do == "let_go":
        readings.let_go(db, actor, reading_id)
        _place(reading_id).forget()
        return redirect(url_for("scans.overview"))
    else:
        raise BadRequest
    return redirect(url_for("scans.reading", reading_id=reading_id))


@blueprint.get("/<uuid:page_id>")
@guard(Action.OPEN_FORM_BY_CODE)
def look(page_id: uuid.UUID) -> View:
    """Each row's picture beside its answers: chosen where the machine is sure, empty where it is not."""
    page = scans.page(db, actor, page_id)
    form = ConfirmScanForm(formdata=None, data={"completed_on": session.get(DAY, "")})
    return _confirm_page(page, form, {f"answer-{key}": value for key, value in page.answers.items()}, {})


@blueprint.post("/<uuid:page_id>")
@guard(Action.OPEN_FORM_BY_CODE)
def confirm(page_id: uuid.UUID) -> View:
    """Save what the person confirmed; or keep it for a decision; or put the page aside."""
    page, form = scans.page(db, actor, page_id), ConfirmScanForm()
    if request.form.get("do") == "aside":
        scans.settle(db, actor, page_id, "put_aside")
        flash(_("Put aside. The paper can be scanned again."), "success")
        return redirect(url_for("scans.overview"))
    fields = _fields(page, form)
    if not form.validate_on_submit():
        return _confirm_page(page, form, fields, {}), 422
    if page.ticket is None or page.why:
        return _hold(page, fields, page.why or "unknown")
    given, problems = read(
        fields, clock.today(), *surveys.not_before(db, page.ticket.episode, page.ticket.occasion)
    )
    if problems:
        return _confirm_page(page, form, fields, problems), 422
    try:
        surveys.record(db, actor, page.ticket.id, given, fields)
    except Invalid as refusal:
        return _confirm_page(page, form, fields, refusal.problems), 422
    except (AlreadyRecorded, TicketVoid):
        return _hold(page, fields, "saved" if page.ticket.redeemed_at else "void")
    papers.note_used(db, page.ticket, page.copy_id)
    session[DAY] = form.completed_on.data
    scans.settle(db, actor, page_id, "saved")
    flash(_("Saved."), "success")
    return _next()


@blueprint.get("/<uuid:page_id>/<int:row>.png")
@guard(Action.OPEN_FORM_BY_CODE)
def picture(page_id: uuid.UUID, row: int) -> View:
    """One row as it is on the paper."""
    png = scans.unsealed(scans.page(db, actor, page_id), house().settings.secret_key).get(row)
    if png is None:
        raise NotFound
    return Response(png, content_type="image/png")


def _go(reading_id: uuid.UUID) -> BaseResponse:
    """Start the work when everything about it is committed: its process looks for it at once."""
    db.commit()
    piles.start(house().settings, "read-waiting")
    return redirect(url_for("scans.reading", reading_id=reading_id))


def _why(reason: str) -> Any:
    return REFUSED.get(reason, REFUSED["broken"])


def _place(reading_id: uuid.UUID) -> Place:
    return Place.of(house().settings.instance, reading_id)


def _hold(page: ReadPage, fields: dict[str, Any], why: str) -> View:
    code = page.ticket.code if page.ticket else ""
    papers.hold(db, actor, code, why, fields, "", page.copy_id)
    scans.settle(db, actor, page.id, "held")
    flash(_("Kept for a decision. Put the paper aside until somebody has decided."), "success")
    return _next()


def _next() -> View:
    following = scans.waiting(db, actor)
    if not following:
        return redirect(url_for("scans.overview"))
    return redirect(url_for("scans.look", page_id=following[0].id))


def _fields(page: ReadPage, form: ConfirmScanForm) -> dict[str, Any]:
    person = page.ticket.episode.service_user if page.ticket else None
    return {
        **{f"answer-{key}": request.form.get(f"answer-{key}", "") for key in INSTRUMENT.keys},
        "completed_on": form.completed_on.data or "",
        "mode": form.mode.data or Mode.SELF_PAPER.value,
        "respondent": Respondent.SELF.value,
        "with_interpreter": "y" if person and person.needs_interpreter else "",
        "language": page.copy.language if page.copy else (person.language if person else "en"),
    }


def _overview(form: ScansForm, status: int = 200) -> tuple[str, int]:
    for old in readings.too_old(db):
        _place(old.id).forget()
    page = render_template(
        "scans/overview.html",
        form=form,
        missing=reader.missing(),
        readings=readings.own(db, actor),
        waiting=scans.waiting(db, actor),
        reasons=REFUSALS,
    )
    return page, status


def _confirm_page(
    page: ReadPage, form: ConfirmScanForm, fields: dict[str, Any], problems: dict[str, str]
) -> str:
    for name in ("completed_on", "mode"):
        if name in problems:
            form[name].errors = [PROBLEMS[problems[name]]]
    return render_template(
        "scans/confirm.html",
        page=page,
        form=form,
        fields=fields,
        problems={name: PROBLEMS[code] for name, code in problems.items()},
        pictures=scans.unsealed(page, house().settings.secret_key).keys() if page.pictures else (),
        reasons=REFUSALS,
    )
