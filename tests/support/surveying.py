"""Filling in a survey on its one page, as an advisor does."""

from __future__ import annotations

import html
import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.filled import Fields, filled_in
from tests.support.people import Crew, days_ago, record_survey, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Survey, Ticket
from wellbeing_app.services import clock, tickets

KEYS = INSTRUMENT.keys
A, B = f"answer-{KEYS[0]}", f"answer-{KEYS[1]}"
NOTE = f"note-{KEYS[0]}"
THREES = {f"answer-{key}": "3" for key in KEYS}
ODD = "شکریہ abc 👩🏽‍🦽 <script>alert(1)</script> \"'&"


def planned(db: Session, crew: Crew, occasion: Occasion = Occasion.BASELINE, **details: Any) -> Ticket:
    episode = refer(db, crew.asha, "Grace", last_name="Akande", **details)
    if occasion is Occasion.FOLLOW_UP:
        record_survey(db, crew.asha, episode, scores={KEYS[0]: 2}, completed_on=days_ago(20))
    return tickets.plan(db, crew.asha, episode.id, occasion, clock.today())


def address(ticket: Ticket) -> str:
    return f"/surveys/{ticket.id}"


def send(client: Client, ticket: Ticket, changed: dict[str, Any], do: str = "check") -> TestResponse:
    """Open the form, change some of it, and press a button."""
    opened = filled_in(client.get(address(ticket)).text, str(ticket.id))
    return client.post(address(ticket), data={**opened, **changed, "do": do})


def look(client: Client, ticket: Ticket, changed: dict[str, Any]) -> Fields:
    """The same, up to the page that shows the answers before they are saved: what its button would send."""
    led_to = send(client, ticket, changed).location
    assert led_to == f"{address(ticket)}/check"
    return filled_in(client.get(led_to).text)


def save(client: Client, ticket: Ticket, changed: dict[str, Any]) -> TestResponse:
    return client.post(f"{address(ticket)}/check", data=look(client, ticket, changed))


def saved(db: Session) -> list[Survey]:
    return list(db.scalars(select(Survey).order_by(Survey.recorded_at)))


def shown(response: TestResponse, ticket: Ticket) -> Fields:
    """What the form on this page holds, apart from its token and marks."""
    fields = filled_in(response.text, str(ticket.id))
    return {name: value for name, value in fields.items() if name not in ("csrf_token", "page", "seen")}


def errors_of(response: TestResponse) -> list[tuple[str, str]]:
    """The summary of what is wrong: each sentence with the place its link leads to. It has the focus."""
    found = re.search(
        r'<div class="error-summary"[^>]*tabindex="-1" autofocus.*?</div>', response.text, re.DOTALL
    )
    assert found, "no summary with the focus on it"
    links = re.findall(r'<li>(?:<a href="#([^"]*)">)?(.*?)(?:</a>)?</li>', found[0], re.DOTALL)
    return [(html.unescape(sentence), target) for target, sentence in links]
