"""Somebody else’s person, in need; and who opened a record."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.pages import text_of
from tests.support.people import Crew, refer
from wellbeing_app.model import Episode
from wellbeing_app.services import access

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


@pytest.fixture
def let_in(client: Client, crew: Crew, db: Session) -> Episode:
    """Grace's, who is with Asha; Carol is in for a few hours, and signed in."""
    grace = refer(db, crew.asha)
    access.break_glass(db, crew.carol, grace.service_user.reference, REASON)
    client.sign_in(crew.carol)
    return grace


def test_dates_can_be_put_right_through_broken_glass_and_the_advisor_cannot(
    client: Client, crew: Crew, let_in: Episode
) -> None:
    path = f"/episodes/{let_in.id}"
    fields = {"pathway": "long_term_conditions", "referred_on": "2026-01-05", "version": "1"}
    page = client.get(path).text
    assert str(let_in.advisor_id) in page
    assert str(crew.carol.id) not in page
    refused = client.submit(path, {**fields, "advisor_id": str(crew.carol.id)})
    assert refused.status_code == 422
    assert let_in.advisor_id == crew.asha.id
    assert client.submit(path, {**fields, "advisor_id": str(crew.asha.id)}).status_code == 302
    assert let_in.referred_on == date(2026, 1, 5)


def test_nothing_that_outlasts_the_hours_is_offered_or_open_through_broken_glass(
    client: Client, crew: Crew, db: Session, let_in: Episode
) -> None:
    mine = refer(db, crew.carol).service_user
    path = f"/people/{let_in.service_user.reference}"
    record = client.get(path).text
    for leads in (f"{path}/episodes/new", f"{path}/merge"):
        assert leads not in record
        assert client.get(leads).status_code == 404
    both = client.get(f"/people/{mine.reference}/merge?other={let_in.service_user.reference}")
    assert both.status_code == 422
    choice = {"other": let_in.service_user.reference, "keep": mine.reference}
    posted = client.submit(f"/people/{mine.reference}/merge", choice)
    assert posted.status_code == 404
    fields = {"pathway": "long_term_conditions", "advisor_id": str(crew.carol.id)}
    assert client.submit(f"{path}/episodes/new", fields, page=path).status_code == 404
    assert let_in.service_user.merged_into_id is None
    assert len(let_in.service_user.episodes) == 1


def test_the_trail_names_who_gave_whom_to_whom(client: Client, crew: Crew, db: Session) -> None:
    episode = refer(db, crew.asha)
    client.sign_in(crew.mandy)
    fields = {"pathway": "long_term_conditions", "referred_on": "2026-01-05", "version": "1"}
    client.submit(f"/episodes/{episode.id}", {**fields, "advisor_id": str(crew.ben.id)})
    told = text_of(client.get(f"/people/{episode.service_user.reference}/access").text)
    assert "Mandy Changed an episode Advisor before: Asha . Advisor since then: Ben ." in told
