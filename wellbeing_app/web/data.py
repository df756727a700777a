"""Data out of the house: how much of it, as what kind of file, for whom."""

from __future__ import annotations

import contextlib
import io
import tempfile
from typing import IO

from flask import Blueprint, Response, render_template, send_file
from flask_babel import gettext as _

from wellbeing_app.exports import aggregate, files, workbook
from wellbeing_app.exports.files import Kind
from wellbeing_app.forms.data import ExportForm
from wellbeing_app.services import clock, figures, levels
from wellbeing_app.services.levels import Level
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, house
from wellbeing_app.web.guard import guard

blueprint = Blueprint("data", __name__, url_prefix="/data")
View = str | Response | tuple[str, int]
IN_MEMORY = 2_000_000


@blueprint.get("")
@guard(Action.EXPORT_PSEUDONYMS)
def overview() -> View:
    """What there is to be had."""
    return _page(_form())


@blueprint.post("/export")
@guard(Action.EXPORT_PSEUDONYMS)
def export() -> View:
    """The file. It is written whole before it is sent, in parts between which others get their turn."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, 422)
    level = Level(form.level.data)
    levels.release(db, actor, level, form.what.data)
    if level is Level.AGGREGATE:
        return _sent(aggregate.csv(figures.overview(db, actor)).encode(), files.CSV, "figures.csv")
    db.commit()  # what is released is on the trail; and a reader holds no transaction while the file grows
    kind = files.KINDS[form.what.data]
    try:
        return _attached(_written(kind, level), kind, level)
    except workbook.TooLong:
        form.what.errors = [_("These are more rows than a workbook holds. Choose CSV.")]
        return _page(form, 422)


@blueprint.get("/codebook")
@guard(Action.EXPORT_PSEUDONYMS)
def codebook() -> Response:
    """What each column holds. Nobody is in it."""
    return _attached(_written(files.WITHOUT_PEOPLE["codebook"], Level.FULL), files.WITHOUT_PEOPLE["codebook"])


@blueprint.get("/xlsform")
@guard(Action.EXPORT_PSEUDONYMS)
def xlsform() -> Response:
    """The questionnaire for ODK and its like. Nobody is in it."""
    return _attached(_written(files.WITHOUT_PEOPLE["xlsform"], Level.FULL), files.WITHOUT_PEOPLE["xlsform"])


def _form() -> ExportForm:
    form = ExportForm()
    form.offer([level for level in Level if actor.may(levels.ACTIONS[level])])
    return form


def _page(form: ExportForm, status: int = 200) -> tuple[str, int]:
    return render_template("data/overview.html", form=form), status


def _written(kind: Kind, level: Level) -> IO[bytes] | bytes:
    """The file: in memory while it is small, else on the disk."""
    with contextlib.ExitStack() as unless_sent:
        out = unless_sent.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        files.write(out, kind, level, house().sessions)
        is_small = out.tell() <= IN_MEMORY
        out.seek(0)
        if is_small:
            return out.read()
        unless_sent.pop_all()  # the answer closes it
    return out


def _attached(content: IO[bytes] | bytes, kind: Kind, level: Level | None = None) -> Response:
    name = "-".join(filter(None, (kind.name, level, f"{clock.today()}"))).replace("_", "-")
    return send_file(
        io.BytesIO(content) if isinstance(content, bytes) else content,
        mimetype=kind.media_type,
        as_attachment=True,
        download_name=f"{name}.{kind.ending}",
        max_age=0,
    )


def _sent(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
