"""The list of follow-ups: of an advisor, a team or the service, by state, a page at a time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, tuple_
from sqlalchemy.orm import Session

from wellbeing_app.model import DueRow, Episode, Pathway, Role, ServiceUser, Staff, Stage, Team
from wellbeing_app.services import access, audit, clock, due, followups
from wellbeing_app.services.access import Actor
from wellbeing_app.services.followups import Due, NextStep, State
from wellbeing_app.services.policy import Action, Scope, scope

PAGE, MANY = 50, 200


class Show(StrEnum):
    """Which follow-ups. `NOW`: those that are due or overdue."""

    NOW = "now"
    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    BASELINE = "baseline"
    DONE = "done"
    DECLINED = "declined"
    LOST = "lost"


class Sort(StrEnum):
    """In which order: the most pressing first, or by name."""

    PRESSING = "pressing"
    NAME = "name"


@dataclass(frozen=True)
class Asked:
    """What is to be listed. `after`: the mark at which the page before ended."""

    show: Show = Show.NOW
    sort: Sort = Sort.PRESSING
    pathway: Pathway | None = None
    advisor: uuid.UUID | None = None
    team: uuid.UUID | None = None
    after: str = ""
    many: bool = False


@dataclass(frozen=True)
class Item:
    """One follow-up, with whose it is."""

    episode_id: uuid.UUID
    reference: str
    name: str
    pathway: Pathway
    advisor_id: uuid.UUID
    advisor: str
    due: Due
    state: State
    next: NextStep


@dataclass(frozen=True)
class Listed:
    """A page of the list; `more`: the mark to go on after, "" at the end."""

    items: Sequence[Item]
    more: str


@dataclass(frozen=True)
class Others:
    """Whose follow-ups this actor may choose between; empty for an advisor who sees only their own."""

    teams: Sequence[Team]
    advisors: Sequence[Staff]


def page(db: Session, actor: Actor, asked: Asked) -> Listed:
    """A page of the follow-ups in reach, as asked for."""
    access.require(actor, Action.SEE_CASELOAD)
    today = clock.today()
    size = MANY if asked.many else PAGE
    rows = db.execute(question(actor, asked, today, size + 1)).all()
    items = [_item(row, today) for row in rows[:size]]
    audit.record(db, actor, "follow_ups_listed", shown=len(items))
    more = f"{rows[size - 1].key}~{rows[size - 1].episode_id.hex}" if len(rows) > size else ""
    return Listed(items, more)


def others(db: Session, actor: Actor) -> Others:
    """The teams and advisors to choose between."""
    in_reach = _advisors_in_reach(actor)
    if scope(actor.role, Action.SEE_CASELOAD) is not Scope.SERVICE and actor.team_seen is None:
        return Others([], [])
    advisors = select(Staff).where(Staff.role == Role.ADVISOR).order_by(Staff.name)
    found = db.scalars(advisors.where(*in_reach)).all()
    teams = db.scalars(select(Team).order_by(Team.name)).all() if not in_reach else []
    return Others(teams, found)


def question(actor: Actor, asked: Asked, today: date, most: int) -> Select[Any]:
    """The list as one question: the rows are found by an index, and only then told whose they are."""
    opens, day = _days(actor, asked)
    key: Any = ServiceUser.search_name if asked.sort is Sort.NAME else day
    columns = [getattr(DueRow, name) for name in Due.__dataclass_fields__]
    found = select(DueRow.episode_id, DueRow.advisor_id, *columns, key.label("key"))
    if asked.sort is Sort.NAME:
        found = found.join(Episode, Episode.id == DueRow.episode_id).join(Episode.service_user)
    found = found.where(*_wanted(asked, opens, day, today), *_whose(actor, asked), *_after(asked, key))
    few = found.order_by(key, DueRow.episode_id).limit(most).subquery()
    named = select(few, ServiceUser.reference, ServiceUser.first_name, ServiceUser.last_name)
    return (
        named.add_columns(Episode.pathway, Staff.name.label("advisor"))
        .join(Episode, Episode.id == few.c.episode_id)
        .join(ServiceUser, ServiceUser.id == Episode.service_user_id)
        .join(Staff, Staff.id == few.c.advisor_id)
        .order_by(few.c.key, few.c.episode_id)
    )


def _days(actor: Actor, asked: Asked) -> tuple[Any, Any]:
    """The first day of a window, and the day that a list is sorted by.

    Partly in words for which databases have no index, where that of the advisors or of the order serves
    better. Left to guess, they read through most of the service's rows instead.
    """
    of_one = asked.advisor or (
        scope(actor.role, Action.SEE_CASELOAD) is Scope.CASELOAD and not actor.team_seen
    )
    of_several = not of_one and bool(_whose(actor, asked))
    unfound: Any = func.coalesce(DueRow.opens, DueRow.sort_on)
    if asked.show is Show.UPCOMING:
        opens: Any = unfound if of_one or of_several else DueRow.opens
        return opens, opens
    return unfound, func.coalesce(DueRow.sort_on, DueRow.opens) if of_several else DueRow.sort_on


def _wanted(asked: Asked, opens: Any, sort_on: Any, today: date) -> list[ColumnElement[bool]]:
    waiting = DueRow.stage == Stage.FOLLOW_UP
    match asked.show:
        case Show.NOW:
            found = [waiting, opens <= today]
        case Show.UPCOMING:
            found = [waiting, opens > today]
        case Show.DUE:
            found = [waiting, opens <= today, sort_on >= today]
        case Show.OVERDUE:
            found = [waiting, sort_on < today]
        case Show.BASELINE:
            found = [DueRow.stage.in_((Stage.BASELINE, Stage.CHOOSE_BASELINE))]
        case Show.DONE | Show.DECLINED | Show.LOST:
            found = [DueRow.stage == Stage(asked.show.value)]
    return [*found, DueRow.pathway == asked.pathway] if asked.pathway else found


def _whose(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    """Of whom was asked, only those in reach: a wish in the address opens nothing."""
    whose = _due_in_reach(actor)
    if asked.advisor:
        whose.append(DueRow.advisor_id == asked.advisor)
    if asked.team:
        whose.append(DueRow.advisor_id.in_(select(Staff.id).where(Staff.team_id == asked.team)))
    return whose


def _due_in_reach(actor: Actor) -> list[ColumnElement[bool]]:
    match scope(actor.role, Action.SEE_CASELOAD):
        case Scope.SERVICE:
            return []
        case Scope.CASELOAD if actor.team_seen:
            return [DueRow.advisor_id.in_(select(Staff.id).where(Staff.team_id == actor.team_seen))]
        case Scope.CASELOAD:
            return [DueRow.advisor_id == actor.id]
        case _:
            return [false()]


def _advisors_in_reach(actor: Actor) -> list[ColumnElement[bool]]:
    if scope(actor.role, Action.SEE_CASELOAD) is Scope.SERVICE:
        return []
    return [Staff.team_id == actor.team_seen] if actor.team_seen else [Staff.id == actor.id]


def _after(asked: Asked, key: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Where the page before ended; a mark that is none is as the beginning."""
    last, _tilde, episode = asked.after.rpartition("~")
    try:
        mark: Any = last if asked.sort is Sort.NAME else date.fromisoformat(last)
        return [tuple_(key, DueRow.episode_id) > tuple_(mark, uuid.UUID(episode))]
    except ValueError:
        return []


def _item(row: Any, today: date) -> Item:
    found = due.of_row(row)
    return Item(
        episode_id=row.episode_id,
        reference=row.reference,
        name=f"{row.first_name} {row.last_name}".strip(),
        pathway=row.pathway,
        advisor_id=row.advisor_id,
        advisor=row.advisor,
        due=found,
        state=followups.state(found, today),
        next=followups.next_step(found, today),
    )


def next_page(asked: Asked, listed: Listed) -> Asked | None:
    """What to ask for the page after this one."""
    return replace(asked, after=listed.more) if listed.more else None
