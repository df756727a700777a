"""Who of a file is here already, with which episodes and surveys."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wellbeing_app.model import Episode, Occasion, Pathway, ServiceUser, Survey
from wellbeing_app.services import people
from wellbeing_app.services.importing.gather import Gathered

AT_ONCE = 500


@dataclass
class Here:
    """What the database knows of those in the file: who is here, who is alike, and what they have."""

    persons: Mapping[str, uuid.UUID]
    alike: Mapping[tuple[str, date], str]
    episodes: Mapping[tuple[uuid.UUID, Pathway, date], Any]
    surveys: Mapping[uuid.UUID, Sequence[tuple[Occasion, date, bool]]]

    @classmethod
    def of(cls, db: Session, gathered: Gathered) -> Here:
        """Ask for all of them at once."""
        persons = dict(_known(db, gathered.people))
        episodes = {
            (row.service_user_id, row.pathway, row.referred_on): row
            for some in _chunks(set(persons.values()))
            for row in db.execute(
                select(Episode.id, Episode.service_user_id, Episode.pathway, Episode.referred_on).where(
                    Episode.service_user_id.in_(some)
                )
            )
        }
        surveys: dict[uuid.UUID, list[tuple[Occasion, date, bool]]] = {}
        for some in _chunks({row.id for row in episodes.values()}):
            query = select(Survey.episode_id, Survey.occasion, Survey.completed_on, Survey.counts)
            rows = db.execute(query.where(Survey.episode_id.in_(some)))
            for episode, occasion, on, counts in rows:
                surveys.setdefault(episode, []).append((occasion, on, counts))
        return cls(persons, dict(_alike(db, gathered)), episodes, surveys)


def _known(db: Session, keys: Iterable[str]) -> Iterator[tuple[str, uuid.UUID]]:
    query = select(
        ServiceUser.id, ServiceUser.reference, ServiceUser.earlier_reference, ServiceUser.merged_into_id
    )
    for some in _chunks(keys):
        among = or_(ServiceUser.reference.in_(some), ServiceUser.earlier_reference.in_(some))
        for person, reference, earlier, merged_into in db.execute(query.where(among)):
            yield (reference if reference in some else str(earlier)), merged_into or person


def _alike(db: Session, gathered: Gathered) -> Iterator[tuple[tuple[str, date], str]]:
    names = {
        people.searchable(one.values.get("first_name", ""), one.values.get("last_name", ""))
        for one in gathered.people.values()
        if one.values.get("date_of_birth")
    }
    query = select(ServiceUser.search_name, ServiceUser.date_of_birth, ServiceUser.reference)
    for some in _chunks(names - {""}):
        alike = ServiceUser.search_name.in_(some) & ServiceUser.merged_into_id.is_(None)
        for name, born, reference in db.execute(query.where(alike)):
            if born is not None:
                yield (name, born), reference


def _chunks(values: Iterable[Any]) -> Iterator[set[Any]]:
    iterator = iter(values)
    while some := set(islice(iterator, AT_ONCE)):
        yield some
