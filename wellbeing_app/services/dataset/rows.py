"""The data as they leave the house: one row for each survey, a part of the people at a time.

Nothing here is an object of the ORM: ten years of a service are read in bounded memory, and each part in a
transaction of its own, so that nobody has to wait.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session

from wellbeing_app.model import ServiceUser
from wellbeing_app.services.dataset.beside import Beside, questions
from wellbeing_app.services.dataset.columns import (
    ANSWERS,
    COLUMNS,
    REFERENCE,
    episodes,
    people,
    staff,
    surveys,
    teams,
)

AT_ONCE = 1000
_person, _episode, _survey = people.c, episodes.c, surveys.c

_SOME = (
    select(_person.id)
    .where(_person.merged_into_id.is_(None), _person.reference > bindparam("after"))
    .order_by(_person.reference)
)
_PART = _SOME.limit(AT_ONCE)
_READ = (
    _person.id,
    _person.date_of_birth,
    _person.reference,
    _episode.id,
    _survey.id,
    *(column.source for column in COLUMNS),
    *(_survey[name] for name in ANSWERS),
)
_SELECTED = (
    select(*(column.label(f"c{place}") for place, column in enumerate(_READ)))
    .select_from(people)
    .outerjoin(episodes, _episode.service_user_id == _person.id)
    .outerjoin(staff, staff.c.id == _episode.advisor_id)
    .outerjoin(teams, teams.c.id == staff.c.team_id)
    .outerjoin(surveys, _survey.episode_id == _episode.id)
    .order_by(
        _person.reference,
        _episode.referred_on,
        _episode.created_at,
        _episode.id,
        _survey.completed_on,
        _survey.recorded_at,
        _survey.id,
    )
)


_SELECTED_PART = _SELECTED.where(_person.id.in_(_PART))
_BESIDE = questions(_PART)


@dataclass(frozen=True)
class Part:
    """Some of the people, whole: `rows` in the order of `PERSON` and the others; what is `beside` them.

    Values are the driver's own: a day is a text on SQLite and a date on PostgreSQL.
    """

    rows: Sequence[Sequence[Any]]
    beside: Beside
    last: str


def part_after(db: Session, reference: str) -> Part | None:
    """The next people by reference, with all their episodes and surveys; None behind the last."""
    rows = _fetch(db, _SELECTED_PART, reference)
    if not rows:
        return None
    beside = Beside.of({name: _fetch(db, query, reference) for name, query in _BESIDE.items()})
    return Part(rows, beside, rows[-1][REFERENCE])


def everything(most: int) -> Select[Any]:
    """The question behind a part, for so many people: what an export is measured against."""
    return _SELECTED.where(_person.id.in_(_SOME.limit(most)))


def _fetch(db: Session, statement: Select[Any], after: str) -> Sequence[Sequence[Any]]:
    """By the driver itself: nothing is made of the values on the way, which takes a third of the time."""
    connection = db.connection()
    text, names, values = _compiled(statement, connection.dialect.name)
    values = {**values, "after": after}
    cursor = typing.cast(Any, connection.connection).cursor()
    try:
        cursor.execute(text, [values[name] for name in names] if names else values)
        return typing.cast(Sequence[Sequence[Any]], cursor.fetchall())
    finally:
        cursor.close()


@cache
def _compiled(statement: Select[Any], name: str) -> tuple[str, Sequence[str], Mapping[str, Any]]:
    """As text, the names of its blanks in order (none where they are named), and what these hold."""
    dialect = typing.cast(Any, sqlite.dialect if name == "sqlite" else psycopg.dialect)()
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), compiled.positiontup or (), dict(compiled.params)


def count(db: Session) -> int:
    """How many people there are to walk through."""
    here = ServiceUser.merged_into_id.is_(None)
    return db.scalar(select(func.count()).select_from(ServiceUser).where(here)) or 0
