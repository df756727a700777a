"""The one door to a person: fetching a record and asking leave are one call, and each opening is audited."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from wellbeing_app.model import BreakGlass, Episode, FormOpening, Role, ServiceUser, Staff, Survey, Ticket
from wellbeing_app.services import audit, clock, codes
from wellbeing_app.services.errors import Invalid, Merged, NotAllowed, NotFound, NotYours
from wellbeing_app.services.policy import Action, Scope, scope

BREAK_GLASS_LASTS = timedelta(hours=4)
OPENED_FORM_LASTS = timedelta(hours=12)
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

    def may(self, action: Action) -> bool:
        """Whether the role does this at all, for somebody."""
        return scope(self.role, action) is not Scope.NOBODY


def require(actor: Actor, action: Action) -> None:
    """Raise `NotAllowed` unless the actor's role does `action` at all."""
    if not actor.may(action):
        raise NotAllowed(action)


def people_in_reach(actor: Actor, action: Action) -> ColumnElement[bool]:
    """The condition on `ServiceUser` for those whom `actor` may do `action` to."""
    match scope(actor.role, action):
        case Scope.SERVICE:
            return true()
        case Scope.CASELOAD:
            return or_(_on_caseload(actor), _glass_broken(actor))
        case _:
            return false()


def person(db: Session, actor: Actor, action: Action, reference: str) -> ServiceUser:
    """The person with this reference; raises `NotAllowed`, `NotFound`, `NotYours` or `Merged`."""
    require(actor, action)
    query = select(ServiceUser, people_in_reach(actor, action)).where(ServiceUser.reference == reference)
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFound(reference)
    service_user, in_reach = found
    return _through_the_door(db, actor, action, service_user, in_reach, "person")


def episode(db: Session, actor: Actor, action: Action, episode_id: uuid.UUID) -> Episode:
    """The episode, if its person is in reach; raises as `person` does."""
    require(actor, action)
    query = (
        select(Episode, people_in_reach(actor, action))
        .join(Episode.service_user)
        .options(contains_eager(Episode.service_user))
        .where(Episode.id == episode_id)
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFound(str(episode_id))
    row, in_reach = found
    _through_the_door(db, actor, action, row.service_user, in_reach, f"episode:{row.id}")
    return row


def ticket(db: Session, actor: Actor, action: Action, ticket_id: uuid.UUID) -> Ticket:
    """The ticket with its draft, if its person is in reach or its form was opened by its code."""
    require(actor, action)
    in_reach = or_(people_in_reach(actor, action), _form_opened(actor, action))
    query = (
        select(Ticket, in_reach)
        .join(Ticket.episode)
        .join(Episode.service_user)
        .options(
            contains_eager(Ticket.episode).contains_eager(Episode.service_user), joinedload(Ticket.draft)
        )
        .where(Ticket.id == ticket_id)
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFound(str(ticket_id))
    row, allowed = found
    _through_the_door(db, actor, action, row.episode.service_user, allowed, f"ticket:{row.id}")
    return row


def survey(db: Session, actor: Actor, action: Action, survey_id: uuid.UUID) -> Survey:
    """The survey, if its person is in reach; raises as `person` does."""
    require(actor, action)
    query = (
        select(Survey, people_in_reach(actor, action))
        .join(Survey.episode)
        .join(Episode.service_user)
        .options(contains_eager(Survey.episode).contains_eager(Episode.service_user))
        .where(Survey.id == survey_id)
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFound(str(survey_id))
    row, in_reach = found
    _through_the_door(db, actor, action, row.episode.service_user, in_reach, f"survey:{row.id}")
    return row


def open_form(db: Session, actor: Actor, code: str) -> Ticket:
    """Find a ticket by the code on its form and remember that this actor opened it; raises `NotFound`."""
    require(actor, Action.OPEN_FORM_BY_CODE)
    query = (
        select(Ticket, people_in_reach(actor, Action.OPEN_FORM_BY_CODE))
        .join(Ticket.episode)
        .join(Episode.service_user)
        .options(contains_eager(Ticket.episode).contains_eager(Episode.service_user))
        .where(Ticket.code == code)
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFound(code)
    row, in_reach = found
    service_user = row.episode.service_user
    _through_the_door(db, actor, Action.OPEN_FORM_BY_CODE, service_user, in_reach, f"ticket:{row.id}")
    db.add(FormOpening(staff_id=actor.id, ticket_id=row.id, at=clock.now()))
    return row


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


def _on_caseload(actor: Actor) -> ColumnElement[bool]:
    mine = Episode.advisor_id == actor.id
    if actor.sees_team and actor.team_id is not None:
        team = select(Staff.id).where(Staff.team_id == actor.team_id)
        mine = or_(mine, Episode.advisor_id.in_(team))
    return exists().where(Episode.service_user_id == ServiceUser.id, mine).correlate(ServiceUser)


def _glass_broken(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        BreakGlass.service_user_id == ServiceUser.id,
        BreakGlass.staff_id == actor.id,
        BreakGlass.expires_at > clock.now(),
    )


def _form_opened(actor: Actor, action: Action) -> ColumnElement[bool]:
    if scope(actor.role, action) is not Scope.OPENED_FORMS:
        return false()
    return exists().where(
        and_(
            FormOpening.ticket_id == Ticket.id,
            FormOpening.staff_id == actor.id,
            FormOpening.at > clock.now() - OPENED_FORM_LASTS,
        )
    )
