"""Who is within whose reach, as questions to the database; `access` asks them, and nobody else.

Each is built once for a scope, with blanks for who asks and what is wanted: to build one takes longer than to
ask it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, Uuid, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from wellbeing_app.model import BreakGlass, Episode, FormOpening, ServiceUser, Staff, Survey, Ticket
from wellbeing_app.model.base import UtcDateTime
from wellbeing_app.services import clock
from wellbeing_app.services.policy import Scope

OPENED_FORM_LASTS = timedelta(hours=12)

Entity = TypeVar("Entity")
Question = Callable[[Scope, bool, bool], Select[Entity, bool]]
"""What is wanted, and whether it is in reach; of a scope, whether the team's caseload is in reach too, and
whether whom broken glass opens is."""

_ME, _TEAM = bindparam("me", type_=Uuid()), bindparam("team", type_=Uuid())
_NOW, _FORMS_SINCE = bindparam("now", type_=UtcDateTime()), bindparam("forms_since", type_=UtcDateTime())
_WANTED: BindParameter[Any] = bindparam("wanted")


def blanks(me: uuid.UUID, team: uuid.UUID | None) -> dict[str, object]:
    """What to fill into a question, but for what is wanted."""
    now = clock.now()
    return {"me": me, "team": team, "now": now, "forms_since": now - OPENED_FORM_LASTS}


def condition(within: Scope, me: Any, team: Any, now: Any, *, by_glass: bool) -> ColumnElement[bool]:
    """The condition on `ServiceUser`, for values or for blanks; `team` None: only the own caseload."""
    match within:
        case Scope.SERVICE:
            return true()
        case Scope.CASELOAD:
            on_caseload = _on_caseload(me, team)
            return or_(on_caseload, _glass_broken(me, now)) if by_glass else on_caseload
        case _:
            return false()


@cache
def person(within: Scope, of_team: bool, by_glass: bool) -> Select[ServiceUser, bool]:
    """By reference."""
    return select(ServiceUser, _condition(within, of_team, by_glass)).where(ServiceUser.reference == _WANTED)


@cache
def episode(within: Scope, of_team: bool, by_glass: bool) -> Select[Episode, bool]:
    """By id, with its person."""
    return (
        select(Episode, _condition(within, of_team, by_glass))
        .join(Episode.service_user)
        .options(contains_eager(Episode.service_user))
        .where(Episode.id == _WANTED)
    )


@cache
def ticket(within: Scope, of_team: bool, by_glass: bool) -> Select[Ticket, bool]:
    """By id, with its draft, episode and person."""
    in_reach = or_(_condition(within, of_team, by_glass), _form_opened(within))
    return _of_episode(Ticket, in_reach).options(joinedload(Ticket.draft)).where(Ticket.id == _WANTED)


@cache
def ticket_by_code(within: Scope, of_team: bool, by_glass: bool) -> Select[Ticket, bool]:
    """By the code on its form, with its episode and person."""
    return _of_episode(Ticket, _condition(within, of_team, by_glass)).where(Ticket.code == _WANTED)


@cache
def survey(within: Scope, of_team: bool, by_glass: bool) -> Select[Survey, bool]:
    """By id, with its episode and person."""
    return _of_episode(Survey, _condition(within, of_team, by_glass)).where(Survey.id == _WANTED)


@cache
def promises(within: Scope, of_team: bool, by_glass: bool) -> Select[*tuple[Any, ...]]:
    """Tickets by id, locked, with what a delivery is judged by; the last column: whether it is in reach."""
    return (
        select(
            Ticket.id,
            Ticket.occasion,
            Ticket.redeemed_at.is_not(None),
            Ticket.voided_at.is_not(None),
            Ticket.episode_id,
            Episode.referred_on,
            Episode.service_user_id,
            _condition(within, of_team, by_glass),
        )
        .join(Episode, Episode.id == Ticket.episode_id)
        .join(ServiceUser, ServiceUser.id == Episode.service_user_id)
        .where(Ticket.id.in_(bindparam("wanted", expanding=True)))
        # Always in this order, or two deliveries could wait for each other for ever.
        .order_by(Ticket.episode_id, Ticket.id)
        .with_for_update(of=[Ticket, Episode])
    )


def _of_episode(kind: Any, in_reach: ColumnElement[bool]) -> Select[Any, bool]:
    return (
        select(kind, in_reach)
        .join(kind.episode)
        .join(Episode.service_user)
        .options(contains_eager(kind.episode).contains_eager(Episode.service_user))
    )


def _condition(within: Scope, of_team: bool, by_glass: bool) -> ColumnElement[bool]:
    return condition(within, _ME, _TEAM if of_team else None, _NOW, by_glass=by_glass)


def _on_caseload(me: Any, team: Any) -> ColumnElement[bool]:
    mine = Episode.advisor_id == me
    if team is not None:
        mine = or_(mine, Episode.advisor_id.in_(select(Staff.id).where(Staff.team_id == team)))
    return exists().where(Episode.service_user_id == ServiceUser.id, mine).correlate(ServiceUser)


def _glass_broken(me: Any, now: Any) -> ColumnElement[bool]:
    return exists().where(
        BreakGlass.service_user_id == ServiceUser.id,
        BreakGlass.staff_id == me,
        BreakGlass.expires_at > now,
    )


def _form_opened(within: Scope) -> ColumnElement[bool]:
    if within is not Scope.OPENED_FORMS:
        return false()
    return exists().where(
        FormOpening.ticket_id == Ticket.id,
        FormOpening.staff_id == _ME,
        FormOpening.at > _FORMS_SINCE,
    )
