"""Guessing is slowed down, for all workers together and across restarts; whoever waits may try again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.people import PASSWORD, Crew, email
from tests.support.workers import KEY, guess, guess_in_processes
from wellbeing_app.model import SignInAttempt
from wellbeing_app.services import clock, throttle

ADAM = "adam@service.example"


def test_several_workers_together_evaluate_no_more_than_ten_guesses(own_database: str) -> None:
    results = guess_in_processes(own_database, ADAM, [["wrong"] * 6] * 3)
    results += guess(own_database, ADAM, ["wrong"] * 12)
    assert results.count("wrong") == throttle.PER_ACCOUNT
    assert results.count("too_many") == len(results) - throttle.PER_ACCOUNT


def test_a_restart_does_not_let_more_guesses_in_and_waiting_does(own_database: str) -> None:
    guess(own_database, ADAM, ["wrong"] * throttle.PER_ACCOUNT)
    assert guess(own_database, ADAM, [PASSWORD]) == ["too_many"]
    with time_machine.travel(clock.now() + throttle.WINDOW + timedelta(seconds=1)):
        assert guess(own_database, ADAM, [PASSWORD]) == ["signed_in"]


def test_whoever_keeps_trying_while_it_is_too_early_does_not_wait_longer(db: Session) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        tries = [throttle.too_many(db, {"door": 3}) for _ in range(3)]
        time.shift(timedelta(minutes=9))
        tries += [throttle.too_many(db, {"door": 3}) for _ in range(5)]
        time.shift(timedelta(minutes=2))
        tries.append(throttle.too_many(db, {"door": 3}))
    assert tries == [False] * 3 + [True] * 5 + [False]


def test_one_address_cannot_try_many_accounts(own_database: str) -> None:
    results = [
        result
        for number in range(throttle.PER_ADDRESS + 5)
        for result in guess(own_database, f"{number}@service.example", ["wrong"])
    ]
    assert results == ["wrong"] * throttle.PER_ADDRESS + ["too_many"] * 5


def test_signing_in_forgives_the_slips_before(own_database: str) -> None:
    for _ in range(3):
        results = guess(own_database, ADAM, ["wrong"] * (throttle.PER_ACCOUNT - 1) + [PASSWORD])
        assert results[-1] == "signed_in"


def test_the_table_of_attempts_tells_nobody_who_tried(db: Session, crew: Crew) -> None:
    throttle.too_many(db, {throttle.target(KEY, "account", email(crew.asha)): 3})
    [target] = db.scalars(select(SignInAttempt.target))
    assert "asha" not in target
    assert target != throttle.target("another key", "account", email(crew.asha))


def test_attempts_that_no_longer_count_are_dropped(db: Session) -> None:
    throttle.too_many(db, {"somebody": 3, "a place": 3})
    with time_machine.travel(clock.now() + throttle.WINDOW + timedelta(seconds=1)):
        throttle.forget(db, "somebody else")
    assert db.scalar(select(func.count()).select_from(SignInAttempt)) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("a socket", "a socket", True),
    ],
)
def test_an_address_stands_for_what_one_customer_has(one: str, other: str, same: bool) -> None:
    assert (throttle.network(one) == throttle.network(other)) is same
