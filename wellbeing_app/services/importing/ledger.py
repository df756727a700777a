"""Writing what a file tells of wider outcomes and of places on activities, for episodes that are new."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.model import Activity, DeliveredHours, Placement, WiderOutcome
from wellbeing_app.services import audit, bulk
from wellbeing_app.services.access import Actor
from wellbeing_app.services.importing.beside import Ledger, Place, alike

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Told:
    """The ledger of one episode of one person."""

    person: uuid.UUID
    episode: uuid.UUID
    ledger: Ledger


def write(db: Session, actor: Actor, at: datetime, told: Sequence[Told]) -> None:
    """All of it; an activity that is not known here is added to the list. The trail has a row for each."""
    by: dict[str, Any] = {"recorded_at": at, "recorded_by_id": actor.id}
    outcomes = [
        {"id": uuid.uuid4(), "episode_id": one.episode, "kind": kind, "on": on, "note": "", **by}
        for one in told
        for kind, on in one.ledger.outcomes.items()
    ]
    bulk.insert_rows(db, WiderOutcome, outcomes)
    about = [(one.person, f"episode:{one.episode}") for one in told if one.ledger.outcomes]
    audit.record_many(db, actor, "outcomes_set", about, imported=True)
    _places(db, actor, at, list(_placed(told)), by)


def _placed(told: Sequence[Told]) -> Iterator[tuple[Told, Place, uuid.UUID]]:
    return ((one, place, uuid.uuid4()) for one in told for place in one.ledger.places)


def _places(
    db: Session,
    actor: Actor,
    at: datetime,
    placed: Sequence[tuple[Told, Place, uuid.UUID]],
    by: dict[str, Any],
) -> None:
    known = _activities(db, actor, at, [place for _one, place, _id in placed])
    rows: Rows = []
    hours: Rows = []
    for one, place, its_id in placed:
        on_it = {"activity_id": known[alike(place.provider, place.name)], **by}
        days = {"began_on": place.began_on, "ended_on": place.ended_on}
        rows.append({"id": its_id, "episode_id": one.episode, **days, **on_it})
        hours += (
            {"id": uuid.uuid4(), "placement_id": its_id, "on": on, "hours": some, **on_it}
            for on, some in place.hours
        )
    bulk.insert_rows(db, Placement, rows)
    bulk.insert_rows(db, DeliveredHours, hours)
    about = [(one.person, f"placement:{its_id}") for one, _place, its_id in placed]
    audit.record_many(db, actor, "placed", about, imported=True)


def _activities(
    db: Session, actor: Actor, at: datetime, places: Sequence[Place]
) -> dict[tuple[str, ...], uuid.UUID]:
    """By provider and name, those that are known here; the others are added."""
    if not places:
        return {}
    query = select(Activity.provider, Activity.name, Activity.id)
    known = {alike(provider, name): one for provider, name, one in db.execute(query)}
    new = {key: one for one in places if (key := alike(one.provider, one.name)) not in known}
    rows: Rows = [
        {
            "id": uuid.uuid4(),
            "provider": place.provider,
            "name": place.name,
            "theme": place.theme,
            "setting": place.setting,
            "capacity": None,
            "active": True,
            "created_at": at,
            "version": 1,
        }
        for place in new.values()
    ]
    bulk.insert_rows(db, Activity, rows)
    added = [audit.entry(actor.id, "activity_added", None, f"activity:{row['id']}", {}) for row in rows]
    audit.record_all(db, added)
    return known | {key: row["id"] for key, row in zip(new, rows, strict=True)}
