"""Deciding what becomes of something that a tablet sent and that is held. Each decision is on the trail.

It is done with the rights of whoever decides; the survey still says who took it.
"""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from wellbeing_app.model import Custody, Occasion, Outcome, ServiceUser, SyncItem, Ticket
from wellbeing_app.services import access, audit, clock, modes, pathway, safety, surveys, tickets
from wellbeing_app.services.access import Actor
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.contents import Contents
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.held import Held, find, see
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import readable

SHORTEST_REASON = 3
LONGEST_NOTE = 500
CAN_BE_REOPENED = (Outcome.STANDS, Outcome.DRAFTED)


def accept(db: Session, actor: Actor, item_id: uuid.UUID) -> Held:
    """Save it for the visit it names, which is planned again if it was withdrawn; raises `Invalid`."""
    held = _to_decide(db, actor, item_id)
    if not held.can_accept or held.ticket is None:
        raise Invalid({"item": "cannot_accept"})
    if held.ticket.voided_at is not None:
        tickets.reinstate(db, actor, held.ticket.id)
    survey_id = _file(db, actor, held, held.ticket)
    _settle(db, actor, held.item, Outcome.ACCEPTED, held.ticket.episode.service_user_id, survey_id)
    return held


def match(db: Session, actor: Actor, item_id: uuid.UUID, reference: str) -> ServiceUser:
    """Save it for this person's latest episode; raises `Invalid`, or as `access.person` does."""
    held = _to_decide(db, actor, item_id)
    if not held.can_match or held.said is None:
        raise Invalid({"item": "cannot_match"})
    person = access.person(db, actor, Action.FILL_SURVEY, reference)
    survey_id = None
    if held.said.given is not None:
        survey_id = _file(db, actor, held, _planned_for(db, actor, person, held.said))
    else:
        _raise_flag(db, actor, held, person)
    _settle(db, actor, held.item, Outcome.MATCHED, person.id, survey_id)
    return person


def keep_what_stands(db: Session, actor: Actor, item_id: uuid.UUID) -> Held:
    """Leave the survey as it was saved; the other answers go after a month. Can be taken back till then."""
    held = _to_decide(db, actor, item_id)
    if held.survey is None or held.ticket is None:
        raise Invalid({"item": "nothing_stands"})
    _raise_flag(db, actor, held, held.ticket.episode.service_user)
    person = held.ticket.episode.service_user_id
    _settle(db, actor, held.item, Outcome.STANDS, person, held.survey.id)
    return held


def correct(db: Session, actor: Actor, item_id: uuid.UUID, reason: str) -> Held:
    """Use these answers as a correction of the survey that stands; raises `Invalid` or `Superseded`."""
    held = _to_decide(db, actor, item_id)
    if held.survey is None or held.ticket is None or held.said is None or held.said.given is None:
        raise Invalid({"item": "nothing_stands"})
    surveys.correct(db, actor, held.survey.id, held.said.given, reason, held.survey.revision)
    _raise_flag(db, actor, held, held.ticket.episode.service_user)
    person = held.ticket.episode.service_user_id
    _settle(db, actor, held.item, Outcome.CORRECTED, person, held.survey.id)
    return held


def into_form(db: Session, actor: Actor, held: Held, fields: dict[str, object]) -> Ticket:
    """Put the answers into the visit's form, where what is wrong can be put right; raises `Invalid`."""
    if held.ticket is None or held.survey is not None or held.item.state is not Custody.HELD:
        raise Invalid({"item": "cannot_accept"})
    if held.ticket.draft is not None:
        raise Invalid({"item": "form_begun"})
    if held.ticket.voided_at is not None:
        tickets.reinstate(db, actor, held.ticket.id)
    tickets.save_draft(db, actor, held.ticket, fields)
    _raise_flag(db, actor, held, held.ticket.episode.service_user)
    _settle(db, actor, held.item, Outcome.DRAFTED, held.ticket.episode.service_user_id)
    return held.ticket


def destroy(db: Session, actor: Actor, item_id: uuid.UUID, reason: str) -> None:
    """Erase what was sent, for good, and keep why. Raises `Invalid`."""
    access.require(actor, Action.DESTROY_HELD)
    held = _to_decide(db, actor, item_id)
    reason = readable(reason).strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_NOTE:
        raise Invalid({"reason": "reason_missing" if len(reason) < SHORTEST_REASON else "reason_too_long"})
    person = held.ticket.episode.service_user_id if held.ticket else None
    _settle(db, actor, held.item, Outcome.DESTROYED, person, note=reason)


def reopen(db: Session, actor: Actor, item_id: uuid.UUID) -> None:
    """Take a decision back, as long as the answers are still kept; raises `Invalid`."""
    item = find(db, actor, item_id)
    if item.state is not Custody.SETTLED or item.outcome not in CAN_BE_REOPENED or item.sealed is None:
        raise Invalid({"item": "not_kept"})
    item.state, item.outcome, item.settled_at, item.settled_by_id = Custody.HELD, None, None, None
    item.survey_id = None
    db.flush()
    audit.record(db, actor, "held_item_reopened", subject=f"item:{item.id}")


def _to_decide(db: Session, actor: Actor, item_id: uuid.UUID) -> Held:
    held = see(db, actor, item_id)
    if held.item.state is not Custody.HELD:
        raise Invalid({"item": "decided"})
    return held


def _planned_for(db: Session, actor: Actor, person: ServiceUser, said: Contents) -> Ticket:
    episode = pathway.latest(person)
    if episode is None:
        raise Invalid({"reference": "no_episode"})
    given: SurveyAnswers | None = said.given
    occasion = Occasion(said.occasion) if said.occasion in tuple(Occasion) else Occasion.BASELINE
    on = given.completed_on if given else clock.today()
    return tickets.plan(db, actor, episode.id, occasion, on, another=True)


def _file(db: Session, actor: Actor, held: Held, ticket: Ticket) -> uuid.UUID | None:
    """Record the answers, if there are any, and raise the flag, if there is one."""
    survey_id = None
    if held.said and held.said.given:
        by = held.author.id if held.author else actor.id
        survey_id = surveys.record(db, actor, ticket.id, held.said.given, taken_by=by).survey_id
        modes.keep(db, actor, ticket.episode.service_user_id, ticket.id, held.said.modes)
    _raise_flag(db, actor, held, ticket.episode.service_user)
    return survey_id


def _raise_flag(db: Session, actor: Actor, held: Held, person: ServiceUser) -> None:
    concern = held.said.concern if held.said else None
    if concern is not None:
        safety.flag_person(db, actor, person, concern.concern, concern.told, concern.flag_id)


def _settle(
    db: Session,
    actor: Actor,
    item: SyncItem,
    outcome: Outcome,
    person: uuid.UUID | None,
    survey_id: uuid.UUID | None = None,
    note: str = "",
) -> None:
    item.state, item.outcome, item.survey_id, item.note = Custody.SETTLED, outcome, survey_id, note
    item.settled_at, item.settled_by_id = clock.now(), actor.id
    if outcome not in CAN_BE_REOPENED:
        item.sealed, item.content = None, None
    db.flush()
    detail = {"outcome": outcome.value, **({"reason": note} if note else {})}
    audit.record(db, actor, "held_item_decided", person=person, subject=f"item:{item.id}", **detail)
