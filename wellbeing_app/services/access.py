"""The one door to a person: fetching a record and asking leave are one call, and each opening is audited."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from wellbeing_app.model import BreakGlass, Episode, FormOpening, Role, ServiceUser, Survey, Ticket
from wellbeing_app.services import audit, clock, codes, reach
from wellbeing_app.services.errors import Invalid, Merged, NotAllowed, NotFound, NotYours
from wellbeing_app.services.policy import NOT_THROUGH_BROKEN_GLASS, Action, Scope, scope
from wellbeing_app.services.reach import Entity, Question

BREAK_GLASS_LASTS = timedelta(hours=4)
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Actor:
    """Somebody signed in."""

    id: uuid.UUID
    name: str
    role: Role
    team_id: uuid.UUID | None = None
    sees_team: bool = False
    session_id: uuid.UUID | None = None
    handed_over_ticket_id: uuid.UUID | None = None

    @property
    def team_seen(self) -> uuid.UUID | None:
        """The team whose caseload they work on beside their own."""
        return self.team_id if self.sees_team else None

    def may(self, action: Action) -> bool:
        """Whether the role does this at all, for somebody."""
        return scope(self.role, action) is not Scope.NOBODY


def require(actor: Actor, action: Action) -> None:
    """Raise `NotAllowed` unless the actor's role does `action` at all."""
    if not actor.may(action):
        raise NotAllowed(action)


def people_in_reach(actor: Actor, action: Action) -> ColumnElement[bool]:
    """The condition on `ServiceUser` for those whom `actor` may do `action` to."""
    within, by_glass = scope(actor.role, action), action not in NOT_THROUGH_BROKEN_GLASS
    return reach.condition(within, actor.id, actor.team_seen, clock.now(), by_glass=by_glass)


def reaches(db: Session, actor: Actor, action: Action, service_user_id: uuid.UUID) -> bool:
    """Whether `actor` may do `action` to this person, who is not opened by the question."""
    query = select(ServiceUser.id).where(ServiceUser.id == service_user_id, people_in_reach(actor, action))
    return db.scalar(query) is not None


def person(db: Session, actor: Actor, action: Action, reference: str) -> ServiceUser:
    """The person with this reference; raises `NotAllowed`, `NotFound`, `NotYours` or `Merged`."""
    found, in_reach = _find(db, actor, action, reach.person, reference)
    return _through_the_door(db, actor, action, found, in_reach, "person")


def episode(db: Session, actor: Actor, action: Action, episode_id: uuid.UUID) -> Episode:
    """The episode, if its person is in reach; raises as `person` does."""
    found, in_reach = _find(db, actor, action, reach.episode, episode_id)
    _through_the_door(db, actor, action, found.service_user, in_reach, f"episode:{found.id}")
    return found


def ticket(db: Session, actor: Actor, action: Action, ticket_id: uuid.UUID) -> Ticket:
    """The ticket with its draft, if its person is in reach or its form was opened by its code."""
    found, in_reach = _find(db, actor, action, reach.ticket, ticket_id)
    _through_the_door(db, actor, action, found.episode.service_user, in_reach, f"ticket:{found.id}")
    return found


def promises(
    db: Session, actor: Actor, action: Action, ticket_ids: Collection[uuid.UUID]
) -> list[tuple[Any, ...]]:
    """What `reach.promises` asks of these tickets; nothing is opened by the question."""
    by_glass = action not in NOT_THROUGH_BROKEN_GLASS
    asked = reach.promises(scope(actor.role, action), actor.team_seen is not None, by_glass)
    blanks = reach.blanks(actor.id, actor.team_seen)
    return [tuple(row) for row in db.execute(asked, {**blanks, "wanted": list(ticket_ids)})]


def survey(db: Session, actor: Actor, action: Action, survey_id: uuid.UUID) -> Survey:
    """The survey, if its person is in reach; raises as `person` does."""
    found, in_reach = _find(db, actor, action, reach.survey, survey_id)
    _through_the_door(db, actor, action, found.episode.service_user, in_reach, f"survey:{found.id}")
    return found


def open_form(db: Session, actor: Actor, code: str) -> Ticket:
    """Find a ticket by the code on its form and remember that this actor opened it; raises `NotFound`."""
    action = Action.OPEN_FORM_BY_CODE
    found, in_reach = _find(db, actor, action, reach.ticket_by_code, code)
    _through_the_door(db, actor, action, found.episode.service_user, in_reach, f"ticket:{found.id}")
    db.add(FormOpening(staff_id=actor.id, ticket_id=found.id, at=clock.now()))
    return found


def break_glass(db: Session, actor: Actor, reference: str, reason: str) -> ServiceUser:
    """Open somebody else's person for a few hours, with a reason; raises `Invalid` or `NotFound`."""
    require(actor, Action.BREAK_GLASS)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid({"reason": "too_short"})
    tidied = codes.tidy_reference(reference)
    service_user = db.scalar(select(ServiceUser).where(ServiceUser.reference == tidied))
    if service_user is not None and service_user.merged_into_id is not None:
        service_user = db.get_one(ServiceUser, service_user.merged_into_id)
    if service_user is None:
        raise Invalid({"reference": "unknown"})
    now = clock.now()
    db.add(
        BreakGlass(
            staff_id=actor.id,
            service_user_id=service_user.id,
            reason=reason.strip(),
            at=now,
            expires_at=now + BREAK_GLASS_LASTS,
        )
    )
    audit.record(db, actor, "break_glass", person=service_user.id, reason=reason.strip())
    return service_user


def _through_the_door(
    db: Session, actor: Actor, action: Action, service_user: ServiceUser, in_reach: bool, subject: str
) -> ServiceUser:
    if service_user.merged_into_id is not None:
        _lead_to_kept(db, actor, action, service_user.merged_into_id)
    if not in_reach:
        raise NotYours(service_user.id, action)
    audit.record(db, actor, "opened", person=service_user.id, subject=subject, purpose=action)
    return service_user


def _lead_to_kept(db: Session, actor: Actor, action: Action, kept_id: uuid.UUID) -> NoReturn:
    """An old reference leads whoever may open the kept record there, and nobody else anywhere."""
    query = select(ServiceUser, people_in_reach(actor, action)).where(ServiceUser.id == kept_id)
    kept, in_reach = db.execute(query).one()
    if not in_reach:
        raise NotYours(kept.id, action)
    raise Merged(kept.reference)


def _find(
    db: Session, actor: Actor, action: Action, question: Question[Entity], wanted: object
) -> tuple[Entity, bool]:
    """What was asked for, and whether it is in reach; raises `NotAllowed` or `NotFound`."""
    require(actor, action)
    by_glass = action not in NOT_THROUGH_BROKEN_GLASS
    asked = question(scope(actor.role, action), actor.team_seen is not None, by_glass)
    found = db.execute(asked, {**reach.blanks(actor.id, actor.team_seen), "wanted": wanted}).one_or_none()
    if found is None:
        raise NotFound(str(wanted))
    entity, in_reach = found
    return entity, in_reach
