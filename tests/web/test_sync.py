"""A tablet's way through the day, against the real addresses: enrolled, packed, delivered, replied to."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, answers, days_ago, record_survey, refer
from tests.support.sealing import HEADERS, Tablet, as_sent
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import AuditEntry, Mode, Occasion, SafetyFlag, Survey, SyncItem, Ticket
from wellbeing_app.services import answers as rules
from wellbeing_app.services import clock, soundness, tickets


@pytest.fixture
def tablet(asha: Client) -> Tablet:
    tablet = Tablet(asha)
    tablet.enrol()
    return tablet


@pytest.fixture
def visit(db: Session, crew: Crew) -> Ticket:
    episode = refer(db, crew.asha, "Grace", last_name="Akande", telephone="01709 000000")
    record_survey(db, crew.asha, episode, scores={INSTRUMENT.keys[0]: 2}, completed_on=days_ago(20))
    return tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today())


def test_a_visit_is_packed_taken_without_signal_and_arrives_once(
    db: Session, crew: Crew, tablet: Tablet, visit: Ticket
) -> None:
    bundle = tablet.pack(visit)
    packed = bundle["visits"][0]
    assert (packed["first_name"], packed["telephone"]) == ("Grace", "01709 000000")
    assert packed["earlier"]["scores"][INSTRUMENT.keys[0]] == 2
    assert packed["not_before"] == days_ago(20).isoformat()
    given = answers({INSTRUMENT.keys[0]: 4}, notes={INSTRUMENT.keys[0]: "شکریہ 🦽"}, mode=Mode.SELF_TABLET)
    worry = {"concern": "Has not eaten", "told": "The duty manager"}
    item = tablet.item(crew.asha, visit, given, flag=worry, flag_id="6f1c3a10-0000-4000-8000-000000000001")
    tablet.client.delete_cookie("wellbeing")  # the sign-in has run out; the tablet delivers all the same
    first, again = tablet.deliver(item), tablet.deliver(item)
    assert (
        first["receipts"]
        == again["receipts"]
        == [{"id": item.id, "sha256": item.sha256, "state": "recorded", "say": ""}]
    )
    survey = db.scalars(select(Survey).where(Survey.ticket_id == visit.id)).one()
    assert rules.of_row(survey) == given
    assert survey.recorded_by_id == crew.asha.id
    assert [flag.concern for flag in db.scalars(select(SafetyFlag))] == ["Has not eaten"]
    kept = db.scalars(select(SyncItem)).one()
    assert (kept.survey_id, kept.sealed, kept.content) == (survey.id, None, None)
    assert soundness.problems(db) == []
    trail = db.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == crew.asha.id)).all()
    assert {"device_enrolled", "packed", "survey_recorded", "safety_flag_raised"} <= set(trail)


def test_the_addresses_answer_in_json_and_never_lead_elsewhere(tablet: Tablet, app) -> None:
    body, cross = as_sent([]), {**HEADERS, "Sec-Fetch-Site": "cross-site"}
    no_header = {"Sec-Fetch-Site": "same-origin"}
    stranger = app.test_client(db=tablet.client.db)
    asked = [
        tablet.client.get("/sync"),
        tablet.client.post("/sync", json=body, headers=cross),
        tablet.client.post("/sync", json=body, headers=no_header),
        tablet.client.post("/sync", json=body, headers={**HEADERS, "Origin": "https://elsewhere.example"}),
        tablet.client.post("/sync", data="not json", headers=HEADERS, content_type="application/json"),
        tablet.client.post("/sync", json=[], headers=HEADERS),
        tablet.client.post("/sync", json={"items": "x" * 1_100_000}, headers=HEADERS),
        stranger.post("/sync/enrol", json={}, headers=HEADERS),
        stranger.post("/sync/pack", json={"tickets": []}, headers=HEADERS),
        stranger.get("/sync/nowhere"),
    ]
    assert [one.status_code for one in asked] == [405, 403, 403, 403, 400, 400, 413, 401, 401, 404]
    assert all(set(one.json) == {"error", "say"} for one in asked)
