"""Bringing people in from a file: what its columns mean, what would change, and then all of it or nothing."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from wellbeing_app.exports import csvfile, reading
from wellbeing_app.forms import data as forms
from wellbeing_app.forms.base import ConfirmForm
from wellbeing_app.forms.data import ReadingForm, UploadForm
from wellbeing_app.model import ImportBatch, Pathway
from wellbeing_app.services import importing, pathway
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.importing import Options, Plan, batches
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard
from wellbeing_app.web.uploads import takes_up_to

blueprint = Blueprint("importing", __name__, url_prefix="/data/import")
View = str | BaseResponse | tuple[str, int]
LARGEST = 20_000_000
SHOWN = 20
EXAMPLES = 3
MEANS = "means-"


@blueprint.route("", methods=["GET", "POST"])
@takes_up_to(LARGEST)
@guard(Action.IMPORT_RECORDS)
def begin() -> View:
    """Send a file; and the files of before."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _begin_page(form, 422 if form.errors or form.form_errors else 200)
    sent = form.file.data
    try:
        if not sent:
            raise reading.Unreadable("required")
        content = sent.read()
        table = reading.read(sent.filename or "", content)
        for _row in table.rows:
            pass
    except reading.Unreadable as problem:
        form.file.errors = [forms.UNREADABLE[str(problem)]]
        return _begin_page(form, 422)
    batch = batches.keep(db, actor, sent.filename or "", content, table.header)
    return redirect(url_for("importing.check", import_id=batch.id))


@blueprint.get("/<uuid:import_id>")
@guard(Action.IMPORT_RECORDS)
def check(import_id: uuid.UUID) -> View:
    """What its columns mean, and what would change."""
    return _check_page(batches.waiting(db, actor, import_id), _form())


@blueprint.post("/<uuid:import_id>")
@guard(Action.IMPORT_RECORDS)
def decide(import_id: uuid.UUID) -> View:
    """Keep the choices and look again; or take in; or let go."""
    batch, form = batches.waiting(db, actor, import_id), _form()
    if not form.validate_on_submit():
        return _check_page(batch, form, 422)
    if "let_go" in request.form:
        batches.let_go(db, actor, batch)
        flash(_("The file was let go. Nothing was changed."), "success")
        return redirect(url_for("importing.begin"))
    header = _table(batch).header
    meant = {request.form.get(f"{MEANS}{place}"): heading for place, heading in enumerate(header)}
    mapping = {target: heading for target, heading in meant.items() if target in importing.TARGETS}
    batches.choose(batch, mapping, _chosen(form))
    if "take_in" not in request.form:
        return redirect(url_for("importing.check", import_id=batch.id, _anchor="found"))
    return _take_in(batch)


@blueprint.get("/<uuid:import_id>/problems")
@guard(Action.IMPORT_RECORDS)
def problems(import_id: uuid.UUID) -> Response:
    """Every row that cannot be taken in, and why, as a table."""
    planned = _planned(batches.waiting(db, actor, import_id))
    header = csvfile.line((_("Row"), _("Column"), _("What is wrong"), _("What stands there")))
    lines = (
        csvfile.safe_line((str(one.row), one.column, str(forms.in_words(one.code)), one.value))
        for one in (*planned.problems, *planned.warnings)
    )
    answer = Response(csvfile.MARK + header + "".join(lines), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="problems.csv")
    return answer


@blueprint.post("/<uuid:import_id>/undo")
@guard(Action.IMPORT_RECORDS)
def undo(import_id: uuid.UUID) -> View:
    """Take out again what a file brought in."""
    try:
        stay = importing.undo(db, actor, import_id)
    except Invalid:
        flash(_("There is nothing to undo."), "warning")
        return redirect(url_for("importing.begin"))
    flash(_("Undone."), "success")
    if stay:
        told = ", ".join(stay[:SHOWN])
        flash(
            _("Somebody has worked on these since, so they stay: %(references)s", references=told), "warning"
        )
    return redirect(url_for("importing.begin"))


def _take_in(batch: ImportBatch) -> View:
    planned = _planned(batch)
    if planned.problems or not planned.people:
        return redirect(url_for("importing.check", import_id=batch.id, _anchor="found"))
    importing.write(db, actor, batch, planned, batches.options_of(batch))
    flash(_("Taken in. You can undo it below."), "success")
    return redirect(url_for("importing.begin"))


def _begin_page(form: UploadForm, status: int) -> View:
    listed = batches.listed(db, actor)
    page = render_template(
        "data/import.html",
        form=form,
        batches=listed,
        confirm=ConfirmForm(),
        kept_for=batches.KEPT_FOR.days,
    )
    return page, status


def _check_page(batch: ImportBatch, form: ReadingForm, status: int = 200) -> View:
    if not form.is_submitted():
        chosen = batches.options_of(batch)
        form.pathway.data = chosen.pathway.value if chosen.pathway else None
        form.advisor_id.data = str(chosen.advisor_id or "")
        form.agreed.data, form.with_likely.data = chosen.agreed, chosen.with_likely
    page = render_template(
        "data/check.html",
        batch=batch,
        form=form,
        columns=_columns(batch),
        targets=importing.TARGETS,
        planned=_planned(batch),
        in_words=forms.in_words,
        most=SHOWN,
        means=MEANS,
    )
    return page, status


def _columns(batch: ImportBatch) -> list[tuple[str, list[str], str]]:
    """Each heading, some of what stands below it, and what it is taken to mean."""
    table = _table(batch)
    some = list(islice(table.rows, EXAMPLES))
    meant = {heading: target for target, heading in batch.mapping.items()}
    return [
        (heading, [row[place] for row in some if place < len(row) and row[place]], meant.get(heading, ""))
        for place, heading in enumerate(table.header)
    ]


def _planned(batch: ImportBatch) -> Plan:
    table = _table(batch)
    gathered = importing.gather(table.header, batch.mapping, table.rows)
    return importing.plan(db, gathered, batches.options_of(batch))


def _table(batch: ImportBatch) -> reading.Table:
    return reading.read(batch.file_name, batch.content or b"")


def _form() -> ReadingForm:
    form = ReadingForm()
    form.offer([(str(one.id), one.name) for one in pathway.advisors(db, actor)])
    return form


def _chosen(form: ReadingForm) -> Options:
    advisor: Any = form.advisor_id.data
    return Options(
        pathway=Pathway(form.pathway.data),
        advisor_id=uuid.UUID(advisor) if advisor else None,
        agreed=bool(form.agreed.data),
        with_likely=bool(form.with_likely.data),
    )
