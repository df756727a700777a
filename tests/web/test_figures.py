"""The page of figures: numbers, no names, and how to read them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, days_ago, record_survey, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Purpose
from wellbeing_app.services import agreements
from wellbeing_app.services.access import Actor


def add_pairs(db: Session, crew: Crew, number: int) -> None:
    for _ in range(number):
        episode = refer(db, crew.asha, "Philomena", last_name="Quist", referred_on=days_ago(200))
        reference = episode.service_user.reference
        agreements.give(db, crew.asha, reference, Purpose.EVALUATION, "Yes.", days_ago(199))
        everywhere = dict.fromkeys(INSTRUMENT.keys, 2)
        record_survey(db, crew.asha, episode, Occasion.BASELINE, everywhere, completed_on=days_ago(150))
        record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, completed_on=days_ago(20))


def see(client: Client, who: Actor) -> str:
    client.sign_in(who)
    response = client.get("/figures")
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_the_manager_sees_exact_numbers(client: Client, db: Session, crew: Crew) -> None:
    add_pairs(db, crew, 3)
    page = see(client, crew.mandy)
    assert "<dt>Pairs of baseline and follow-up</dt><dd>3</dd>" in page
    assert page.count(">2.00<") == page.count(">3.00<") == 8
    assert page.count('<bdi dir="ltr">+1.00</bdi>') == 8
    assert "fewer than 8" not in page


def test_the_evaluator_sees_no_small_numbers(client: Client, db: Session, crew: Crew) -> None:
    add_pairs(db, crew, 3)
    page = see(client, crew.eve)
    assert "<dt>Pairs of baseline and follow-up</dt><dd>fewer than 8</dd>" in page
    assert "2.00" not in page
    assert "+1.00" not in page
    assert "Small numbers could point at somebody" in page


def test_the_evaluator_sees_what_is_large_enough(client: Client, db: Session, crew: Crew) -> None:
    add_pairs(db, crew, 8)
    page = see(client, crew.eve)
    assert "<dt>Pairs of baseline and follow-up</dt><dd>8</dd>" in page
    assert page.count('<bdi dir="ltr">+1.00</bdi>') == 8


@pytest.mark.parametrize("who", ["mandy", "eve"])
def test_nobody_is_named(client: Client, db: Session, crew: Crew, who: str) -> None:
    add_pairs(db, crew, 8)
    page = see(client, getattr(crew, who))
    assert "Philomena" not in page
    assert "Quist" not in page
    assert "Asha" not in page


def test_the_caveats_stand_beside_the_table(client: Client, db: Session, crew: Crew) -> None:
    add_pairs(db, crew, 1)
    unasked = refer(db, crew.asha, referred_on=days_ago(200))
    record_survey(db, crew.asha, unasked, Occasion.BASELINE, completed_on=days_ago(150))
    record_survey(db, crew.asha, unasked, Occasion.FOLLOW_UP, completed_on=days_ago(20))
    page = see(client, crew.mandy)
    assert "There is no control group" in page
    assert "People without a follow-up are not in the table" in page
    assert "has not agreed to the use of their answers for evaluation: 1." in page


def test_without_a_pair_the_page_says_so(client: Client, crew: Crew) -> None:
    page = see(client, crew.mandy)
    assert "Nobody has both a baseline and a follow-up yet." in page
    assert "<table" not in page


def test_moving_down_is_told_with_its_sign(client: Client, db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha, referred_on=days_ago(200))
    reference = episode.service_user.reference
    agreements.give(db, crew.asha, reference, Purpose.EVALUATION, "Yes.", days_ago(199))
    record_survey(db, crew.asha, episode, Occasion.BASELINE, completed_on=days_ago(150))
    lower = dict.fromkeys(INSTRUMENT.keys, 1)
    record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, lower, completed_on=days_ago(20))
    assert '<bdi dir="ltr">−2.00</bdi>' in see(client, crew.mandy)


@pytest.mark.parametrize("who", ["asha", "ben", "carol", "dev", "adam"])
def test_nobody_else_opens_it(client: Client, crew: Crew, who: str) -> None:
    client.sign_in(getattr(crew, who))
    assert client.get("/figures").status_code == 404
