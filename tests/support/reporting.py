"""Data for the report: the 161 of the source, in a database."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from tests.support import source_report
from tests.support.people import Crew
from wellbeing_app.model import (
    Activity,
    Agreement,
    ClosingReason,
    DeliveredHours,
    Episode,
    Mode,
    Occasion,
    OutcomeKind,
    Pathway,
    Placement,
    Purpose,
    Respondent,
    ServiceUser,
    Survey,
    Ticket,
    WiderOutcome,
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


ACTIVITIES = (
    ("British Red Cross", "befriending_plus", "individual", 47, 581),
    ("You Asked We Responded", "befriending_plus", "individual", 53, 497),
    ("Places For People", "befriending_plus", "individual", 51, 431),
    ("Rotherham United Community Sport Trust", "befriending_plus", "individual", 56, 248),
    ("Rotherham Rise", "befriending_plus", "individual", 22, 385),
    ("Learning Community", "education", "individual", 70, 615),
    ("Elmet Archaeological", "education", "group", 4, 146),
    ("Workers Educational Association", "education", "group", 8, 140),
    ("Zest Health For Life", "community_group", "group", 17, 204),
    ("ABC Forum", "community_group", "group", 6, 221),
    ("Casting Innovations", "community_group", "group", 20, 426),
    ("Rotherham United Community Sport Trust", "community_group", "group", 29, 280),
    ("Mind", "community_group", "group", 19, 147),
)
"""Table 2.1: provider, theme, setting, people, hours, all in 2016/17."""
OUTCOMES = {
    OutcomeKind.EMPLOYMENT: (3, 7),
    OutcomeKind.TRAINING: (24, 24),
    OutcomeKind.VOLUNTEERING: (14, 24),
    OutcomeKind.PHYSICAL_ACTIVITY: (25, 34),
    OutcomeKind.PEER_SUPPORT: (0, 59),
    OutcomeKind.VOLUNTARY_SECTOR: (40, 44),
}
"""Table 3.2: the closed episodes of 2015/16 and of 2016/17 with each wider outcome."""
CLOSED = (94, 100)
"""How many were closed in each year: the first is the slides' number, the second nobody prints."""


def write_ledger(db: Session, crew: Crew) -> None:
    """The source's activities and wider outcomes, upon `write_source`."""
    now, by = clock.now(), {"recorded_by_id": crew.asha.id}
    of_year = [_closed(db, year, number) for year, number in zip(REFERRED, CLOSED, strict=True)]
    rows: Rows = {table: [] for table in (WiderOutcome, Activity, Placement, DeliveredHours)}
    for kind, numbers in OUTCOMES.items():
        for episodes, number in zip(of_year, numbers, strict=True):
            rows[WiderOutcome] += [
                {"episode_id": one, "kind": kind, "on": SECOND_YEAR, "recorded_at": now, **by}
                for one in episodes[:number]
            ]
    episodes = list(db.scalars(select(Episode.id).order_by(Episode.referred_on, Episode.id)))
    for provider, theme, setting, people, hours in ACTIVITIES:
        activity = {"id": uuid.uuid4(), "provider": provider, "name": f"{theme} {setting}", "created_at": now}
        rows[Activity].append({**activity, "theme": theme, "setting": setting})
        places = [uuid.uuid4() for _ in range(people)]
        rows[Placement] += [
            {"id": place, "episode_id": episode, "activity_id": activity["id"], "began_on": SECOND_YEAR}
            | {"recorded_at": now, **by}
            for place, episode in zip(places, episodes, strict=False)
        ]
        place = places[0] if setting == "individual" else None
        rows[DeliveredHours].append(
            {"activity_id": activity["id"], "placement_id": place, "on": SECOND_YEAR, "hours": hours}
            | {"recorded_at": now, **by}
        )
    for table, some in rows.items():
        db.execute(insert(table), some)
    db.flush()


def _closed(db: Session, year: date, number: int) -> list[uuid.UUID]:
    """Close so many episodes that were referred in this year."""
    until = year + timedelta(days=364)
    query = (
        select(Episode.id).where(Episode.referred_on.between(year, until)).order_by(Episode.id).limit(number)
    )
    found = list(db.scalars(query))
    change = update(Episode).where(Episode.id.in_(found))
    db.execute(change.values(closed_on=until, closing_reason=ClosingReason.COMPLETED))
    return found
