"""Tickets: the promise of a survey, its draft while it is being filled in, and its withdrawal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellbeing_app.model import Draft, Episode, Occasion, Survey, Ticket
from wellbeing_app.services import access, audit, clock, codes, modes
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action

PAGE, SEEN, PLACE = "page", "seen", "place"
NOTED_EVERY = timedelta(minutes=10)
AT_ONCE = 500


def plan(
    db: Session, actor: Actor, episode_id: uuid.UUID, occasion: Occasion, on: date, *, another: bool = False
) -> Ticket:
    """A ticket for the next survey of an episode: the one already waiting, or a new one.

    A second baseline has to be asked for (`another`). Raises `Invalid` (`episode_closed`, `baseline_first`,
    `baseline_exists`).
    """
    episode = access.episode(db, actor, Action.PLAN_SURVEY, episode_id)
    db.refresh(episode, ["closed_on", "version"], with_for_update=True)
    waiting = _waiting(db, episode, occasion)
    if waiting is not None:
        return waiting
    _check(db, episode, occasion, another)
    ticket = Ticket(
        episode=episode,
        occasion=occasion,
        code=free_codes(db, 1)[0],
        planned_for=on,
        issued_at=clock.now(),
        issued_by_id=actor.id,
    )
    db.add(ticket)
    db.flush()
    _log(db, actor, "survey_planned", ticket, occasion=occasion)
    return ticket


def plan_for(db: Session, actor: Actor, reference: str, occasion: Occasion) -> Ticket:
    """The same for the person with this reference: their latest open episode that such a survey fits.

    Raises as `access.person` too.
    """
    person = access.person(db, actor, Action.PLAN_SURVEY, codes.tidy_reference(reference))
    why_not = Invalid({"occasion": "episode_closed"})
    for episode in [one for one in reversed(person.episodes) if one.is_open]:
        try:
            return plan(db, actor, episode.id, occasion, clock.today())
        except Invalid as refusal:
            why_not = refusal
    raise why_not


def open_by_code(db: Session, actor: Actor, typed: str) -> Ticket:
    """The ticket whose code was typed; raises `Invalid` for a slip, `NotFound` for a code nobody issued."""
    code = codes.tidy(typed)
    if not codes.is_form_code(code):
        raise Invalid({"code": "slip"})
    return access.open_form(db, actor, code)


def save_draft(db: Session, actor: Actor, ticket: Ticket, fields: Mapping[str, Any]) -> Draft:
    """Keep what has been typed so far, unchecked, whatever became of the ticket: nobody types for nothing.

    With `SEEN` among the fields (the moment of the draft that their page began with) a page that has not seen
    what was kept since does not wipe it out: where that page is blank, what was kept stays.
    """
    draft = _draft_as_it_stands(db, ticket)
    _note_draft(db, actor, ticket, draft)
    if draft is not None:
        modes.note(db, actor, ticket, draft.fields, fields)
    draft = draft or Draft(ticket_id=ticket.id, ticket=ticket, fields={}, saved_at=clock.now())
    draft.fields = _joined(draft, fields)
    draft.saved_at, draft.saved_by_id = clock.now(), actor.id
    db.add(draft)
    db.flush()
    return draft


def discard_draft(db: Session, actor: Actor, ticket: Ticket) -> None:
    """Let go of what was typed and not saved, if there is any."""
    if ticket.draft is not None:
        db.delete(ticket.draft)
        db.flush()
        db.expire(ticket, ["draft"])
        _log(db, actor, "draft_discarded", ticket)


def void(db: Session, actor: Actor, ticket_id: uuid.UUID) -> Ticket:
    """Withdraw a planned survey; its draft is kept, its code opens nothing any more."""
    return _set_voided(db, actor, ticket_id, clock.now(), "survey_withdrawn")


def reinstate(db: Session, actor: Actor, ticket_id: uuid.UUID) -> Ticket:
    """Plan a survey again that was withdrawn, with its draft and its code."""
    return _set_voided(db, actor, ticket_id, None, "survey_reinstated")


def _set_voided(
    db: Session, actor: Actor, ticket_id: uuid.UUID, moment: datetime | None, action: str
) -> Ticket:
    ticket = access.ticket(db, actor, Action.PLAN_SURVEY, ticket_id)
    db.refresh(ticket, ["redeemed_at", "voided_at"], with_for_update=True)
    if ticket.redeemed_at is None and (ticket.voided_at is None) != (moment is None):
        ticket.voided_at = moment
        _log(db, actor, action, ticket)
    return ticket


def _draft_as_it_stands(db: Session, ticket: Ticket) -> Draft | None:
    """Locks the ticket and reads it and its draft again: somebody may have been quicker."""
    db.refresh(ticket, ["redeemed_at", "voided_at"], with_for_update=True)
    if ticket.draft is not None:
        db.expunge(ticket.draft)
    db.expire(ticket, ["draft"])
    return ticket.draft


def _joined(draft: Draft, sent: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in sent.items() if name != SEEN}
    kept = draft.fields
    is_last_writer = bool(sent.get(PAGE)) and kept.get(PAGE) == sent.get(PAGE)
    if not kept or SEEN not in sent or is_last_writer or sent[SEEN] == stamp(draft):
        return own
    # Neither page has seen all of this, so from now on both join until one is opened afresh.
    return {**kept, **{name: value for name, value in own.items() if value}, PAGE: ""}


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two drafts hold the same, whichever pages they came from."""
    return _told(one) == _told(other)


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value and name not in (PAGE, SEEN, PLACE)}


def stamp(draft: Draft | None) -> str:
    """The moment of a draft, as `SEEN` wants it."""
    return draft.saved_at.isoformat() if draft else ""


def _note_draft(db: Session, actor: Actor, ticket: Ticket, before: Draft | None) -> None:
    """One row for a while of typing: a row for each change would bury the others."""
    if before is None or before.saved_by_id != actor.id or clock.now() - before.saved_at > NOTED_EVERY:
        _log(db, actor, "draft_saved", ticket)


def _log(db: Session, actor: Actor, action: str, ticket: Ticket, **detail: object) -> None:
    person = ticket.episode.service_user_id
    audit.record(db, actor, action, person=person, subject=f"ticket:{ticket.id}", **detail)


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


def free_codes(db: Session, many: int) -> list[str]:
    """So many codes that no form has."""
    free: dict[str, None] = {}
    while len(free) < many:
        some = {codes.new_form_code() for _ in range(min(many - len(free), AT_ONCE))}
        taken = set(db.scalars(select(Ticket.code).where(Ticket.code.in_(some))))
        free.update(dict.fromkeys(some - taken))
    return list(free)
