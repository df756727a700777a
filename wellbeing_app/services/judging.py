"""What becomes of each thing that a device sent: to be recorded, or held for a person, and why."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    Device,
    Occasion,
    Packing,
    Staff,
    Survey,
    SurveyRevision,
)
from wellbeing_app.services import access, accounts, answers, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.contents import Contents
from wellbeing_app.services.policy import Action
from wellbeing_app.services.surveys import Ready

# Built once: to build them for each delivery took longer than to ask them.
_TICKETS: BindParameter[Any] = bindparam("tickets", expanding=True)
_AUTHORS = select(Staff).where(Staff.id.in_(bindparam("authors", expanding=True)))
_PACKED = (
    select(Packing.ticket_id, Packing.staff_id, Packing.expires_at)
    .where(Packing.ticket_id.in_(_TICKETS))
    .order_by(Packing.expires_at)
)
_RECORDED = (
    select(Survey.ticket_id, SurveyRevision)
    .join(SurveyRevision, SurveyRevision.survey_id == Survey.id)
    .where(Survey.ticket_id.in_(_TICKETS), SurveyRevision.number == 1)
)
_BASELINES = (
    select(Survey.episode_id, Survey.completed_on)
    .where(Survey.episode_id.in_(bindparam("episodes", expanding=True)), Survey.occasion == Occasion.BASELINE)
    .order_by(Survey.counts)
)


@dataclass(frozen=True)
class Promise:
    """A ticket as the delivery found it, locked; and whether its author may redeem it today."""

    id: uuid.UUID
    occasion: Occasion
    is_redeemed: bool
    is_void: bool
    episode_id: uuid.UUID
    referred_on: date
    person_id: uuid.UUID
    in_reach: bool


@dataclass(frozen=True)
class Verdict:
    """`reason` "": recorded, as `ready` if it is new, else it was before, as `survey_id`."""

    reason: str = ""
    promise: Promise | None = None
    author: Actor | None = None
    ready: Ready | None = None
    survey_id: uuid.UUID | None = None


@dataclass
class Bench:
    """What judging needs to know, fetched once for a delivery; `judge` keeps it up as it goes."""

    device: Device | None
    users: Collection[uuid.UUID]
    offset: timedelta
    staff: Mapping[uuid.UUID, Staff]
    promises: Mapping[tuple[uuid.UUID, uuid.UUID], Promise]
    packed_until: Mapping[tuple[uuid.UUID, uuid.UUID], datetime]
    recorded: dict[uuid.UUID, tuple[uuid.UUID, SurveyAnswers]]
    baselines: dict[uuid.UUID, date | None] = field(default_factory=dict)

    def judge(self, said: Contents) -> Verdict:
        """What becomes of this one."""
        author = self.staff.get(said.author_id) if said.author_id else None
        actor = accounts.actor_of(author) if author else None
        promise = self._promise(said)
        reason = self._sender(author) or self._rights(said, promise)
        if not reason and said.given is not None and promise is not None and actor is not None:
            return self._judge_answers(said, said.given, promise, actor)
        return Verdict(reason, promise, actor)

    def _promise(self, said: Contents) -> Promise | None:
        if said.author_id is None or said.ticket_id is None:
            return None
        return self.promises.get((said.author_id, said.ticket_id))

    def _sender(self, author: Staff | None) -> str:
        if self.device is None:
            return "unknown_device"
        if self.device.revoked_at is not None:
            return "device_revoked"
        if author is None:
            return "unknown_author"
        if not author.active:
            return "account_disabled"
        if author.id not in self.users:
            return "not_on_this_device"
        return "" if accounts.actor_of(author).may(Action.FILL_SURVEY) else "not_allowed"

    def _rights(self, said: Contents, promise: Promise | None) -> str:
        if said.ticket_id is None:
            return "unknown_person"
        if promise is None:
            return "unknown_ticket"
        if promise.in_reach:
            return ""
        until = self.packed_until.get((promise.id, said.author_id)) if said.author_id else None
        captured = said.finished_at + self.offset if said.finished_at else clock.now()
        if until is None:
            return "not_packed"
        return "" if captured <= until else "reassigned"

    def _judge_answers(
        self, said: Contents, given: SurveyAnswers, promise: Promise, author: Actor
    ) -> Verdict:
        reason, survey_id = self._state_of(promise, given)
        if reason or survey_id:
            return Verdict(reason, promise, author, survey_id=survey_id)
        if said.instrument_version != INSTRUMENT.version:
            return Verdict("other_form", promise, author)
        baseline_on = self.baselines.get(promise.episode_id)
        since = baseline_on if promise.occasion is Occasion.FOLLOW_UP else None
        if answers.problems_with(given, clock.today(), promise.referred_on, since):
            return Verdict("answers", promise, author)
        return Verdict("", promise, author, self._make_ready(promise, author, given))

    def _state_of(self, promise: Promise, given: SurveyAnswers) -> tuple[str, uuid.UUID | None]:
        if promise.is_void:
            return "withdrawn", None
        if promise.id not in self.recorded:
            return "", None
        survey_id, stands = self.recorded[promise.id]
        return ("", survey_id) if stands == given else ("two_surveys", None)

    def _make_ready(self, promise: Promise, author: Actor, given: SurveyAnswers) -> Ready:
        is_baseline = promise.occasion is Occasion.BASELINE
        counts = not (is_baseline and promise.episode_id in self.baselines)
        ready = Ready(promise.id, promise.episode_id, promise.occasion, counts, author.id, given)
        self.recorded[promise.id] = (ready.survey_id, given)
        if is_baseline and counts:
            self.baselines[promise.episode_id] = given.completed_on
        return ready


def prepare(db: Session, device: Device | None, offset: timedelta, said: Sequence[Contents]) -> Bench:
    """Fetch and lock what these are about: a few questions, however many there are."""
    authors = {one.author_id for one in said if one.author_id}
    staff = {one.id: one for one in db.scalars(_AUTHORS, {"authors": list(authors)})} if authors else {}
    promises = {
        (author.id, promise.id): promise
        for author in sorted(staff.values(), key=lambda one: one.id)
        for promise in _promises(db, author, [one.ticket_id for one in said if one.author_id == author.id])
    }
    found = list(promises.values())
    return Bench(
        device=device,
        users=frozenset(user.staff_id for user in device.users) if device else frozenset(),
        offset=offset,
        staff=staff,
        promises=promises,
        packed_until=_packed_until(db, [one.id for one in found if not one.in_reach]),
        recorded=_recorded(db, [one.id for one in found if one.is_redeemed]),
        baselines=_baselines(db, {one.episode_id for one in found}),
    )


def _promises(db: Session, author: Staff, tickets: Sequence[uuid.UUID | None]) -> Sequence[Promise]:
    wanted = {ticket for ticket in tickets if ticket is not None}
    if not wanted:
        return []
    rows = access.promises(db, accounts.actor_of(author), Action.FILL_SURVEY, wanted)
    return [Promise(*row) for row in rows]


def _packed_until(db: Session, tickets: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, uuid.UUID], datetime]:
    if not tickets:
        return {}
    rows = db.execute(_PACKED, {"tickets": tickets})
    return {(ticket, staff): until for ticket, staff, until in rows}


def _recorded(db: Session, tickets: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, SurveyAnswers]]:
    """The survey that each of these tickets was redeemed with, and its answers as they were first saved."""
    if not tickets:
        return {}
    rows = db.execute(_RECORDED, {"tickets": tickets})
    return {ticket: (revision.survey_id, answers.of_row(revision)) for ticket, revision in rows}


def _baselines(db: Session, episodes: Collection[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """The day of each episode's baseline that counts, of those that have one."""
    if not episodes:
        return {}
    return dict(db.execute(_BASELINES, {"episodes": list(episodes)}).all())
