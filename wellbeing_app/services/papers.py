"""Paper that comes back: which copy it is, what may be done with it, and what somebody has to look at."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.model import HeldPaper, Occasion, PrintedCopy, ServiceUser, Ticket
from wellbeing_app.services import access, audit, clock, codes, tickets
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, NotFound, NotYours
from wellbeing_app.services.policy import Action
from wellbeing_app.services.printing import token_hash

LONGEST_CODE = 40
OUTCOMES = ("filed", "set_aside")


@dataclass(frozen=True)
class Found:
    """What a code led to: a copy, a ticket, both, or (with `why`) a reason not to type it in as usual.

    `why`: `unknown` (or a colleague's: which of them is not told), `specimen`, `void_copy`, `void`, `saved`.
    """

    copy: PrintedCopy | None = None
    ticket: Ticket | None = None
    why: str = ""


def by_token(db: Session, actor: Actor, token: str) -> Found:
    """What the token of a scanned code leads to."""
    access.require(actor, Action.OPEN_FORM_BY_CODE)
    copy = db.scalars(select(PrintedCopy).where(PrintedCopy.token_hash == token_hash(token))).one_or_none()
    if copy is None:
        return Found(why="specimen" if codes.is_specimen(token) else "unknown")
    return _of_copy(db, actor, copy)


def by_characters(db: Session, actor: Actor, typed: str) -> Found:
    """What eight typed characters lead to, on a printed copy or written on a form by hand.

    Raises `Invalid` for a slip.
    """
    access.require(actor, Action.OPEN_FORM_BY_CODE)
    code = codes.tidy(typed)
    if not codes.is_form_code(code):
        raise Invalid({"code": "slip"})
    copy = db.scalars(select(PrintedCopy).where(PrintedCopy.human_id == code)).one_or_none()
    if copy is not None:
        return _of_copy(db, actor, copy)
    found = _of_ticket(db, actor, code, None)
    return Found(why="specimen") if found.why == "unknown" and codes.is_specimen(code) else found


def claim(db: Session, actor: Actor, copy_id: uuid.UUID, reference: str, occasion: Occasion) -> Ticket:
    """Say whose a blank form is: a ticket for their next survey, which the copy is then for.

    Raises `Invalid` (as `tickets.plan`, or `claimed`), and as `access.person` does.
    """
    copy = blank_copy(db, actor, copy_id)
    ticket = tickets.plan_for(db, actor, reference, occasion)
    db.refresh(copy, ["ticket_id"], with_for_update=True)
    if copy.ticket_id not in (None, ticket.id):
        raise Invalid({"reference": "claimed"})
    copy.ticket_id = ticket.id
    person = ticket.episode.service_user_id
    audit.record(db, actor, "blank_form_claimed", person=person, subject=f"copy:{copy.id}")
    return ticket


def blank_copy(db: Session, actor: Actor, copy_id: uuid.UUID) -> PrintedCopy:
    """A copy that was printed for nobody yet, and still counts; raises `NotFound`."""
    access.require(actor, Action.PLAN_SURVEY)
    copy = db.get(PrintedCopy, copy_id)
    if copy is None or copy.voided_at is not None or copy.ticket_id is not None:
        raise NotFound(str(copy_id))
    return copy


def note_used(db: Session, ticket: Ticket, copy_id: uuid.UUID | None) -> None:
    """Remember that this copy's answers are saved."""
    copy = db.get(PrintedCopy, copy_id) if copy_id else None
    if copy is not None and copy.ticket_id == ticket.id and copy.used_at is None:
        copy.used_at = clock.now()


def language_of(db: Session, ticket: Ticket, copy_id: uuid.UUID | None) -> str:
    """The language that this ticket's copy is printed in; "" where there is no such copy."""
    copy = db.get(PrintedCopy, copy_id) if copy_id else None
    return copy.language if copy is not None and copy.ticket_id == ticket.id else ""


def hold(
    db: Session,
    actor: Actor,
    code: str,
    reason: str,
    fields: Mapping[str, Any],
    note: str = "",
    copy_id: uuid.UUID | None = None,
) -> HeldPaper:
    """Keep answers that cannot be saved as they are, for somebody to decide."""
    access.require(actor, Action.OPEN_FORM_BY_CODE)
    copy = db.get(PrintedCopy, copy_id) if copy_id else None
    held = HeldPaper(
        copy_id=copy.id if copy else None,
        ticket_id=copy.ticket_id if copy else None,
        code=code[:LONGEST_CODE],
        reason=reason,
        fields=dict(fields),
        note=note[:500],
        held_at=clock.now(),
        held_by_id=actor.id,
    )
    db.add(held)
    db.flush()
    audit.record(db, actor, "paper_held", subject=f"paper:{held.id}", reason=reason)
    return held


def waiting(db: Session, actor: Actor) -> Sequence[HeldPaper]:
    """What waits for a decision that is the actor's to take: what they hold themselves, what is about people
    in their reach, and for a manager everything."""
    access.require(actor, Action.SETTLE_PAPER)
    query = select(HeldPaper).where(HeldPaper.settled_at.is_(None)).order_by(HeldPaper.held_at)
    found = db.scalars(query).all()
    everything = actor.may(Action.SEE_ACCESS_LOG)
    return [held for held in found if everything or _is_for(db, actor, held)]


def held(db: Session, actor: Actor, held_id: uuid.UUID) -> HeldPaper:
    """One of those that wait; raises `NotFound`."""
    found = next((one for one in waiting(db, actor) if one.id == held_id), None)
    if found is None:
        raise NotFound(str(held_id))
    return found


def settle(db: Session, actor: Actor, held_id: uuid.UUID, outcome: str) -> HeldPaper:
    """Say what was decided. Nothing of it is thrown away."""
    found = held(db, actor, held_id)
    found.settled_at, found.settled_by_id, found.outcome = clock.now(), actor.id, outcome
    person = found.ticket.episode.service_user_id if found.ticket else None
    audit.record(db, actor, "paper_settled", person=person, subject=f"paper:{found.id}", outcome=outcome)
    return found


def _of_copy(db: Session, actor: Actor, copy: PrintedCopy) -> Found:
    if copy.ticket is None:
        return Found(copy, None, "void_copy" if copy.voided_at else "")
    found = _of_ticket(db, actor, copy.ticket.code, copy)
    return Found(copy, found.ticket, "void_copy") if found.ticket and copy.voided_at else found


def _of_ticket(db: Session, actor: Actor, code: str, copy: PrintedCopy | None) -> Found:
    try:
        ticket = access.open_form(db, actor, code)
    except NotYours as refusal:
        audit.record(db, actor, "refused", person=refusal.service_user_id, purpose=refusal.action)
        return Found(why="unknown")
    except NotFound:
        return Found(why="unknown")
    if ticket.voided_at is not None:
        return Found(copy, ticket, "void")
    return Found(copy, ticket, "saved" if ticket.redeemed_at is not None else "")


def _is_for(db: Session, actor: Actor, one: HeldPaper) -> bool:
    if one.ticket is None:
        return one.held_by_id == actor.id
    return _reaches(db, actor, one.ticket.episode.service_user)


def _reaches(db: Session, actor: Actor, person: ServiceUser) -> bool:
    return access.reaches(db, actor, Action.SETTLE_PAPER, person.id)
