"""Answering on a screen that was handed over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.filled import filled_in
from tests.support.people import PASSWORD, Crew, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Survey, Ticket
from wellbeing_app.services import clock, tickets

KEYS = INSTRUMENT.keys
LAST = len(KEYS)
A, NOTE = f"answer-{KEYS[0]}", f"note-{KEYS[0]}"
NAMES = ("Zenobia", "Quist", "Asha", "Z.Q.")


def planned(db: Session, crew: Crew, **details: Any) -> Ticket:
    episode = refer(db, crew.asha, "Zenobia", last_name="Quist", **details)
    return tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())


def hand_over(client: Client, ticket: Ticket) -> None:
    page = client.get(f"/surveys/{ticket.id}").text
    response = client.post(f"/surveys/{ticket.id}/hand-over", data=filled_in(page, str(ticket.id)))
    assert response.location == own(ticket)


def own(ticket: Ticket, page: str = "") -> str:
    return f"/self/{ticket.id}/{page}"


def reply(client: Client, ticket: Ticket, number: int, do: str = "continue", **changed: Any) -> TestResponse:
    """Open a measure's page, change something, and press a button."""
    page = client.get(own(ticket, str(number))).text
    sent = {**filled_in(page, str(number)), **changed, "do": do}
    return client.post(own(ticket, str(number)), data=sent)


def answer_all(client: Client, ticket: Ticket, value: str = "4") -> TestResponse:
    for number, key in enumerate(KEYS, 1):
        response = reply(client, ticket, number, **{f"answer-{key}": value})
    return response


def finish(client: Client, ticket: Ticket, **changed: str) -> TestResponse:
    page = client.get(own(ticket, "check")).text
    return client.post(own(ticket, "check"), data={**filled_in(page), **changed})


def saved(db: Session) -> list[Survey]:
    return list(db.scalars(select(Survey)))


def take_back(client: Client, ticket: Ticket, password: str = PASSWORD) -> TestResponse:
    return client.submit(own(ticket, "hand-back"), {"password": password})
