"""Handing the screen over: that browser opens one survey, until its owner's own password."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.support.people import CHEAP, PASSWORD, Crew, refer, staff_of
from tests.support.trail import trail
from wellbeing_app.model import Occasion, Ticket
from wellbeing_app.services import clock, handover, sessions, throttle, tickets
from wellbeing_app.services.access import Actor
from wellbeing_app.services.authentication import Refused
from wellbeing_app.services.errors import NotAllowed, NotYours
from wellbeing_app.services.passwords import Passwords

KEPT = Passwords(CHEAP)
KEY = "a key that is only for tests"


@pytest.fixture
def ticket(db: Session, crew: Crew) -> Ticket:
    return tickets.plan(db, crew.asha, refer(db, crew.asha).id, Occasion.BASELINE, clock.today())


def signed_in(db: Session, actor: Actor) -> tuple[str, Actor]:
    token = sessions.start(db, staff_of(db, actor), "A tablet")
    return token, found(db, token)


def found(db: Session, token: str) -> Actor:
    actor = sessions.find(db, token)
    assert actor
    return actor


def take_back(db: Session, actor: Actor, password: str = PASSWORD) -> Refused | None:
    return handover.take_back(db, actor, KEPT, KEY, password)


def test_a_browser_that_is_handed_over_knows_its_one_survey(db: Session, crew: Crew, ticket: Ticket) -> None:
    token, asha = signed_in(db, crew.asha)
    other_token, _asha = signed_in(db, crew.asha)
    handover.hand_over(db, asha, ticket.id)
    assert found(db, token).handed_over_ticket_id == ticket.id
    assert found(db, other_token).handed_over_ticket_id is None
    assert "handed_over" in trail(db, actor=asha)


def test_it_comes_back_with_the_owners_password_only(db: Session, crew: Crew, ticket: Ticket) -> None:
    token, asha = signed_in(db, crew.asha)
    handover.hand_over(db, asha, ticket.id)
    assert take_back(db, asha, "somebody else's") == Refused("wrong")
    assert found(db, token).handed_over_ticket_id == ticket.id
    assert take_back(db, asha) is None
    assert found(db, token).handed_over_ticket_id is None


def test_guessing_the_password_is_slowed_down_and_waiting_helps(
    db: Session, crew: Crew, ticket: Ticket
) -> None:
    _token, asha = signed_in(db, crew.asha)
    handover.hand_over(db, asha, ticket.id)
    with time_machine.travel(clock.now(), tick=False) as time:
        tries = [take_back(db, asha, str(number)) for number in range(throttle.PER_ACCOUNT)]
        assert set(tries) == {Refused("wrong")}
        assert take_back(db, asha) == Refused("too_many")
        time.shift(throttle.WINDOW + timedelta(seconds=1))
        assert take_back(db, asha) is None


def test_somebody_who_answers_slowly_is_not_signed_out(db: Session, crew: Crew, ticket: Ticket) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        token, asha = signed_in(db, crew.asha)
        handover.hand_over(db, asha, ticket.id)
        time.shift(timedelta(hours=3))
        assert found(db, token).handed_over_ticket_id == ticket.id


def test_only_for_a_person_in_reach_and_never_by_data_entry(db: Session, crew: Crew, ticket: Ticket) -> None:
    _token, carol = signed_in(db, crew.carol)
    with pytest.raises(NotYours):
        handover.hand_over(db, carol, ticket.id)
    _token, dev = signed_in(db, crew.dev)
    tickets.open_by_code(db, dev, ticket.code)
    with pytest.raises(NotAllowed):
        handover.hand_over(db, dev, ticket.id)
