"""Printing forms: one for a person, a pile for a group or for a list of people, and how far a pile is."""

from __future__ import annotations

import uuid
from collections import defaultdict

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as BaseResponse

from wellbeing_app.forms.paper import PRINTING_PROBLEMS, BlankForm, PeopleForm, TicketForm
from wellbeing_app.forms.paper import SHEET_NAMES as NAMES
from wellbeing_app.model import PrintBatch, Purpose, Ticket
from wellbeing_app.paper import piles as work
from wellbeing_app.paper import press, sheets, words
from wellbeing_app.paper.press import Copy
from wellbeing_app.services import codes, layouts, piles, printing
from wellbeing_app.services.policy import Action
from wellbeing_app.services.printing import Edition
from wellbeing_app.web.context import actor, db, house, service
from wellbeing_app.web.guard import guard
from wellbeing_app.web.i18n import LANGUAGES, use_language
from wellbeing_app.web.printing import as_file
from wellbeing_app.web.wording import agreement_wording

blueprint = Blueprint("paper", __name__, url_prefix="/paper")
View = str | BaseResponse | tuple[str, int]


@blueprint.get("")
@guard(Action.PRINT_FORMS)
def overview() -> View:
    """What can be printed, and the piles there are."""
    return _overview(_blank_form(), PeopleForm([]))


@blueprint.post("/blank")
@guard(Action.PRINT_FORMS)
def print_blank() -> View:
    """Have a pile of blank forms printed."""
    form = _blank_form()
    if not form.validate_on_submit():
        return _overview(form, PeopleForm([], formdata=None)), 422
    edition = _edition(form.form.data, form.language.data)
    return _begin([printing.batch_of_blanks(db, actor, edition, form.number.data)])


@blueprint.post("/people")
@guard(Action.PRINT_FORMS)
def print_people() -> View:
    """Have a form printed for each of these people: a pile for each language and size of print."""
    listed = {str(item.ticket.id): item.ticket for item in printing.printable(db, actor)}
    form = PeopleForm(list(listed))
    if not form.validate_on_submit():
        return _overview(_blank_form(empty=True), form), 422
    kinds: dict[Edition, list[uuid.UUID]] = defaultdict(list)
    for chosen in form.tickets.data:
        kinds[_edition_for(listed[chosen])].append(listed[chosen].id)
    void_old = form.old.data == "void"
    made = [printing.batch_for(db, actor, kind, ids, void_old=void_old) for kind, ids in kinds.items()]
    return _begin(made)


@blueprint.get("/<uuid:ticket_id>")
@guard(Action.PRINT_FORMS)
def for_ticket(ticket_id: uuid.UUID) -> View:
    """Choose which form to print for a planned survey."""
    ticket = printing.ticket_to_print(db, actor, ticket_id)
    edition = _edition_for(ticket)
    form = TicketForm(_languages(), data={"form": edition.form, "language": edition.language, "old": "void"})
    return _ticket_page(ticket, form)


@blueprint.post("/<uuid:ticket_id>")
@guard(Action.PRINT_FORMS)
def print_ticket(ticket_id: uuid.UUID) -> View:
    """The form as a PDF. Each printing is a copy of its own."""
    ticket = printing.ticket_to_print(db, actor, ticket_id)
    form = TicketForm(_languages())
    if not form.validate_on_submit():
        return _ticket_page(ticket, form), 422
    edition = _edition(form.form.data, form.language.data)
    own = Copy(codes.new_token(), printing.free_ids(db, 1)[0])
    db.commit()  # nobody waits for the database while the form is drawn
    try:
        printed = press.one(sheets.FORMS[edition.form], edition.language, own, house().settings.public_url)
        ticket = printing.ticket_to_print(db, actor, ticket_id)
        layouts.keep(db, printed.layout.as_dict())
    except tuple(work.PROBLEMS) as problem:
        db.rollback()
        form.form_errors = [*form.form_errors, PRINTING_PROBLEMS[work.why_not(problem)]]
        return _ticket_page(printing.ticket_to_print(db, actor, ticket_id), form), 409
    printing.note_one(db, actor, edition, ticket, own.human_id, own.token, void_old=form.old.data != "keep")
    return as_file(printed.pdf, f"{own.human_id}.pdf")


@blueprint.get("/piles/<uuid:batch_id>")
@guard(Action.PRINT_FORMS)
def batch(batch_id: uuid.UUID) -> View:
    """How far a pile is; and when it is ready, whose form is which."""
    pile = printing.batch(db, actor, batch_id)
    return render_template(
        "paper/batch.html",
        pile=pile,
        name=NAMES[pile.form],
        at_work=printing.is_at_work(pile) and not piles.is_silent(pile),
        is_silent=piles.is_silent(pile),
        problem=PRINTING_PROBLEMS.get(pile.problem, PRINTING_PROBLEMS["failed"]) if pile.problem else "",
        copies=printing.copies_of(db, actor, pile),
    )


@blueprint.post("/piles/<uuid:batch_id>")
@guard(Action.PRINT_FORMS)
def change_batch(batch_id: uuid.UUID) -> View:
    """Stop the printing, go on with it, or delete the file."""
    do = request.form.get("do")
    if do == "cancel":
        piles.cancel(db, actor, batch_id)
    elif do == "resume":
        return _begin([piles.resume(db, actor, batch_id)])
    elif do == "let_go":
        _place(piles.let_go(db, actor, batch_id)).forget()
        flash(_("The file is deleted. Forms that are printed still count."), "success")
        return redirect(url_for("paper.overview"))
    else:
        raise BadRequest
    return redirect(url_for("paper.batch", batch_id=batch_id))


@blueprint.get("/piles/<uuid:batch_id>/file")
@guard(Action.PRINT_FORMS)
def batch_file(batch_id: uuid.UUID) -> View:
    """The pile as a PDF; where it is not there, back to its page, which says why."""
    pile = printing.batch(db, actor, batch_id)
    file = _place(pile).pdf
    if not file.exists():
        return redirect(url_for("paper.batch", batch_id=batch_id))
    return send_file(file, mimetype="application/pdf", download_name=f"forms-{pile.total}.pdf", max_age=0)


@blueprint.get("/sheets/<name>/<spoken>")
@guard(Action.PRINT_FORMS)
def sheet(name: str, spoken: str) -> Response:
    """The show card, or the opening and consent words, as a PDF."""
    found = sheets.SHEETS.get(name)
    if found is None or found.comes_back or spoken not in words.languages():
        raise NotFound
    with use_language(spoken):
        agreements = tuple(agreement_wording(purpose) for purpose in Purpose)
    return as_file(press.plain(found, spoken, agreements), f"{name}-{spoken}.pdf")


def _overview(blank: BlankForm, people: PeopleForm) -> str:
    for old in piles.too_old(db):
        _place(old).forget()
    return render_template(
        "paper/overview.html",
        blank=blank,
        people=people,
        printable=printing.printable(db, actor),
        piles=printing.batches(db, actor),
        names=NAMES,
        languages=_languages(),
    )


def _ticket_page(ticket: Ticket, form: TicketForm) -> str:
    out = printing.copies_out(db, ticket.id)
    return render_template("paper/ticket.html", ticket=ticket, form=form, copies=out)


def _begin(made: list[PrintBatch]) -> BaseResponse:
    """Start the work when everything about it is committed: its process looks for it at once."""
    identities = [pile.id for pile in made]
    db.commit()
    for batch_id in identities:
        work.start(house().settings, "print-batch", str(batch_id))
    if len(identities) == 1:
        return redirect(url_for("paper.batch", batch_id=identities[0]))
    return redirect(url_for("paper.overview") + "#piles")


def _blank_form(*, empty: bool = False) -> BlankForm:
    more = {"formdata": None} if empty else {}
    return BlankForm(_languages(), data={"language": spoken(service.default_language)}, **more)


def _edition_for(ticket: Ticket) -> Edition:
    person = ticket.episode.service_user
    return _edition("large_print" if person.needs_large_print else "survey", spoken(person.language))


def _edition(form: str, language: str) -> Edition:
    return Edition(form, sheets.FORMS[form].version, language)


def spoken(language: str) -> str:
    """The language if there are forms in it, else English."""
    return language if language in words.languages() else words.SOURCE


def _languages() -> list[tuple[str, str]]:
    return [(code, LANGUAGES[code].endonym) for code in words.languages() if code in LANGUAGES]


def _place(pile: PrintBatch) -> work.Place:
    return work.Place.of(house().settings.instance, pile.id)
