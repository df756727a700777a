"""The caseload at a glance: who, where on the pathway, what is due. One query for any number of people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from wellbeing_app.model import (
    Draft,
    DueRow,
    Episode,
    Occasion,
    Pathway,
    SafetyFlag,
    ServiceUser,
    Staff,
    Survey,
    Ticket,
)
from wellbeing_app.services import access, audit, clock, due, followups, pathway
from wellbeing_app.services.access import Actor
from wellbeing_app.services.followups import Due, NextStep, Step, Urgency
from wellbeing_app.services.policy import Action

URGENCY_ORDER = (Urgency.OVERDUE, Urgency.DUE, Urgency.SOON, Urgency.LATER)
MOST_CLOSED = 200
NOTHING = NextStep(Step.NOTHING, Urgency.LATER)


@dataclass(frozen=True)
class CaseloadRow:
    """One episode of one person, with what an advisor wants to know before opening it."""

    episode_id: uuid.UUID
    reference: str
    name: str
    pathway: Pathway
    care_cluster: int | None
    referred_on: date
    closed_on: date | None
    advisor_id: uuid.UUID
    advisor: str
    baseline_on: date | None
    follow_up_on: date | None
    follow_ups: int
    drafts: int
    open_flags: int
    week: int
    phase: int | None
    next: NextStep


def rows(db: Session, actor: Actor, *, closed: bool = False, mine: bool = False) -> Sequence[CaseloadRow]:
    """The episodes in reach; `mine`: only the actor's own.

    Open ones with the most pressing first; or the `MOST_CLOSED` that were closed last, the latest first.
    """
    access.require(actor, Action.SEE_CASELOAD)
    today = clock.today()
    query = _query(actor, closed, mine)
    found = [_row(row, today) for row in db.execute(query)]
    audit.record(db, actor, "caseload_listed", shown=len(found))
    return found if closed else sorted(found, key=_how_pressing)


@dataclass(frozen=True)
class Counts:
    """What a caseload asks for, in numbers; `due` has the overdue among them."""

    due: int
    overdue: int
    drafts: int
    open_flags: int


def count(shown: Sequence[CaseloadRow]) -> Counts:
    """The numbers for these rows. A person with two episodes has their safety flags counted once."""
    urgencies = [row.next.urgency for row in shown]
    overdue = urgencies.count(Urgency.OVERDUE)
    return Counts(
        due=overdue + urgencies.count(Urgency.DUE),
        overdue=overdue,
        drafts=sum(row.drafts for row in shown),
        open_flags=sum({row.reference: row.open_flags for row in shown}.values()),
    )


def _query(actor: Actor, closed: bool, mine: bool) -> Select[Any]:
    surveys, drafts, flags = _surveys(), _drafts(), _flags()
    query = (
        select(
            ServiceUser.reference,
            (ServiceUser.first_name + " " + ServiceUser.last_name).label("name"),
            Episode.pathway,
            Episode.care_cluster,
            Episode.referred_on,
            Episode.moved,
            Episode.closed_on,
            Episode.advisor_id,
            *(getattr(DueRow, name) for name in Due.__dataclass_fields__),
            Staff.name.label("advisor"),
            surveys.c.baseline_on,
            surveys.c.follow_up_on,
            func.coalesce(surveys.c.follow_ups, 0).label("follow_ups"),
            func.coalesce(drafts.c.drafts, 0).label("drafts"),
            func.coalesce(flags.c.open_flags, 0).label("open_flags"),
            Episode.id.label("episode_id"),
        )
        .join(Episode.service_user)
        .join(Episode.advisor)
        .outerjoin(DueRow, DueRow.episode_id == Episode.id)
        .outerjoin(surveys, surveys.c.episode_id == Episode.id)
        .outerjoin(drafts, drafts.c.episode_id == Episode.id)
        .outerjoin(flags, flags.c.service_user_id == ServiceUser.id)
        .where(access.people_in_reach(actor, Action.SEE_CASELOAD), ServiceUser.merged_into_id.is_(None))
        .where(Episode.closed_on.is_not(None) if closed else Episode.closed_on.is_(None))
    )
    if closed:
        query = query.order_by(Episode.closed_on.desc(), ServiceUser.search_name).limit(MOST_CLOSED)
    return query.where(Episode.advisor_id == actor.id) if mine else query


def _surveys() -> Any:
    is_baseline = Survey.occasion == Occasion.BASELINE
    return (
        select(
            Survey.episode_id,
            func.max(case((is_baseline & Survey.counts, Survey.completed_on))).label("baseline_on"),
            func.max(case((~is_baseline, Survey.completed_on))).label("follow_up_on"),
            func.count(case((~is_baseline, 1))).label("follow_ups"),
        )
        .group_by(Survey.episode_id)
        .subquery()
    )


def _drafts() -> Any:
    return (
        select(Ticket.episode_id, func.count().label("drafts"))
        .join(Draft, Draft.ticket_id == Ticket.id)
        .where(Ticket.redeemed_at.is_(None), Ticket.voided_at.is_(None))
        .group_by(Ticket.episode_id)
        .subquery()
    )


def _flags() -> Any:
    return (
        select(SafetyFlag.service_user_id, func.count().label("open_flags"))
        .where(SafetyFlag.closed_at.is_(None))
        .group_by(SafetyFlag.service_user_id)
        .subquery()
    )


def _row(row: Any, today: date) -> CaseloadRow:
    kept = {name: value for name, value in row._mapping.items() if name in CaseloadRow.__dataclass_fields__}
    return CaseloadRow(
        **{**kept, "name": row.name.strip()},
        week=pathway.week(row.referred_on, today),
        phase=pathway.phase(row.pathway, row.referred_on, today, row.moved),
        next=followups.next_step(due.of_row(row), today) if row.stage else NOTHING,
    )


def _how_pressing(row: CaseloadRow) -> tuple[bool, int, bool, date, str]:
    last_day = row.next.closes or row.referred_on
    order = URGENCY_ORDER.index(row.next.urgency)
    return (row.open_flags == 0, order, row.next.step is Step.TALK, last_day, row.name)
