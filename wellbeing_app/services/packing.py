"""Taking visits along: which there are, what of each leaves the server, and which never came back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from wellbeing_app.model import (
    Custody,
    Device,
    Episode,
    Occasion,
    Packing,
    PrintedCopy,
    ServiceUser,
    Survey,
    SyncItem,
    Ticket,
)
from wellbeing_app.services import access, answers, audit, caseload, clock, tickets
from wellbeing_app.services.access import Actor
from wellbeing_app.services.followups import Step, Urgency
from wellbeing_app.services.policy import Action

PACK_DAYS = 7
MOST_SHOWN = 300
A_WEEK = timedelta(days=7)
EXPECTED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Earlier:
    """The survey before this one, for the star of then and now: its scores, and why some are missing."""

    on: date
    scores: Mapping[str, int]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Visit:
    """A planned survey, and all of it that leaves the server.

    `not_before`: an earlier day wants a reason. `forms`: its printed copies that still count.
    """

    ticket: Ticket
    person: ServiceUser
    not_before: date
    earlier: Earlier | None
    forms: Sequence[PrintedCopy] = ()


@dataclass(frozen=True)
class Bundle:
    """What was packed, from when to when; `left_out` could not be: saved, withdrawn or somebody else's."""

    packed_at: datetime
    expires_at: datetime
    visits: Sequence[Visit]
    left_out: Sequence[uuid.UUID]


def choice(db: Session, actor: Actor) -> Sequence[Ticket]:
    """The planned surveys of the actor's people to take along, the first `MOST_SHOWN` by their day."""
    access.require(actor, Action.PACK)
    query = _tickets(actor).where(Episode.closed_on.is_(None), Ticket.redeemed_at.is_(None)).limit(MOST_SHOWN)
    found = [ticket for ticket, _may in db.execute(query.where(access.people_in_reach(actor, Action.PACK)))]
    people = {ticket.episode.service_user_id for ticket in found}
    audit.record_all(db, [audit.entry(actor.id, "listed", person, "visits", {}) for person in people])
    return found


def packed(db: Session, actor: Actor) -> Mapping[uuid.UUID, Packing]:
    """The actor's visits that a tablet holds at present, by ticket; of several, what lasts longest."""
    mine = (Packing.staff_id == actor.id) & (Packing.expires_at > clock.now())
    query = select(Packing).options(joinedload(Packing.device)).where(mine).order_by(Packing.expires_at)
    return {packing.ticket_id: packing for packing in db.scalars(query)}


def due_unplanned(db: Session, actor: Actor) -> Sequence[tuple[uuid.UUID, Occasion]]:
    """The actor's own episodes in which a survey is due that nobody has planned, and which occasion."""
    access.require(actor, Action.PACK)
    waiting = (Ticket.redeemed_at.is_(None)) & (Ticket.voided_at.is_(None))
    planned = {
        (one, occasion)
        for one, occasion in db.execute(select(Ticket.episode_id, Ticket.occasion).where(waiting))
    }
    due = [
        (row.episode_id, Occasion(row.next.step.value))
        for row in caseload.rows(db, actor, mine=True)
        if row.next.step in (Step.BASELINE, Step.FOLLOW_UP)
        and row.next.urgency in (Urgency.DUE, Urgency.OVERDUE)
    ]
    return [one for one in due if one not in planned]


def plan_due(db: Session, actor: Actor) -> int:
    """Plan each of those for today; returns how many."""
    due = due_unplanned(db, actor)
    for episode_id, occasion in due:
        tickets.plan(db, actor, episode_id, occasion, clock.today())
    return len(due)


def is_this_week(ticket: Ticket, today: date) -> bool:
    """Whether it is planned for the coming seven days, or was for one that has passed."""
    return ticket.planned_for < today + A_WEEK


def pack(db: Session, actor: Actor, device: Device, ticket_ids: Collection[uuid.UUID]) -> Bundle:
    """Write down that these visits leave the server on this device, and say what of them does."""
    access.require(actor, Action.PACK)
    now = clock.now()
    rows = db.execute(_tickets(actor).where(Ticket.id.in_(ticket_ids))).all()
    found = [ticket for ticket, may in rows if may and ticket.is_open]
    for ticket, may in rows:
        if not may:
            person, subject = ticket.episode.service_user_id, f"ticket:{ticket.id}"
            audit.record(db, actor, "refused", person=person, subject=subject, purpose=Action.PACK)
    bundle = Bundle(
        packed_at=now,
        expires_at=now + timedelta(days=PACK_DAYS),
        visits=_visits(db, found),
        left_out=sorted({*ticket_ids} - {ticket.id for ticket in found}),
    )
    _note(db, actor, device, bundle)
    return bundle


def expected(db: Session, actor: Actor) -> Sequence[Packing]:
    """The visits in reach that were packed, whose day has passed, and of which nothing has come."""
    access.require(actor, Action.PACK)
    arrived = select(SyncItem.ticket_id).where(
        SyncItem.ticket_id == Packing.ticket_id, SyncItem.state != Custody.SETTLED
    )
    query = (
        select(Packing)
        .join(Packing.ticket)
        .join(Ticket.episode)
        .join(Episode.service_user)
        .options(
            contains_eager(Packing.ticket)
            .contains_eager(Ticket.episode)
            .contains_eager(Episode.service_user),
            joinedload(Packing.device),
            joinedload(Packing.staff),
        )
        .where(
            Ticket.redeemed_at.is_(None),
            Ticket.voided_at.is_(None),
            Ticket.planned_for < clock.today(),
            Packing.packed_at < clock.now() - EXPECTED_AFTER,
            ~arrived.exists(),
            access.people_in_reach(actor, Action.PACK),
        )
        .order_by(Ticket.planned_for, Packing.packed_at)
    )
    return db.scalars(query).all()


def _tickets(actor: Actor) -> Select[Ticket, bool]:
    """The open tickets with their people, and whether the actor may pack each."""
    return (
        select(Ticket, access.people_in_reach(actor, Action.PACK))
        .join(Ticket.episode)
        .join(Episode.service_user)
        .options(contains_eager(Ticket.episode).contains_eager(Episode.service_user))
        .where(Ticket.voided_at.is_(None))
        .order_by(Ticket.planned_for, ServiceUser.search_name)
    )


def _visits(db: Session, found: Sequence[Ticket]) -> list[Visit]:
    episodes = [ticket.episode_id for ticket in found if ticket.occasion is Occasion.FOLLOW_UP]
    query = select(Survey).where(Survey.episode_id.in_(episodes), Survey.counts)
    surveys: dict[uuid.UUID, list[Survey]] = {}
    for survey in db.scalars(query.order_by(Survey.completed_on, Survey.recorded_at)):
        surveys.setdefault(survey.episode_id, []).append(survey)
    forms = _forms(db, [ticket.id for ticket in found])
    return [_visit(ticket, surveys.get(ticket.episode_id, ()), forms.get(ticket.id, ())) for ticket in found]


def _forms(db: Session, tickets: Sequence[uuid.UUID]) -> Mapping[uuid.UUID | None, Sequence[PrintedCopy]]:
    query = select(PrintedCopy).where(PrintedCopy.ticket_id.in_(tickets), PrintedCopy.voided_at.is_(None))
    forms: dict[uuid.UUID | None, list[PrintedCopy]] = {}
    for copy in db.scalars(query):
        forms.setdefault(copy.ticket_id, []).append(copy)
    return forms


def _visit(ticket: Ticket, before: Sequence[Survey], forms: Sequence[PrintedCopy]) -> Visit:
    """`before` are the episode's surveys that count, in order; of a baseline none were fetched."""
    episode = ticket.episode
    baseline = next((survey for survey in before if survey.occasion is Occasion.BASELINE), None)
    not_before = max(episode.referred_on, baseline.completed_on) if baseline else episode.referred_on
    earlier = _earlier(before[-1]) if before else None
    return Visit(ticket, episode.service_user, not_before, earlier, forms)


def _earlier(survey: Survey) -> Earlier:
    return Earlier(survey.completed_on, answers.scores_of(survey), survey.unanswered)


def _note(db: Session, actor: Actor, device: Device, bundle: Bundle) -> None:
    mine = (Packing.device_id == device.id) & (Packing.staff_id == actor.id)
    had = {packing.ticket_id: packing for packing in db.scalars(select(Packing).where(mine))}
    for visit in bundle.visits:
        packing = had.get(visit.ticket.id)
        if packing is None:
            packing = Packing(ticket_id=visit.ticket.id, device_id=device.id, staff_id=actor.id)
            db.add(packing)
        packing.packed_at, packing.expires_at = bundle.packed_at, bundle.expires_at
        audit.record(
            db,
            actor,
            "packed",
            person=visit.person.id,
            subject=f"ticket:{visit.ticket.id}",
            device=device.name,
        )
    db.flush()
