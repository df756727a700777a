"""What is printed: each copy with a name of its own, alone or many at once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from wellbeing_app.model import BatchState, Episode, PrintBatch, PrintedCopy, ServiceUser, Ticket
from wellbeing_app.services import access, audit, clock, codes
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, NotFound, TicketVoid
from wellbeing_app.services.policy import Action

MOST_AT_ONCE: Final = 5_000
MOST_LISTED: Final = 500


@dataclass(frozen=True)
class Edition:
    """Which form is printed."""

    form: str
    version: int
    language: str


@dataclass(frozen=True)
class Printable:
    """A planned survey that a form can be printed for; `copies`: those already out there."""

    ticket: Ticket
    copies: int


def token_hash(token: str) -> str:
    """What is kept of a copy's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def printable(db: Session, actor: Actor) -> Sequence[Printable]:
    """The planned surveys of the people in reach, by name."""
    access.require(actor, Action.PRINT_FORMS)
    out = (
        select(PrintedCopy.ticket_id, func.count().label("copies"))
        .where(_is_out())
        .group_by(PrintedCopy.ticket_id)
    )
    copies = out.subquery()
    query = (
        select(Ticket, func.coalesce(copies.c.copies, 0))
        .join(Ticket.episode)
        .join(Episode.service_user)
        .outerjoin(copies, copies.c.ticket_id == Ticket.id)
        .where(Ticket.redeemed_at.is_(None), Ticket.voided_at.is_(None))
        .where(access.people_in_reach(actor, Action.PRINT_FORMS), ServiceUser.merged_into_id.is_(None))
        .order_by(ServiceUser.search_name, Ticket.issued_at)
        .limit(MOST_LISTED)
    )
    found = [Printable(*row) for row in db.execute(query)]
    audit.record(db, actor, "forms_listed", shown=len(found))
    return found


def copies_out(db: Session, ticket_id: uuid.UUID) -> int:
    """How many copies of this ticket's form are out there and count."""
    query = select(func.count()).select_from(PrintedCopy).where(PrintedCopy.ticket_id == ticket_id, _is_out())
    return db.scalar(query) or 0


def ticket_to_print(db: Session, actor: Actor, ticket_id: uuid.UUID) -> Ticket:
    """The ticket, if a form may be printed for it; raises `TicketVoid` if its survey is done or withdrawn."""
    ticket = access.ticket(db, actor, Action.PRINT_FORMS, ticket_id)
    if not ticket.is_open:
        raise TicketVoid
    return ticket


def one(
    db: Session, actor: Actor, edition: Edition, ticket: Ticket | None = None, *, void_old: bool = True
) -> tuple[PrintedCopy, str]:
    """A copy for a ticket, or for nobody yet, and the token for its code, which is not kept."""
    token = codes.new_token()
    return note_one(db, actor, edition, ticket, free_ids(db, 1)[0], token, void_old=void_old), token


def note_one(
    db: Session,
    actor: Actor,
    edition: Edition,
    ticket: Ticket | None,
    human_id: str,
    token: str,
    *,
    void_old: bool = True,
) -> PrintedCopy:
    """Note a copy that is drawn already, with a free id and a new token: drawing takes long."""
    if ticket is None:
        access.require(actor, Action.PRINT_FORMS)
    elif void_old:
        void_copies(db, actor, [ticket.id])
    copy = _copy(actor, edition, human_id, ticket.id if ticket else None)
    copy.token_hash, copy.printed_at = token_hash(token), clock.now()
    db.add(copy)
    db.flush()
    person = ticket.episode.service_user_id if ticket else None
    audit.record(db, actor, "form_printed", person=person, subject=f"copy:{copy.id}", form=edition.form)
    return copy


def void_copies(db: Session, actor: Actor, ticket_ids: Sequence[uuid.UUID]) -> int:
    """Have the copies that are out there for these tickets count no longer; how many there were."""
    query = select(PrintedCopy.id).where(PrintedCopy.ticket_id.in_(ticket_ids), _is_out())
    found = list(db.scalars(query))
    if found:
        now = clock.now()
        db.execute(update(PrintedCopy).where(PrintedCopy.id.in_(found)).values(voided_at=now))
        audit.record(db, actor, "copies_voided", copies=len(found))
    return len(found)


def batch_of_blanks(db: Session, actor: Actor, edition: Edition, number: int) -> PrintBatch:
    """A pile of forms for nobody yet; raises `Invalid` for none or more than `MOST_AT_ONCE`."""
    access.require(actor, Action.PRINT_FORMS)
    if not 1 <= number <= MOST_AT_ONCE:
        raise Invalid({"number": "how_many"})
    return _batch(db, actor, edition, [None] * number)


def batch_for(
    db: Session, actor: Actor, edition: Edition, ticket_ids: Iterable[uuid.UUID], *, void_old: bool
) -> PrintBatch:
    """A form for each of these tickets, in their order; raises `TicketVoid` and as `access.ticket` does."""
    wanted = [ticket_to_print(db, actor, ticket_id).id for ticket_id in dict.fromkeys(ticket_ids)]
    if not wanted:
        raise Invalid({"tickets": "choose_one"})
    if void_old:
        void_copies(db, actor, wanted)
    return _batch(db, actor, edition, list(wanted))


def batch(db: Session, actor: Actor, batch_id: uuid.UUID) -> PrintBatch:
    """A batch of one's own, or for a manager anybody's; raises `NotFound`."""
    access.require(actor, Action.PRINT_FORMS)
    found = db.get(PrintBatch, batch_id)
    if found is None or (found.made_by_id != actor.id and not actor.may(Action.SEE_ACCESS_LOG)):
        raise NotFound(str(batch_id))
    return found


def batches(db: Session, actor: Actor) -> Sequence[PrintBatch]:
    """One's own batches, the latest first."""
    query = select(PrintBatch).where(PrintBatch.made_by_id == actor.id).order_by(PrintBatch.made_at.desc())
    return db.scalars(query.limit(20)).all()


def copies_of(db: Session, actor: Actor, printed: PrintBatch) -> Sequence[PrintedCopy]:
    """A batch's copies for people, in order, with whose each is: for putting them into envelopes."""
    query = select(PrintedCopy).where(PrintedCopy.batch_id == printed.id, PrintedCopy.ticket_id.is_not(None))
    found = db.scalars(query.order_by(PrintedCopy.number)).all()
    for copy in found:
        assert copy.ticket is not None
        audit.record(db, actor, "listed", person=copy.ticket.episode.service_user_id)
    return found


def free_ids(db: Session, number: int) -> list[str]:
    """Eight characters each, that no copy and no ticket has."""
    free: list[str] = []
    while len(free) < number:
        fresh = list({codes.new_form_code() for _ in range(min(500, number - len(free)))})
        taken = {*db.scalars(select(PrintedCopy.human_id).where(PrintedCopy.human_id.in_(fresh)))}
        taken |= {*db.scalars(select(Ticket.code).where(Ticket.code.in_(fresh)))}
        free += [code for code in fresh if code not in taken and code not in free]
    return free


def _batch(db: Session, actor: Actor, edition: Edition, ticket_ids: Sequence[uuid.UUID | None]) -> PrintBatch:
    now = clock.now()
    made = PrintBatch(
        **vars(edition), total=len(ticket_ids), made_at=now, touched_at=now, made_by_id=actor.id
    )
    db.add(made)
    db.flush()
    ids = free_ids(db, len(ticket_ids))
    for number, (human_id, ticket_id) in enumerate(zip(ids, ticket_ids, strict=True), start=1):
        copy = _copy(actor, edition, human_id, ticket_id)
        copy.batch_id, copy.number = made.id, number
        db.add(copy)
    db.flush()
    audit.record(db, actor, "batch_made", subject=f"batch:{made.id}", copies=len(ids), form=edition.form)
    return made


def _copy(actor: Actor, edition: Edition, human_id: str, ticket_id: uuid.UUID | None) -> PrintedCopy:
    return PrintedCopy(
        **vars(edition), human_id=human_id, ticket_id=ticket_id, made_at=clock.now(), made_by_id=actor.id
    )


def _is_out() -> ColumnElement[bool]:
    return PrintedCopy.voided_at.is_(None) & PrintedCopy.used_at.is_(None)


def is_at_work(printed: PrintBatch) -> bool:
    """Whether a worker should be on it."""
    return printed.state in (BatchState.WAITING, BatchState.PRINTING)
