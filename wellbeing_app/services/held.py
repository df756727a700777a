"""What tablets sent and could not be filed, for somebody to look at. Deciding about it is in `deciding`.

Advisors see what they sent themselves, managers everything.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.orm import Session, joinedload, undefer

from wellbeing_app.model import (
    Custody,
    Episode,
    ServiceUser,
    Staff,
    Survey,
    SyncItem,
    Ticket,
)
from wellbeing_app.services import access, answers, audit, clock, contents, surveys
from wellbeing_app.services.access import Actor
from wellbeing_app.services.contents import Contents, NotUnderstood
from wellbeing_app.services.errors import NotFound
from wellbeing_app.services.policy import Action, Scope, scope

KEPT_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """An item of the queue: who sent it, when, and whom it is about, as far as the reader may know."""

    item: SyncItem
    author: str
    person: str
    urgent: bool


@dataclass(frozen=True)
class Held:
    """An item with all that helps to decide. `survey` is what stands; `problems` are those of the answers.

    `ticket` is None when there is none, or it is not in the reader's reach (`elsewhere`).
    """

    item: SyncItem
    said: Contents | None
    author: Staff | None
    ticket: Ticket | None
    survey: Survey | None
    problems: dict[str, str]
    elsewhere: bool

    @property
    def can_accept(self) -> bool:
        return bool(self.ticket and self.said and self.survey is None and not self.problems)

    @property
    def can_match(self) -> bool:
        return bool(self.ticket is None and not self.elsewhere and self.said)


def queue(db: Session, actor: Actor) -> Sequence[Line]:
    """What waits for a decision, worries about somebody's safety first, then the oldest."""
    access.require(actor, Action.DECIDE_HELD)
    _forget_decided(db)
    in_reach = access.people_in_reach(actor, Action.SEE_PERSON)
    query = (
        select(SyncItem, Staff.name, ServiceUser, in_reach)
        .outerjoin(Staff, Staff.id == SyncItem.author_id)
        .outerjoin(Ticket, Ticket.id == SyncItem.ticket_id)
        .outerjoin(Episode, Episode.id == Ticket.episode_id)
        .outerjoin(ServiceUser, ServiceUser.id == Episode.service_user_id)
        .options(joinedload(SyncItem.device))
        .where(SyncItem.state == Custody.HELD, visible(actor))
        .order_by(SyncItem.received_at)
    )
    lines = [_line(db, actor, *row) for row in db.execute(query)]
    return sorted(lines, key=lambda line: not line.urgent)


def count(db: Session, actor: Actor) -> int:
    """How many wait for this actor."""
    if not actor.may(Action.DECIDE_HELD):
        return 0
    query = select(SyncItem.id).where(SyncItem.state == Custody.HELD, visible(actor))
    return len(db.scalars(query).all())


def see(db: Session, actor: Actor, item_id: uuid.UUID) -> Held:
    """One item, decided or not; raises `NotFound`."""
    item = find(db, actor, item_id)
    said = _said(item)
    ticket, elsewhere = _ticket(db, actor, item)
    survey = db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).first() if ticket else None
    problems: dict[str, str] = {}
    if ticket and said and said.given:
        since = surveys.not_before(db, ticket.episode, ticket.occasion)
        problems = answers.problems_with(said.given, clock.today(), *since)
    author = db.get(Staff, item.author_id) if item.author_id else None
    audit.record(
        db,
        actor,
        "held_item_opened",
        person=ticket.episode.service_user_id if ticket else None,
        subject=f"item:{item.id}",
    )
    return Held(item, said, author, ticket, survey, problems, elsewhere)


def visible(actor: Actor) -> ColumnElement[bool]:
    """What this actor may see of what is held."""
    everything = scope(actor.role, Action.DECIDE_HELD) is Scope.SERVICE
    return true() if everything else SyncItem.author_id == actor.id


def _line(
    db: Session, actor: Actor, item: SyncItem, author: str | None, person: ServiceUser | None, may: bool
) -> Line:
    said = _said(item)
    if person is not None and may:
        audit.record(db, actor, "listed", person=person.id, subject="held")
        name = person.name
    else:
        stranger = said.stranger if said else None
        name = f"{stranger.first_name} {stranger.last_name}".strip() if stranger else ""
    return Line(item, author or "", name, bool(said and said.concern))


def find(db: Session, actor: Actor, item_id: uuid.UUID) -> SyncItem:
    """The item, locked; raises `NotFound` if it is not there for this actor."""
    access.require(actor, Action.DECIDE_HELD)
    query = (
        select(SyncItem)
        .options(undefer(SyncItem.sealed), joinedload(SyncItem.device), joinedload(SyncItem.settled_by))
        .where(SyncItem.id == item_id, SyncItem.state != Custody.RECORDED, visible(actor))
        .with_for_update(of=SyncItem)
    )
    found = db.scalars(query).one_or_none()
    if found is None:
        raise NotFound(str(item_id))
    return found


def _said(item: SyncItem) -> Contents | None:
    try:
        return contents.read(item.content) if item.content else None
    except NotUnderstood:
        return None


def _ticket(db: Session, actor: Actor, item: SyncItem) -> tuple[Ticket | None, bool]:
    """The ticket if it is in reach; else whether there is one that is not."""
    found = db.get(Ticket, item.ticket_id) if item.ticket_id else None
    if found is None:
        return None, False
    if not access.reaches(db, actor, Action.FILL_SURVEY, found.episode.service_user_id):
        return None, True
    return access.ticket(db, actor, Action.FILL_SURVEY, found.id), False


def _forget_decided(db: Session) -> None:
    """What was decided a month ago is not kept for a change of mind any longer."""
    old = (SyncItem.state == Custody.SETTLED) & (SyncItem.settled_at < clock.now() - KEPT_AFTER)
    db.execute(update(SyncItem).where(old, SyncItem.sealed.is_not(None)).values(sealed=None, content=None))
