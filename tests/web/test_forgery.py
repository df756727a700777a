"""Forms from elsewhere are refused; one that was open too long does nothing and says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.filled import filled_in
from tests.support.pages import text_of
from tests.support.people import Crew, refer
from wellbeing_app.model import Occasion, Ticket
from wellbeing_app.services import clock, tickets


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return tickets.plan(db, crew.asha, refer(db, crew.asha).id, Occasion.BASELINE, clock.today())


@pytest.mark.parametrize("token", [None, "", "old", "IjEi.aaaaaa.bbbbbb"])
def test_without_the_token_nothing_is_done_and_nothing_is_claimed(
    asha: Client, db: Session, ticket: Ticket, token: str | None
) -> None:
    response = asha.post(f"/surveys/{ticket.id}/withdraw", data={"csrf_token": token} if token else {})
    assert response.status_code == 400
    assert "To be safe, nothing was done." in text_of(response.text)
    assert "is cancelled" not in response.text
    assert db.get_one(Ticket, ticket.id).is_open
    assert "is cancelled" not in asha.get(f"/surveys/{ticket.id}").text, "nor on the page after it"


def test_a_token_serves_for_a_working_day_and_no_longer(
    asha: Client, crew: Crew, db: Session, ticket: Ticket
) -> None:
    fields = filled_in(asha.get(f"/surveys/{ticket.id}").text, str(ticket.id))
    with time_machine.travel(clock.now() + timedelta(hours=11, minutes=59)):
        asha.sign_in(crew.asha)
        assert asha.post(f"/surveys/{ticket.id}/withdraw", data=fields).status_code == 302
    with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1)):
        asha.sign_in(crew.asha)
        assert asha.post(f"/surveys/{ticket.id}/withdraw", data=fields).status_code == 400


def test_another_browsers_token_does_not_serve(
    asha: Client, elsewhere: Client, crew: Crew, ticket: Ticket
) -> None:
    elsewhere.sign_in(crew.asha)
    fields = filled_in(elsewhere.get(f"/surveys/{ticket.id}").text, str(ticket.id))
    assert asha.post(f"/surveys/{ticket.id}/withdraw", data=fields).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_the_token(
    asha: Client, db: Session, ticket: Ticket, headers: dict[str, str]
) -> None:
    fields = filled_in(asha.get(f"/surveys/{ticket.id}").text, str(ticket.id))
    response = asha.post(f"/surveys/{ticket.id}/withdraw", data=fields, headers=headers)
    assert response.status_code == 403
    assert "The form came from another site, so nothing was done." in text_of(response.text)
    assert db.get_one(Ticket, ticket.id).is_open


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}],
)
def test_our_own_form_passes(asha: Client, ticket: Ticket, headers: dict[str, str]) -> None:
    fields = filled_in(asha.get(f"/surveys/{ticket.id}").text, str(ticket.id))
    assert asha.post(f"/surveys/{ticket.id}/withdraw", data=fields, headers=headers).status_code == 302


def test_the_token_may_come_in_a_header(asha: Client, ticket: Ticket) -> None:
    token = filled_in(asha.get(f"/surveys/{ticket.id}").text, str(ticket.id))["csrf_token"][0]
    assert asha.post(f"/surveys/{ticket.id}/withdraw", headers={"X-CSRF-Token": token}).status_code == 302
