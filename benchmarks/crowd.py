"""A crowd: any number of people with a baseline, most with a follow-up, written straight into the tables."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from tests.support.people import hire
from wellbeing_app.model import (
    SCORE_COLUMNS,
    Agreement,
    Episode,
    Mode,
    Occasion,
    Pathway,
    Purpose,
    Respondent,
    ServiceUser,
    Staff,
    Survey,
    Ticket,
)
from wellbeing_app.model.database import session_factory

AT_ONCE = 1000
BEGAN = date(2020, 4, 1)
FOLLOWED_UP = 0.65
Rows = dict[Any, list[dict[str, Any]]]


def gather(engine: Engine, people: int) -> None:
    """Fill an empty, migrated database."""
    with session_factory(engine).begin() as db:
        hire(db)
    chance = random.Random(6)  # noqa: S311 - the same crowd each time
    with engine.begin() as connection:
        advisors = list(connection.scalars(select(Staff.id).where(Staff.role == "advisor")))
        for start in range(0, people, AT_ONCE):
            _write(connection, chance, advisors, range(start, min(start + AT_ONCE, people)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tidy(connection)


def tidy(connection: Connection) -> None:
    """As a server that has run for a day keeps its tables: counted, and on PostgreSQL vacuumed."""
    connection.exec_driver_sql("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE")


def _write(connection: Connection, chance: random.Random, advisors: list[uuid.UUID], numbers: range) -> None:
    rows: Rows = {table: [] for table in (ServiceUser, Agreement, Episode, Ticket, Survey)}
    for number in numbers:
        _add_person(rows, chance, chance.choice(advisors), number)
    for table, some in rows.items():
        connection.execute(insert(table), some)


def _add_person(rows: Rows, chance: random.Random, advisor: uuid.UUID, number: int) -> None:
    person, episode = _id(chance), _id(chance)
    referred = BEGAN + timedelta(days=chance.randrange(1800))
    at = datetime.combine(referred, time(9), UTC)
    rows[ServiceUser].append(
        {"id": person, "reference": f"C{number}", "first_name": f"Person {number}", "created_at": at}
    )
    if chance.random() < 0.95:
        rows[Agreement].append(
            {
                "service_user_id": person,
                "purpose": Purpose.EVALUATION,
                "wording": "Yes.",
                "given_on": referred,
            }
            | {"id": _id(chance), "recorded_at": at, "recorded_by_id": advisor}
        )
    mental = chance.random() < 0.5
    rows[Episode].append(
        {"id": episode, "service_user_id": person, "advisor_id": advisor, "referred_on": referred}
        | {"pathway": Pathway.MENTAL_HEALTH if mental else Pathway.LONG_TERM_CONDITIONS}
        | {"care_cluster": 7 if mental else None, "created_at": at, "took_up_on": referred}
    )
    scores = [chance.randint(1, 5) for _ in SCORE_COLUMNS]
    for survey in _surveys(chance, episode, advisor, at, scores):
        rows[Ticket].append(_ticket(survey, f"{number}{survey['occasion'][0]}"))
        rows[Survey].append(survey)


def _surveys(
    chance: random.Random, episode: uuid.UUID, advisor: uuid.UUID, at: datetime, scores: list[int]
) -> Iterator[dict[str, Any]]:
    steps = [(Occasion.BASELINE, 10, scores)]
    if chance.random() < FOLLOWED_UP:
        after = [min(5, max(1, score + chance.choice((-1, 0, 0, 1, 1, 2)))) for score in scores]
        steps.append((Occasion.FOLLOW_UP, 140, after))
    for occasion, days, given in steps:
        moment = at + timedelta(days=days)
        answers = {
            key: None if chance.random() < 0.02 else one
            for key, one in zip(SCORE_COLUMNS, given, strict=True)
        }
        yield {
            "id": _id(chance),
            "ticket_id": _id(chance),
            "episode_id": episode,
            "occasion": occasion,
            "recorded_at": moment,
            "recorded_by_id": advisor,
            "instrument_version": "1",
            "completed_on": moment.date(),
            "mode": chance.choice(list(Mode)),
            "respondent": Respondent.SELF,
            "unanswered": {key: "declined" for key, one in answers.items() if one is None},
            **answers,
        }


def _ticket(survey: dict[str, Any], code: str) -> dict[str, Any]:
    return {
        "id": survey["ticket_id"],
        "episode_id": survey["episode_id"],
        "occasion": survey["occasion"],
        "code": code,
        "planned_for": survey["completed_on"],
        "issued_at": survey["recorded_at"],
        "issued_by_id": survey["recorded_by_id"],
        "redeemed_at": survey["recorded_at"],
    }


def _id(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
