"""Agreements on the page: each purpose by itself, in the words shown."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, days_ago, refer
from wellbeing_app.model import Purpose
from wellbeing_app.services import agreements, settings
from wellbeing_app.services.settings import ServiceSettings


def test_agreeing_and_taking_it_back(client: Client, crew: Crew, db: Session) -> None:
    grace = refer(db, crew.asha).service_user
    client.sign_in(crew.asha)
    path = f"/people/{grace.reference}/agreements"
    agree = {"purpose": "evaluation", "on": days_ago(5).isoformat(), "do": "give"}
    client.submit(path, agree)
    given = agreements.standing(grace)[Purpose.EVALUATION]
    assert given.wording == ("My answers may be used, without my name, to see how well the service works.")
    assert given.wording in client.get(path).text
    client.submit(path, {**agree, "on": days_ago(1).isoformat(), "do": "withdraw"})
    assert agreements.standing(grace) == {}
    assert "withdrawn on" in client.get(path).text


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2999-01-01", "This day has not come yet."),
        ("0026-11-05", "Enter the year with four digits, such as 2026."),
        ("", "Enter the day."),
    ],
)
def test_a_slip_is_told_beside_its_purpose(
    client: Client, crew: Crew, db: Session, on: str, said: str
) -> None:
    grace = refer(db, crew.asha).service_user
    client.sign_in(crew.asha)
    path = f"/people/{grace.reference}/agreements"
    response = client.submit(path, {"purpose": "evaluation", "on": on, "do": "give"})
    assert response.status_code == 422
    assert f'<a href="#on-evaluation">{said}</a>' in response.text
    assert 'id="on-evaluation-error"' in response.text
    assert grace.agreements == []


def test_an_unknown_purpose_is_refused(client: Client, crew: Crew, db: Session) -> None:
    grace = refer(db, crew.asha).service_user
    client.sign_in(crew.asha)
    path = f"/people/{grace.reference}/agreements"
    assert client.submit(path, {"purpose": "all", "on": "2026-01-01"}).status_code == 400


def test_the_services_wording_keeps_its_lines(client: Client, crew: Crew, db: Session) -> None:
    wording = "My answers may be used.\nMy name stays here."
    settings.change(db, crew.adam, ServiceSettings(agreements={Purpose.EVALUATION: wording}))
    grace = refer(db, crew.asha).service_user
    client.sign_in(crew.asha)
    page = client.get(f"/people/{grace.reference}/agreements").text
    assert f'<blockquote class="wording lines" dir="auto">{wording}</blockquote>' in page
