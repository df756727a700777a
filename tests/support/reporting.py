"""Data for the report: the 161 of the source, in a database."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from tests.support import source_report
from tests.support.people import Crew
from wellbeing_app.model import (
    Agreement,
    Episode,
    Mode,
    Occasion,
    Pathway,
    Purpose,
    Respondent,
    ServiceUser,
    Survey,
    Ticket,
)
from wellbeing_app.services import clock

Rows = dict[Any, list[dict[str, Any]]]
FIRST_YEAR, SECOND_YEAR = date(2015, 4, 1), date(2016, 4, 1)
REFERRED = {FIRST_YEAR: (156, 141, 136, 72, 39), SECOND_YEAR: (161, 119, 110, 84, 46)}
"""Of each year: referred, met, took up, reviewed, discharged (tables 2.2 and 3.1)."""


def write_source(db: Session, crew: Crew) -> None:
    """317 people as the source's tables have them; the first 161 who took up a service are measured twice."""
    rows: Rows = {table: [] for table in (ServiceUser, Agreement, Episode, Ticket, Survey)}
    pairs = source_report.people()
    number = 0
    for year, (referred, *steps) in REFERRED.items():
        for place in range(referred):
            scores = pairs[number - (20 if year == SECOND_YEAR else 0) :] if place < steps[1] else []
            measured = scores[0] if scores else None
            _add(rows, crew, number, year + timedelta(days=place % 300), _dates(year, place, steps), measured)
            number += 1
    for table, some in rows.items():
        db.execute(insert(table), some)
    db.flush()


def _dates(year: date, place: int, steps: list[int]) -> dict[str, date]:
    """Which steps the one in this place has come to."""
    names = ("joint_meeting_on", "took_up_on", "discharge_review_on", "discharged_on")
    return {name: year + timedelta(days=310) for name, most in zip(names, steps, strict=True) if place < most}


def _add(
    rows: Rows, crew: Crew, number: int, referred: date, dates: dict[str, date], measured: Any | None
) -> None:
    person, episode, now = uuid.uuid4(), uuid.uuid4(), clock.now()
    rows[ServiceUser].append(
        {"id": person, "reference": f"S{number}", "first_name": "Somebody", "created_at": now}
    )
    rows[Agreement].append(
        {"id": uuid.uuid4(), "service_user_id": person, "purpose": Purpose.EVALUATION, "wording": "Yes."}
        | {"given_on": referred, "recorded_at": now, "recorded_by_id": crew.asha.id}
    )
    none = dict.fromkeys(("joint_meeting_on", "took_up_on", "discharge_review_on", "discharged_on"))
    rows[Episode].append(
        {"id": episode, "service_user_id": person, "advisor_id": crew.asha.id, "referred_on": referred}
        | {"pathway": Pathway.MENTAL_HEALTH, "care_cluster": 7, "created_at": now, **none, **dates}
    )
    if measured:
        for occasion, days, scores in zip(Occasion, (1, 130), measured, strict=True):
            on = referred + timedelta(days=days)
            ticket = {"id": uuid.uuid4(), "episode_id": episode, "occasion": occasion}
            rows[Ticket].append(
                {**ticket, "code": f"{number}{occasion[0]}", "planned_for": on}
                | {"issued_at": now, "issued_by_id": crew.asha.id, "redeemed_at": now}
            )
            rows[Survey].append(_survey(ticket, on, scores, crew))


def _survey(ticket: dict[str, Any], on: date, scores: dict[str, int], crew: Crew) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "ticket_id": ticket["id"],
        "episode_id": ticket["episode_id"],
        "occasion": ticket["occasion"],
        "recorded_at": clock.now(),
        "recorded_by_id": crew.asha.id,
        "instrument_version": "1",
        "completed_on": on,
        "mode": Mode.TELEPHONE if ticket["occasion"] is Occasion.FOLLOW_UP else Mode.IN_PERSON,
        "respondent": Respondent.SELF,
        **scores,
    }


def touch(db: Session, survey: Survey, **values: Any) -> None:
    """Change a survey as a correction does, without its form."""
    change = update(Survey).where(Survey.id == survey.id)
    db.execute(change.values(revision=survey.revision + 1, **values))
