"""Forms from pictures: a machine reads, a person looks at each row and confirms."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from wellbeing_app.forms.entry import REFUSALS
from wellbeing_app.forms.scans import REFUSED, ConfirmScanForm, ScansForm
from wellbeing_app.forms.survey import PROBLEMS, read
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, ReadPage, Respondent
from wellbeing_app.paper import codes, reader
from wellbeing_app.paper.reader import worker
from wellbeing_app.paper.reader.worker import Sheet
from wellbeing_app.services import clock, papers, scans, surveys
from wellbeing_app.services.errors import AlreadyRecorded, Invalid, TicketVoid
from wellbeing_app.services.papers import Found
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
    """Read what was sent, in a process of its own. What was sent is gone then; pictures of the rows stay."""
    form = ScansForm()
    files = [sent for sent in request.files.getlist("files") if sent.filename]
    if not form.validate_on_submit() or reader.missing():
        return _overview(form, status=422)
    if not files:
        form.files.errors = [_("Choose one or more files.")]
        return _overview(form, status=422)
    kept, refused = 0, []
    for name, sheet in list(_read(files)):
        reason = _take(sheet)
        kept += reason is None
        refused += [(name, sheet.page, REFUSED.get(reason, REFUSED["broken"]))] if reason else []
    if kept and not refused:
        flash(_("Read. Now look at each row, and confirm."), "success")
        return redirect(url_for("scans.overview"))
    return _overview(form, refused, 200 if kept else 422)


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


def _read(files: Iterable[FileStorage]) -> Iterator[tuple[str, Sheet]]:
    layouts = scans.known_layouts(db)
    db.commit()  # a pile takes minutes; nobody waits for the database meanwhile
    with tempfile.TemporaryDirectory(prefix="wellbeing-scan-") as folder:
        for number, sent in enumerate(files):
            path = Path(folder) / str(number)
            sent.save(path)
            sent.close()
            for sheet in worker.read([path], layouts, crops=True):
                yield sent.filename or "", sheet
            path.unlink()


def _take(sheet: Sheet) -> str | None:
    """Keep a page that was read; or why it can't be."""
    if sheet.status == "refused":
        return sheet.reason
    if sheet.text is None:
        return "no_code"
    code = codes.parse(sheet.text)
    ours = code is not None and codes.is_ours(sheet.text, house().settings.public_url)
    found = papers.by_token(db, actor, code.token) if code and ours else Found(why="elsewhere")
    scans.take(db, actor, found, sheet.rows, scans.sealed(sheet.crops, house().settings.secret_key))
    return None


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


def _overview(
    form: ScansForm, refused: Iterable[tuple[str, int, Any]] = (), status: int = 200
) -> tuple[str, int]:
    page = render_template(
        "scans/overview.html",
        form=form,
        refused=refused,
        missing=reader.missing(),
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
        has_pictures=page.pictures is not None,
        reasons=REFUSALS,
    )
