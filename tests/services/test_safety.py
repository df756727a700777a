"""Worries about a person's safety: open until somebody says what came of them."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.orm import Session

from tests.support.people import Crew, refer
from tests.support.trail import trail
from wellbeing_app.services import merging, safety
from wellbeing_app.services.errors import Invalid, NotFound, NotYours

CONCERN = "Said that she cannot go on"


def test_a_flag_is_followed_through(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    flag = safety.raise_flag(db, crew.asha, grace.reference, f" {CONCERN} ", "Mandy")
    assert (flag.concern, flag.told, flag.closed_at) == (CONCERN, "Mandy", None)
    safety.act(db, crew.ben, grace.reference, flag.id, "Rang the GP")
    assert [(action.what, action.by_id) for action in flag.actions] == [("Rang the GP", crew.ben.id)]
    safety.close(db, crew.asha, grace.reference, flag.id, "The crisis team sees her daily")
    assert (flag.closed_by_id, flag.outcome) == (crew.asha.id, "The crisis team sees her daily")
    about_flags = [action for action in trail(db, grace.id) if action.startswith("safety")]
    assert about_flags == ["safety_flag_raised", "safety_flag_acted_on", "safety_flag_closed"]


def test_closing_again_changes_nothing(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    flag = safety.raise_flag(db, crew.asha, grace.reference, CONCERN)
    for outcome in ("First", "Second"):
        safety.close(db, crew.asha, grace.reference, flag.id, outcome)
    assert flag.outcome == "First"


def test_nothing_is_recorded_without_words(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    with pytest.raises(Invalid) as refusal:
        safety.raise_flag(db, crew.asha, grace.reference, "  ")
    assert refusal.value.problems == {"concern": "required"}
    flag = safety.raise_flag(db, crew.asha, grace.reference, CONCERN)
    with pytest.raises(Invalid):
        safety.act(db, crew.asha, grace.reference, flag.id, " ")
    with pytest.raises(Invalid):
        safety.close(db, crew.asha, grace.reference, flag.id, "")
    assert flag.closed_at is None


def test_open_flags_are_listed_for_those_in_reach_oldest_first(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    first, second, closed = (
        safety.raise_flag(db, crew.asha, grace.reference, words) for words in ("One", "Two", "Three")
    )
    safety.close(db, crew.asha, grace.reference, closed.id, "Done")
    for who in (crew.asha, crew.ben, crew.mandy):
        assert [flag for flag, _person in safety.open_flags(db, who)] == [first, second]
    assert safety.open_flags(db, crew.carol) == []
    assert trail(db, grace.id, crew.ben) == ["listed", "listed"]


def test_another_teams_advisor_sees_and_does_nothing(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    flag = safety.raise_flag(db, crew.asha, grace.reference, CONCERN)
    for forbidden in (
        lambda: safety.raise_flag(db, crew.carol, grace.reference, CONCERN),
        lambda: safety.see(db, crew.carol, grace.reference, flag.id),
        lambda: safety.act(db, crew.carol, grace.reference, flag.id, "Rang"),
        lambda: safety.close(db, crew.carol, grace.reference, flag.id, "Done"),
    ):
        with pytest.raises(NotYours):
            forbidden()


def test_a_flag_is_only_found_under_its_own_person(db: Session, crew: Crew) -> None:
    grace, tom = (refer(db, crew.asha).service_user for _ in range(2))
    flag = safety.raise_flag(db, crew.asha, grace.reference, CONCERN)
    for reference, flag_id in ((tom.reference, flag.id), (grace.reference, uuid.uuid4())):
        with pytest.raises(NotFound):
            safety.see(db, crew.asha, reference, flag_id)


def test_a_flag_moves_with_its_person(db: Session, crew: Crew) -> None:
    kept, double = (refer(db, crew.asha).service_user for _ in range(2))
    flag = safety.raise_flag(db, crew.asha, double.reference, CONCERN)
    merging.merge(db, crew.asha, kept.reference, double.reference)
    assert safety.see(db, crew.asha, kept.reference, flag.id) == (kept, flag)
