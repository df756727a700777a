"""Somebody else’s person, in need; and who opened a record."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, refer

REASON = "Her advisor is ill, and she rang."


def test_it_opens_for_four_hours_says_so_and_is_read_by_the_manager(
    client: Client, crew: Crew, db: Session
) -> None:
    with time_machine.travel("2026-03-02 10:00+00:00", tick=False) as clock_face:
        grace = refer(db, crew.asha, referred_on=date(2026, 2, 2)).service_user
        path = f"/people/{grace.reference}"
        client.sign_in(crew.carol)
        assert client.get(path).status_code == 404
        opened = client.submit(
            "/break-glass", {"reference": grace.reference, "reason": REASON}, follow_redirects=True
        )
        assert "The record is open to you until 14:00." in opened.text
        clock_face.shift(timedelta(hours=4))
        client.sign_in(crew.carol)
        assert client.get(path).status_code == 404
        client.sign_in(crew.mandy)
        assert REASON in client.get(f"{path}/access").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reference": "R-00000", "reason": REASON}, "No person has this reference."),
        ({"reason": "because"}, "Write a little more"),
        ({"reason": ""}, "Say why you need to open it."),
    ],
)
def test_without_a_reason_or_a_person_it_stays_shut(
    client: Client, crew: Crew, db: Session, fields: dict[str, str], said: str
) -> None:
    grace = refer(db, crew.asha).service_user
    client.sign_in(crew.carol)
    response = client.submit("/break-glass", {"reference": grace.reference, **fields})
    assert response.status_code == 422
    assert said in response.text
    assert client.get(f"/people/{grace.reference}").status_code == 404


def test_a_manager_reads_who_opened_a_record_page_by_page(client: Client, crew: Crew, db: Session) -> None:
    grace = refer(db, crew.asha).service_user
    client.sign_in(crew.asha)
    for _ in range(101):
        client.get(f"/people/{grace.reference}")
    client.sign_in(crew.mandy)
    page = client.get(f"/people/{grace.reference}/access").text
    assert "Asha" in page
    older = re.search(rf'href="(/people/{grace.reference}/access\?before=[^"]+)"', page)
    assert older
    assert "Added the person" in client.get(html.unescape(older[1])).text
