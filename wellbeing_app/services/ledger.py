"""Writing the ledger: activities, places on them, hours, and wider outcomes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.model import (
    Activity,
    DeliveredHours,
    Episode,
    OutcomeKind,
    Placement,
    ServiceUser,
    Setting,
    Theme,
    WiderOutcome,
)
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, NotFound, Superseded
from wellbeing_app.services.policy import Action

MOST_HOURS = Decimal(9_999)


@dataclass(frozen=True)
class ActivityDetails:
    """What is known of an activity, as typed."""

    provider: str
    name: str
    theme: Theme
    setting: Setting
    capacity: int | None = None
    active: bool = True


def activities(db: Session, *, only_active: bool = False) -> Sequence[Activity]:
    """All, by theme, provider and name."""
    query = select(Activity).order_by(Activity.theme, Activity.setting, Activity.provider, Activity.name)
    return db.scalars(query.where(Activity.active) if only_active else query).all()


def add_activity(db: Session, actor: Actor, details: ActivityDetails) -> Activity:
    """Offer one more; raises `Invalid`, also when there is one of that name and provider."""
    access.require(actor, Action.MANAGE_ACTIVITIES)
    activity = Activity(created_at=clock.now(), **_columns(details))
    _save(db, activity)
    audit.record(db, actor, "activity_added", subject=f"activity:{activity.id}")
    return activity


def edit_activity(
    db: Session, actor: Actor, activity_id: uuid.UUID, details: ActivityDetails, version: int
) -> Activity:
    """Change what is known of it; raises `Invalid`, `NotFound` or `Superseded`."""
    activity = activity_of(db, actor, activity_id)
    if activity.version != version:
        raise Superseded(activity)
    for name, value in _columns(details).items():
        setattr(activity, name, value)
    _save(db, activity)
    audit.record(db, actor, "activity_edited", subject=f"activity:{activity.id}")
    return activity


def activity_of(db: Session, actor: Actor, activity_id: uuid.UUID) -> Activity:
    """The activity, for whoever manages them; raises `NotFound`."""
    access.require(actor, Action.MANAGE_ACTIVITIES)
    activity = db.get(Activity, activity_id)
    if activity is None:
        raise NotFound(str(activity_id))
    return activity


def add_group_hours(db: Session, actor: Actor, activity_id: uuid.UUID, on: date, hours: Decimal) -> None:
    """Hours of the whole group together, on or up to this day; raises `Invalid`."""
    activity = activity_of(db, actor, activity_id)
    if activity.setting is not Setting.GROUP:
        raise Invalid({"hours": "not_a_group"})
    _add_hours(db, actor, activity.id, None, on, hours)
    audit.record(db, actor, "group_hours_added", subject=f"activity:{activity.id}")


def placements(db: Session, episode: Episode) -> Sequence[Placement]:
    """Of an episode already through the door, the latest first."""
    query = select(Placement).where(Placement.episode_id == episode.id).order_by(Placement.began_on.desc())
    return db.scalars(query.options(selectinload(Placement.hours), selectinload(Placement.activity))).all()


def place(db: Session, actor: Actor, episode_id: uuid.UUID, activity_id: uuid.UUID, on: date) -> Placement:
    """Give somebody a place on an activity from a day on; the same twice is one. Raises `Invalid`."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    activity = db.get(Activity, activity_id)
    if activity is None or not activity.active:
        raise Invalid({"activity_id": "unknown"})
    _check_day("began_on", on, episode)
    had = (Placement.episode_id == episode.id) & (Placement.activity_id == activity.id)
    placement = db.scalar(select(Placement).where(had, Placement.ended_on.is_(None)))
    if placement is not None:
        return placement
    if db.scalar(select(Placement.id).where(had, Placement.began_on == on)):
        raise Invalid({"began_on": "twice"})
    placement = Placement(
        episode_id=episode.id,
        activity_id=activity.id,
        began_on=on,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )
    db.add(placement)
    db.flush()
    _log(db, actor, "placed", episode, f"activity:{activity.id}")
    return placement


def add_hours(db: Session, actor: Actor, placement_id: uuid.UUID, on: date, hours: Decimal) -> Placement:
    """Hours that somebody had of an individual activity, on or up to this day; raises `Invalid`."""
    placement = _placement(db, actor, placement_id)
    _check_day("on", on, placement.episode)
    _add_hours(db, actor, placement.activity_id, placement.id, on, hours)
    db.expire(placement, ["hours"])
    _log(db, actor, "hours_added", placement.episode, f"placement:{placement.id}")
    return placement


def end_placement(db: Session, actor: Actor, placement_id: uuid.UUID, on: date | None) -> Placement:
    """Say when it ended, or with None that it goes on; raises `Invalid`."""
    placement = _placement(db, actor, placement_id)
    if on is not None:
        _check_day("ended_on", on, placement.episode)
        if on < placement.began_on:
            raise Invalid({"ended_on": "before_it_began"})
    placement.ended_on = on
    db.flush()
    _log(db, actor, "placement_ended", placement.episode, f"placement:{placement.id}")
    return placement


def outcomes(db: Session, episode_id: uuid.UUID) -> Mapping[OutcomeKind, date]:
    """The wider outcomes of an episode already through the door, each with its day."""
    query = select(WiderOutcome.kind, WiderOutcome.on).where(WiderOutcome.episode_id == episode_id)
    return dict(db.execute(query).all())


def set_outcomes(
    db: Session, actor: Actor, episode_id: uuid.UUID, days: Mapping[OutcomeKind, date]
) -> Mapping[OutcomeKind, date]:
    """Let these be the episode's wider outcomes, and no others; raises `Invalid`."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    for kind, on in days.items():
        _check_day(kind.value, on, episode)
    there = {
        one.kind: one for one in db.scalars(select(WiderOutcome).where(WiderOutcome.episode_id == episode.id))
    }
    before = {kind: one.on for kind, one in there.items()}
    for kind in there.keys() - days.keys():
        db.delete(there[kind])
    for kind, on in days.items():
        if kind in there:
            there[kind].on = on
        else:
            db.add(_outcome(actor, episode, kind, on))
    db.flush()
    if before != dict(days):
        _log(db, actor, "outcomes_set", episode, f"episode:{episode.id}")
    return days


def closed_lately(db: Session, actor: Actor, most: int = 50) -> Sequence[Episode]:
    """The episodes in reach that were closed last: the list to write wider outcomes from."""
    query = (
        select(Episode)
        .join(Episode.service_user)
        .options(selectinload(Episode.service_user))
        .where(Episode.closed_on.is_not(None), access.people_in_reach(actor, Action.EDIT_PERSON))
        .where(ServiceUser.merged_into_id.is_(None))
        .order_by(Episode.closed_on.desc(), Episode.id)
        .limit(most)
    )
    found = db.scalars(query).all()
    audit.record(db, actor, "outcomes_listed", people=len(found))
    return found


def places_taken(db: Session) -> Mapping[uuid.UUID, int]:
    """How many have a place on each activity now."""
    query = select(Placement.activity_id, func.count()).where(Placement.ended_on.is_(None))
    return dict(db.execute(query.group_by(Placement.activity_id)).all())


def _placement(db: Session, actor: Actor, placement_id: uuid.UUID) -> Placement:
    placement = db.get(Placement, placement_id)
    if placement is None:
        access.require(actor, Action.EDIT_PERSON)
        raise NotFound(str(placement_id))
    access.episode(db, actor, Action.EDIT_PERSON, placement.episode_id)
    return placement


def _add_hours(
    db: Session, actor: Actor, activity: uuid.UUID, placement: uuid.UUID | None, on: date, hours: Decimal
) -> None:
    problem = clock.problem_with(on, clock.today())
    if problem:
        raise Invalid({"on": problem})
    if not 0 < hours <= MOST_HOURS:
        raise Invalid({"hours": "not_hours"})
    db.add(
        DeliveredHours(
            activity_id=activity,
            placement_id=placement,
            on=on,
            hours=hours,
            recorded_at=clock.now(),
            recorded_by_id=actor.id,
        )
    )
    db.flush()


def _outcome(actor: Actor, episode: Episode, kind: OutcomeKind, on: date) -> WiderOutcome:
    return WiderOutcome(
        episode_id=episode.id, kind=kind, on=on, recorded_at=clock.now(), recorded_by_id=actor.id
    )


def _columns(details: ActivityDetails) -> dict[str, object]:
    columns = {item.name: getattr(details, item.name) for item in fields(details)}
    return {**columns, "provider": details.provider.strip(), "name": details.name.strip()}


def _save(db: Session, activity: Activity) -> None:
    if not activity.provider:
        raise Invalid({"provider": "required"})
    try:
        with db.begin_nested():
            db.add(activity)
            db.flush()
    except IntegrityError as there_already:
        raise Invalid({"name": "twice"}) from there_already
    except StaleDataError as lost_race:
        raise Superseded(None) from lost_race


def _check_day(name: str, on: date, episode: Episode) -> None:
    problem = clock.problem_with(on, clock.today())
    if problem or on < episode.referred_on:
        raise Invalid({name: problem or "before_referral"})


def _log(db: Session, actor: Actor, action: str, episode: Episode, subject: str) -> None:
    audit.record(db, actor, action, person=episode.service_user_id, subject=subject)
