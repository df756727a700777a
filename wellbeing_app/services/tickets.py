"""Tickets: the promise of a survey, its draft while it is being filled in, and its withdrawal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellbeing_app.model import Draft, Episode, Occasion, Survey, Ticket
from wellbeing_app.services import access, audit, clock, codes
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, TicketVoid
from wellbeing_app.services.policy import Action


def plan(
    db: Session, actor: Actor, episode_id: uuid.UUID, occasion: Occasion, on: date, *, another: bool = False
) -> Ticket:
    """A ticket for the next survey of an episode: the one already waiting, or a new one.

    A second baseline has to be asked for (`another`). Raises `Invalid` (`episode_closed`, `baseline_first`,
    `baseline_exists`).
    """
    episode = access.episode(db, actor, Action.FILL_SURVEY, episode_id)
    waiting = _waiting(db, episode, occasion)
    if waiting is not None and not another:
        return waiting
    _check(db, episode, occasion, another)
    ticket = Ticket(
        episode=episode,
        occasion=occasion,
        code=_free_code(db),
        planned_for=on,
        issued_at=clock.now(),
        issued_by_id=actor.id,
    )
    db.add(ticket)
    db.flush()
    audit.record(
        db,
        actor,
        "survey_planned",
        person=episode.service_user_id,
        subject=f"ticket:{ticket.id}",
        occasion=occasion,
    )
    return ticket


def open_by_code(db: Session, actor: Actor, typed: str) -> Ticket:
    """The ticket whose code was typed; raises `Invalid` for a slip, `NotFound` for a code nobody issued."""
    code = codes.tidy(typed)
    if not codes.is_form_code(code):
        raise Invalid({"code": "slip"})
    return access.open_form(db, actor, code)


def save_draft(db: Session, actor: Actor, ticket: Ticket, fields: Mapping[str, Any]) -> Draft:
    """Keep what has been typed so far, unchecked; raises `TicketVoid`. Once redeemed, nothing changes."""
    if ticket.voided_at is not None:
        raise TicketVoid
    draft = ticket.draft or Draft(ticket_id=ticket.id, ticket=ticket)
    if ticket.redeemed_at is not None:
        return draft
    draft.fields, draft.saved_at, draft.saved_by_id = dict(fields), clock.now(), actor.id
    db.add(draft)
    audit.record(
        db, actor, "draft_saved", person=ticket.episode.service_user_id, subject=f"ticket:{ticket.id}"
    )
    return draft


def void(db: Session, actor: Actor, ticket_id: uuid.UUID) -> Ticket:
    """Withdraw a planned survey; its draft is kept, its code opens nothing any more."""
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    if ticket.redeemed_at is None and ticket.voided_at is None:
        ticket.voided_at = clock.now()
        audit.record(
            db,
            actor,
            "survey_withdrawn",
            person=ticket.episode.service_user_id,
            subject=f"ticket:{ticket.id}",
        )
    return ticket


def _waiting(db: Session, episode: Episode, occasion: Occasion) -> Ticket | None:
    query = select(Ticket).where(
        Ticket.episode_id == episode.id,
        Ticket.occasion == occasion,
        Ticket.redeemed_at.is_(None),
        Ticket.voided_at.is_(None),
    )
    return db.scalars(query.order_by(Ticket.issued_at).limit(1)).one_or_none()


def _check(db: Session, episode: Episode, occasion: Occasion, another: bool) -> None:
    if not episode.is_open:
        raise Invalid({"occasion": "episode_closed"})
    baselines = db.scalar(
        select(func.count())
        .select_from(Survey)
        .where(Survey.episode_id == episode.id, Survey.occasion == Occasion.BASELINE)
    )
    if occasion is Occasion.FOLLOW_UP and not baselines:
        raise Invalid({"occasion": "baseline_first"})
    if occasion is Occasion.BASELINE and baselines and not another:
        raise Invalid({"occasion": "baseline_exists"})


def _free_code(db: Session) -> str:
    while True:
        code = codes.new_form_code()
        if db.scalar(select(Ticket.id).where(Ticket.code == code)) is None:
            return code
