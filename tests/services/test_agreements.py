"""Agreements by purpose: dated, withdrawable, each apart from the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.support.people import Crew, days_ago, refer
from tests.support.trail import trail
from wellbeing_app.model import Purpose
from wellbeing_app.services import agreements, clock
from wellbeing_app.services.errors import Invalid, NotYours

GP = Purpose.SHARE_WITH_GP
WORDING = "My GP may know."


def test_each_purpose_is_agreed_to_by_itself_in_the_words_shown(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    given = agreements.give(db, crew.asha, grace.reference, GP, WORDING, days_ago(2))
    assert (given.wording, given.given_on, given.recorded_by_id) == (WORDING, days_ago(2), crew.asha.id)
    assert list(agreements.standing(grace)) == [GP]
    assert trail(db, grace.id)[-1] == "agreement_given"


def test_agreeing_twice_is_as_once(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    first = agreements.give(db, crew.asha, grace.reference, GP, WORDING, days_ago(2))
    assert agreements.give(db, crew.asha, grace.reference, GP, "Other words", days_ago(1)) is first
    assert len(agreements.history(grace, GP)) == 1


def test_what_was_withdrawn_is_not_in_force_and_not_forgotten(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    agreements.give(db, crew.asha, grace.reference, GP, WORDING, days_ago(5))
    agreements.withdraw(db, crew.ben, grace.reference, GP, days_ago(1))
    assert agreements.standing(grace) == {}
    told = agreements.history(grace, GP)[0]
    assert (told.withdrawn_on, told.withdrawal_recorded_by_id) == (days_ago(1), crew.ben.id)
    assert trail(db, grace.id, crew.ben)[-1] == "agreement_withdrawn"


def test_a_person_can_agree_again_after_withdrawing(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    agreements.give(db, crew.asha, grace.reference, GP, WORDING, days_ago(5))
    agreements.withdraw(db, crew.asha, grace.reference, GP, days_ago(1))
    with pytest.raises(Invalid) as refusal:
        agreements.give(db, crew.asha, grace.reference, GP, WORDING, days_ago(2))
    assert refusal.value.problems == {"on": "before_withdrawal"}
    again = agreements.give(db, crew.asha, grace.reference, GP, WORDING, days_ago(1))
    assert agreements.standing(grace) == {GP: again}
    assert agreements.history(grace, GP)[0] is again


def test_days_to_come_and_withdrawals_before_the_agreement_are_refused(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Invalid):
        agreements.give(db, crew.asha, grace.reference, GP, WORDING, tomorrow)
    agreements.give(db, crew.asha, grace.reference, GP, WORDING, days_ago(1))
    for on, code in ((tomorrow, "in_future"), (days_ago(2), "before_agreement")):
        with pytest.raises(Invalid) as refusal:
            agreements.withdraw(db, crew.asha, grace.reference, GP, on)
        assert refusal.value.problems == {"on": code}


def test_withdrawing_what_was_never_given_changes_nothing(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    agreements.withdraw(db, crew.asha, grace.reference, GP, days_ago(1))
    assert grace.agreements == []
    assert "agreement_withdrawn" not in trail(db, grace.id)


def test_another_teams_advisor_records_none(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    with pytest.raises(NotYours):
        agreements.give(db, crew.carol, grace.reference, GP, WORDING, days_ago(1))
    with pytest.raises(NotYours):
        agreements.withdraw(db, crew.carol, grace.reference, GP, days_ago(1))
