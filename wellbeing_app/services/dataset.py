"""The data as they leave the house: one row for each survey, a part of the people at a time.

`COLUMNS` is the one table of what an export holds. Nothing here is an object of the ORM: ten years of a
service are read in bounded memory, and each part in a transaction of its own, so that nobody has to wait.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Table, bindparam, case, cast, func, select, type_coerce
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session

from wellbeing_app.model import (
    SCORE_COLUMNS,
    Agreement,
    Episode,
    Purpose,
    ServiceUser,
    Staff,
    Survey,
    Team,
)

AT_ONCE = 1000
SMALLEST_GROUP = 5


class Kind(Enum):
    """What a column could give away."""

    PLAIN = "plain"
    DAY = "day"
    IDENTIFIER = "identifier"
    FREE_TEXT = "free_text"


@dataclass(frozen=True)
class Column:
    """One column of the export. `about` is its line in the codebook."""

    name: str
    kind: Kind
    about: str
    source: ColumnElement[Any]


def _yes(source: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((source.is_(None), None), (source, "yes"), else_="no")


def _plain(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.PLAIN, about, type_coerce(source, String))


def _number(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.PLAIN, about, source)


def _truth(name: str, about: str, source: ColumnElement[bool], kind: Kind = Kind.PLAIN) -> Column:
    return Column(name, kind, f"{about}: yes or no", _yes(source))


def _day(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.DAY, about, type_coerce(source, String))


def _identifier(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.IDENTIFIER, about, type_coerce(source, String))


def _to_the_second(source: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.substr(cast(source, String), 1, 8)


def _free(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.FREE_TEXT, about, source)


_ID = Kind.IDENTIFIER  # also what is rare enough to point at somebody
# The tables, not the classes: no objects are made, which takes half as long.
_people, _episodes, _surveys, _staff, _teams, _agreements = (
    typing.cast(Table, kind.__table__) for kind in (ServiceUser, Episode, Survey, Staff, Team, Agreement)
)
_person, _episode, _survey = _people.c, _episodes.c, _surveys.c
OF_PERSON = (
    _identifier("first_name", "First name", _person.first_name),
    _identifier("last_name", "Last name", _person.last_name),
    _identifier("date_of_birth", "Day of birth", cast(_person.date_of_birth, String)),
    _identifier("telephone", "Telephone", _person.telephone),
    _identifier("address", "Address", _person.address),
    _identifier("earlier_reference", "The person in the file they came from", _person.earlier_reference),
    _identifier("person_language", "Language the person prefers", _person.language),
    _truth("needs_interpreter", "Needs an interpreter", _person.needs_interpreter, _ID),
    _truth("needs_bsl", "Needs British Sign Language", _person.needs_bsl, _ID),
    _truth("needs_large_print", "Needs large print", _person.needs_large_print, _ID),
    _free("access_notes", "What else helps the person take part", _person.access_notes),
    _truth("may_telephone", "May be rung", _person.may_telephone, _ID),
    _truth("may_leave_message", "A message may be left", _person.may_leave_message, _ID),
    _truth("may_post", "May be written to", _person.may_post, _ID),
    _identifier("ring_days", "Days it is safe to ring, Monday is 1", _person.ring_days),
    _identifier("ring_from", "From when it is safe to ring", _to_the_second(_person.ring_from)),
    _identifier("ring_until", "Until when it is safe to ring", _to_the_second(_person.ring_until)),
    _free("safe_times", "When it is safe to ring", _person.safe_times),
)
OF_EPISODE = (
    _plain("pathway", "long_term_conditions or mental_health", _episode.pathway),
    _number("care_cluster", "Care cluster, in mental health: 4, 7 or 11", _episode.care_cluster),
    _free("referred_by", "Who referred", _episode.referred_by),
    _day("referred_on", "Day of the referral", _episode.referred_on),
    _day("joint_meeting_on", "Day of the joint meeting", _episode.joint_meeting_on),
    _day("took_up_on", "Day the person took the service up", _episode.took_up_on),
    _day("discharge_review_on", "Day of the discharge review", _episode.discharge_review_on),
    _day("discharged_on", "Day of discharge from mental health services", _episode.discharged_on),
    _day("re_referred_on", "Day of a re-referral to them", _episode.re_referred_on),
    _plain("follow_up_ended", "Why there will be no follow-up", _episode.follow_up_ended),
    _day("follow_up_ended_on", "Day that was known", _episode.follow_up_ended_on),
    _day("closed_on", "Day the episode was closed; blank while it is open", _episode.closed_on),
    _plain("closing_reason", "Why it was closed", _episode.closing_reason),
    _free("closing_note", "What was noted at the closing", _episode.closing_note),
    _identifier("advisor", "E-mail address of the advisor", _staff.c.email),
    _plain("team", "Team of the advisor", _teams.c.name),
)
OF_SURVEY = (
    _plain("occasion", "baseline or follow_up", _survey.occasion),
    _truth("counts", "Of several baselines, the one that counts", _survey.counts),
    _day("completed_on", "Day the questions were answered", _survey.completed_on),
    _free("date_reason", "Why it is dated before the referral or the baseline", _survey.date_reason),
    _plain("mode", "in_person, telephone, self_tablet or self_paper", _survey.mode),
    _plain("respondent", "Who answered: self, self_with_help or proxy", _survey.respondent),
    _free("helper", "Who helped, or answered for the person", _survey.helper),
    _truth("with_interpreter", "An interpreter took part", _survey.with_interpreter),
    _identifier("language", "Language it was asked in", _survey.language),
    _plain("instrument_version", "Version of the questionnaire", _survey.instrument_version),
)
COLUMNS = (*OF_PERSON, *OF_EPISODE, *OF_SURVEY)
PURPOSES = tuple(Purpose)
ANSWERS = (*SCORE_COLUMNS, "unanswered", "prompts", "notes")
# Where in a row each thing is.
PERSON, BORN, REFERENCE, EPISODE, SURVEY = range(5)
AT = {column.name: SURVEY + 1 + place for place, column in enumerate(COLUMNS)}
FIRST_SCORE = SURVEY + 1 + len(COLUMNS)
UNANSWERED, PROMPTS, NOTES = range(FIRST_SCORE + len(SCORE_COLUMNS), FIRST_SCORE + len(ANSWERS))

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
    .select_from(_people)
    .outerjoin(_episodes, _episode.service_user_id == _person.id)
    .outerjoin(_staff, _staff.c.id == _episode.advisor_id)
    .outerjoin(_teams, _teams.c.id == _staff.c.team_id)
    .outerjoin(_surveys, _survey.episode_id == _episode.id)
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
_given = _agreements.c
_AGREED = (
    select(_given.service_user_id, _given.purpose, _given.given_on)
    .where(_given.withdrawn_on.is_(None), _given.service_user_id.in_(_PART))
    .order_by(_given.given_on)
)


@dataclass(frozen=True)
class Part:
    """Some of the people, whole: `rows` in the order of `PERSON` and the others; `agreed` by person.

    Values are the driver's own: a day is a text on SQLite and a date on PostgreSQL.
    """

    rows: Sequence[Sequence[Any]]
    agreed: Mapping[Any, Mapping[str, Any]]
    last: str


def part_after(db: Session, reference: str) -> Part | None:
    """The next people by reference, with all their episodes and surveys; None behind the last."""
    rows = _fetch(db, _SELECTED_PART, reference)
    if not rows:
        return None
    agreed: dict[Any, dict[str, Any]] = {}
    for person, purpose, day in _fetch(db, _AGREED, reference):
        agreed.setdefault(person, {})[purpose] = day
    return Part(rows, agreed, rows[-1][REFERENCE])


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
