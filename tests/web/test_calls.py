"""A survey by telephone without scripts: what is said, what each button does, and where a call goes on."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.filled import filled_in
from tests.support.people import Crew
from tests.support.surveying import KEYS, planned
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Occasion, Ticket
from wellbeing_app.services import answers, contacts, modes, surveys, tickets

CHECKS = {"good_time": "y", "free_to_talk": "y", "right_person": "y"}


@pytest.fixture
def ticket(client: Client, crew: Crew, db: Session) -> Ticket:
    found = planned(db, crew, Occasion.FOLLOW_UP, telephone="01709 960000")
    client.sign_in(crew.asha)
    return found


def call(ticket: Ticket, page: object = "") -> str:
    return f"/calls/{ticket.id}/{page}"


def said(text: str) -> list[str]:
    """The sentences that are set apart to be said."""
    blocks = re.findall(r'<div class="say say-aloud">(.*?)</div>\s*(?:<|$)', text, re.DOTALL)
    sentences = re.findall(r"<p>(.*?)</p>", " ".join(blocks), re.DOTALL)
    points = re.findall(r'<span class="point-label">(.*?)</span>', text, re.DOTALL)
    return [html.unescape(one).strip() for one in (*sentences, *points)]


def known() -> re.Pattern[str]:
    """Any sentence of the questionnaire's scripts, whatever fills its gaps."""
    scripts = [text for name, text in INSTRUMENT.words.items() if name.startswith("telephone_")]
    patterns = [
        re.sub(r"\\\{\w+\\\}", ".+", re.escape(line)) for text in scripts for line in text.splitlines()
    ]
    return re.compile("|".join(patterns))


def test_only_the_questionnaires_own_words_are_said(client: Client, ticket: Ticket) -> None:
    pages = [client.get(call(ticket)).text, *(client.get(call(ticket, n)).text for n in range(1, 9))]
    for text in pages:
        assert said(text)
        assert [one for one in said(text) if not known().fullmatch(one)] == []
    for number, measure in enumerate(INSTRUMENT.measures, start=1):
        spoken = said(pages[number])
        assert spoken[0] == f"The next one is about {measure.title}."
        assert spoken[-5:] == [f"{point.number}. {point.spoken}." for point in INSTRUMENT.points]


def test_a_call_begins_when_all_three_are_so(client: Client, ticket: Ticket, db: Session) -> None:
    refused = client.submit(call(ticket), {"good_time": "y"})
    assert refused.status_code == 422
    assert "Tick each of the three" in refused.text
    later = client.submit(call(ticket), {"later": "1"})
    assert later.location.endswith(f"/episodes/{ticket.episode_id}/follow-up?outcome=call_back#tried")
    assert contacts.of_episode(db, ticket.episode) == []
    assert client.submit(call(ticket), CHECKS).location == call(ticket, 1)
    assert [one.outcome for one in contacts.of_episode(db, ticket.episode)] == ["spoke"]


def test_every_button_keeps_the_answer_and_the_place(client: Client, ticket: Ticket, db: Session) -> None:
    def press(number: int, do: str, answer: str = "") -> str:
        fields = {"do": do, f"answer-{KEYS[number - 1]}": answer}
        return str(client.submit(call(ticket, number), fields).location)

    assert press(1, "continue", "4") == call(ticket, 2)
    assert press(2, "skip") == call(ticket, 3)
    assert press(3, "help", "2") == "/help"
    assert press(3, "flag", "2") == call(ticket, "flag")
    assert f"{call(ticket, 3)}" in client.get(call(ticket, "flag")).text, "back to the question"
    assert "/follow-up?outcome=call_back" in press(4, "pause", "5")
    assert "Go on with question 4" in client.get(call(ticket)).text
    assert client.submit(call(ticket, 5), {"do": "continue"}).status_code == 422
    assert press(5, "stop") == f"/surveys/{ticket.id}/check"
    check = f"/surveys/{ticket.id}/check"
    assert client.post(check, data=filled_in(client.get(check).text)).location == call(ticket, "end")
    given = answers.of_row(surveys.of_ticket(db, ticket))
    assert given.mode is Mode.TELEPHONE
    assert given.scores == {KEYS[0]: 4, KEYS[2]: 2, KEYS[3]: 5}
    assert given.unanswered == {KEYS[1]: "declined", **dict.fromkeys(KEYS[4:], "not_asked")}
    told = client.get(call(ticket, "compare")).text
    assert [one for one in said(told) if not known().fullmatch(one)] == []
    assert "Last time you chose 2" in told


def test_a_change_of_way_is_remembered_and_a_slip_is_not(crew: Crew, db: Session) -> None:
    ticket = planned(db, crew)
    for mode, answered in (("in_person", 2), ("telephone", 2), ("in_person", 2), ("self_tablet", 3)):
        fields = {"mode": mode, **{f"answer-{key}": "3" for key in KEYS[:answered]}}
        tickets.save_draft(db, crew.asha, ticket, fields)
    assert [(one.mode, one.answered) for one in modes.of_ticket(db, ticket.id)] == [(Mode.IN_PERSON, 2)]
