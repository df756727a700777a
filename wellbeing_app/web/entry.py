"""Opening a paper form by its code: scanned, typed, or in the address that a telephone's camera reads."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from wellbeing_app.forms.entry import CodeForm, PhotoForm
from wellbeing_app.forms.keys import CLAIM_PROBLEMS, WhoseForm
from wellbeing_app.model import Occasion, Ticket
from wellbeing_app.paper import codes as paper_codes
from wellbeing_app.paper import reader
from wellbeing_app.paper.reader.bounded import SHORT_PATIENCE, Reader
from wellbeing_app.paper.readings import of_text
from wellbeing_app.services import codes, papers, retyping, surveys
from wellbeing_app.services.errors import Invalid, NotFound, NotYours
from wellbeing_app.services.papers import Found
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, house
from wellbeing_app.web.guard import guard
from wellbeing_app.web.survey_pages import begun_on_a_screen
from wellbeing_app.web.uploads import takes_up_to

blueprint = Blueprint("entry", __name__)
View = str | Response | tuple[str, int]
LAST = "last_typed"
LARGEST_PHOTO = 20_000_000


@blueprint.route("/forms", methods=["GET", "POST"])
@guard(Action.OPEN_FORM_BY_CODE)
def open_form() -> View:
    """Scan or type the code, and the right person's form opens."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    return _open(form, form.code.data)


@blueprint.post("/forms/photo")
@takes_up_to(LARGEST_PHOTO)
@guard(Action.OPEN_FORM_BY_CODE)
def open_by_photo() -> View:
    """A photo of the form, or of its code alone, opens it; the photo is not kept."""
    form, photo = CodeForm(formdata=None), PhotoForm()
    sent = request.files.get("photo")
    if not photo.validate_on_submit() or not sent or reader.missing():
        photo.refuse()
        return _page(form, photo=photo), 422
    db.commit()  # nobody waits for the database while the picture is looked at
    with Reader(patience=SHORT_PATIENCE) as looking:
        text = looking.code(sent.stream.read())
    if text is None:
        photo.refuse(seen=False)
        return _page(form, photo=photo), 422
    form.code.data = text
    return _open(form, text)


def _open(form: CodeForm, typed: str) -> View:
    try:
        found = _find(typed)
    except Invalid as slip:
        return _refuse(form, slip.problems["code"])
    why = found.why or (_closed_to_paper(found.ticket) if found.ticket else "")
    if why == "saved" and found.ticket and _again(found.ticket):
        why = ""
    if why:
        return _refuse(form, why, found)
    copy = found.copy.id if found.copy else None
    if found.ticket is None:
        return redirect(url_for("entry.whose", copy_id=copy))
    return redirect(url_for("typing.keys", ticket_id=found.ticket.id, copy=copy))


@blueprint.get("/e/<code>")
@blueprint.get("/E/<code>")
@guard(Action.OPEN_FORM_BY_CODE)
def scanned(code: str) -> View:
    """Where the address in the QR leads: it names a form, and one press opens it."""
    form = CodeForm(formdata=None, data={"code": code.upper()})
    if paper_codes.parse(code) is None and not codes.is_form_code(codes.tidy(code)):
        form.refuse("slip")
        return _page(form), 404
    return _page(form)


@blueprint.route("/forms/copies/<uuid:copy_id>", methods=["GET", "POST"])
@guard(Action.PLAN_SURVEY)
def whose(copy_id: uuid.UUID) -> View:
    """Say whose a blank form is."""
    papers.blank_copy(db, actor, copy_id)
    form = WhoseForm()
    if not form.validate_on_submit():
        return render_template("entry/whose.html", form=form, copy_id=copy_id), 422 if form.errors else 200
    try:
        ticket = papers.claim(db, actor, copy_id, form.reference.data, Occasion(form.occasion.data))
    except Invalid as refusal:
        form.blame(refusal.problems, CLAIM_PROBLEMS)
    except NotYours:
        raise
    except NotFound:
        form.blame({"reference": "not_found"}, CLAIM_PROBLEMS)
    else:
        return redirect(url_for("typing.keys", ticket_id=ticket.id, copy=copy_id))
    return render_template("entry/whose.html", form=form, copy_id=copy_id), 422


def _find(typed: str) -> Found:
    if paper_codes.parse(typed) is None and "/" not in typed:
        return papers.by_characters(db, actor, typed)
    return of_text(db, actor, typed, house().settings.public_url)


def _closed_to_paper(ticket: Ticket) -> str:
    """Whether an advisor began it on a screen, so that data entry does not type it in."""
    if actor.may(Action.SEE_PERSON):
        return ""
    return "begun" if begun_on_a_screen(ticket) else ""


def _again(ticket: Ticket) -> bool:
    """Whether this saved form waits for the second entry by somebody like the actor."""
    survey = surveys.of_ticket(db, ticket)
    asked = retyping.wanted(db, survey.id)
    return asked is not None and asked.first_by_id != actor.id


def _refuse(form: CodeForm, why: str, found: Found | None = None) -> tuple[str, int]:
    form.refuse(why)
    copy = found.copy.id if found and found.copy else None
    return _page(form, why=why, copy=copy), 422


def _page(
    form: CodeForm, *, why: str = "", copy: uuid.UUID | None = None, photo: PhotoForm | None = None
) -> str:
    return render_template(
        "entry/open.html",
        form=form,
        photo=photo or PhotoForm(formdata=None),
        can_read=not reader.missing(),
        why=why,
        copy=copy,
        last=session.get(LAST),
        to_type_again=retyping.open_ones(db, actor),
    )
