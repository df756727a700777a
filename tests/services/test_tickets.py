"""Tickets: one for each planned survey; and drafts, which nobody loses."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, days_ago, record_survey, refer
from tests.support.trail import trail
from tests.support.workers import at_once, crew_of, working_on
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import ClosingReason, Draft, Episode, Occasion, Survey, Ticket
from wellbeing_app.services import access, clock, codes, pathway, surveys, tickets
from wellbeing_app.services.errors import Invalid, NotAllowed, NotFound, NotYours
from wellbeing_app.services.policy import Action

A, B, C = (f"answer-{key}" for key in INSTRUMENT.keys[:3])


def planned(db: Session, crew: Crew, occasion: Occasion = Occasion.BASELINE) -> Ticket:
    episode = refer(db, crew.asha)
    if occasion is Occasion.FOLLOW_UP:
        record_survey(db, crew.asha, episode, completed_on=days_ago(20))
    return tickets.plan(db, crew.asha, episode.id, occasion, clock.today())


def test_a_planned_survey_waits_under_one_ticket(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    assert codes.is_form_code(ticket.code)
    assert tickets.plan(db, crew.asha, ticket.episode_id, Occasion.BASELINE, clock.today()) is ticket
    assert trail(db, ticket.episode.service_user_id).count("survey_planned") == 1


def test_two_who_plan_at_once_get_the_same_ticket(own_database: str) -> None:
    with working_on(own_database) as db:
        crew = crew_of(db)
        episode_id = refer(db, crew.asha).id

    def plan(db: Session) -> uuid.UUID:
        return tickets.plan(db, crew.asha, episode_id, Occasion.BASELINE, clock.today()).id

    assert len(set(at_once(own_database, plan, plan, plan))) == 1


def test_a_follow_up_comes_after_a_baseline(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    assert_refused(db, crew, episode, Occasion.FOLLOW_UP, "baseline_first")
    record_survey(db, crew.asha, episode)
    tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today())


def test_a_second_baseline_has_to_be_asked_for(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    record_survey(db, crew.asha, episode)
    assert_refused(db, crew, episode, Occasion.BASELINE, "baseline_exists")
    second = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
    again = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
    assert second is again


def test_nothing_new_is_planned_in_a_closed_episode(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    pathway.close(db, crew.asha, episode.id, clock.today(), ClosingReason.COMPLETED)
    assert_refused(db, crew, episode, Occasion.BASELINE, "episode_closed")


def assert_refused(db: Session, crew: Crew, episode: Episode, occasion: Occasion, why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        tickets.plan(db, crew.asha, episode.id, occasion, clock.today())
    assert refusal.value.problems == {"occasion": why}


def test_another_teams_advisor_plans_nothing_and_data_entry_never_does(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    with pytest.raises(NotYours):
        tickets.plan(db, crew.carol, ticket.episode_id, Occasion.BASELINE, clock.today())
    tickets.open_by_code(db, crew.dev, ticket.code)
    with pytest.raises(NotAllowed):
        tickets.void(db, crew.dev, ticket.id)


@pytest.mark.parametrize("slip", ["", "BCDF", "12345678", "☃", "ABCDEFGH-IJ"])
def test_a_code_with_a_slip_opens_nothing(db: Session, crew: Crew, slip: str) -> None:
    with pytest.raises(Invalid) as refusal:
        tickets.open_by_code(db, crew.dev, slip)
    assert refusal.value.problems == {"code": "slip"}


def test_a_code_that_nobody_issued_opens_nothing(db: Session, crew: Crew) -> None:
    with pytest.raises(NotFound):
        tickets.open_by_code(db, crew.dev, codes.new_form_code())


def test_a_code_opens_its_form_for_half_a_day(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    with pytest.raises(NotYours):
        access.ticket(db, crew.dev, Action.FILL_SURVEY, ticket.id)
    assert tickets.open_by_code(db, crew.dev, f" {ticket.code[:4].lower()}-{ticket.code[4:]} ") is ticket
    assert access.ticket(db, crew.dev, Action.FILL_SURVEY, ticket.id) is ticket
    with time_machine.travel(clock.now() + timedelta(hours=13)), pytest.raises(NotYours):
        access.ticket(db, crew.dev, Action.FILL_SURVEY, ticket.id)


def test_a_draft_holds_what_was_typed_last(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    tickets.save_draft(db, crew.asha, ticket, {A: "2"})
    tickets.save_draft(db, crew.asha, ticket, {A: "6", B: "declined"})
    assert kept(db, ticket) == {A: "6", B: "declined"}


def test_a_while_of_typing_leaves_one_row_on_the_trail(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    with time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(3):
            tickets.save_draft(db, crew.asha, ticket, {A: "2"})
            time.shift(timedelta(minutes=1))
        assert trail(db, ticket.episode.service_user_id).count("draft_saved") == 1
        tickets.save_draft(db, crew.mandy, ticket, {A: "3"})
        time.shift(timedelta(minutes=11))
        tickets.save_draft(db, crew.mandy, ticket, {A: "4"})
    assert trail(db, ticket.episode.service_user_id).count("draft_saved") == 3


@pytest.mark.parametrize("state", ["cancelled", "saved"])
def test_nobody_types_for_nothing_whatever_became_of_the_ticket(db: Session, crew: Crew, state: str) -> None:
    ticket = planned(db, crew)
    if state == "cancelled":
        tickets.void(db, crew.asha, ticket.id)
    else:
        surveys.record(db, crew.asha, ticket.id, answers())
    tickets.save_draft(db, crew.asha, ticket, {A: "2"})
    assert kept(db, ticket) == {A: "2"}


def test_a_page_that_has_not_seen_the_draft_wipes_nothing_out(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    one = {"page": "one", "seen": ""}
    other = {"page": "other", "seen": ""}
    tickets.save_draft(db, crew.asha, ticket, {A: "2", B: "3", **one})
    tickets.save_draft(db, crew.asha, ticket, {A: "", B: "4", C: "5", **other})
    assert kept(db, ticket) == {A: "2", B: "4", C: "5", "page": ""}
    tickets.save_draft(db, crew.asha, ticket, {A: "1", B: "3", C: "", **one})
    assert kept(db, ticket) == {A: "1", B: "3", C: "5", "page": ""}
    opened_afresh = {"page": "third", "seen": tickets.stamp(ticket.draft)}
    tickets.save_draft(db, crew.asha, ticket, {A: "", B: "3", C: "5", **opened_afresh})
    tickets.save_draft(db, crew.asha, ticket, {A: "", B: "", C: "5", **opened_afresh})
    assert kept(db, ticket) == {A: "", B: "", C: "5", "page": "third"}


def test_drafts_kept_at_once_are_joined(own_database: str) -> None:
    with working_on(own_database) as db:
        crew = crew_of(db)
        ticket_id = planned(db, crew).id

    def keep(name: str, value: str) -> Any:
        def run(db: Session) -> None:
            ticket = access.ticket(db, crew.asha, Action.FILL_SURVEY, ticket_id)
            tickets.save_draft(db, crew.asha, ticket, {name: value, "page": name, "seen": ""})

        return run

    assert at_once(own_database, keep(A, "1"), keep(B, "2"), keep(C, "3")) == [None, None, None]
    with working_on(own_database) as db:
        fields = db.get_one(Draft, ticket_id).fields
    assert fields == {A: "1", B: "2", C: "3", "page": ""}


def kept(db: Session, ticket: Ticket) -> dict[str, Any]:
    db.expire_all()
    return db.get_one(Draft, ticket.id).fields


def test_a_cancelled_survey_can_be_taken_up_again_with_its_draft(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    tickets.save_draft(db, crew.asha, ticket, {A: "2"})
    assert not tickets.void(db, crew.asha, ticket.id).is_open
    assert tickets.reinstate(db, crew.asha, ticket.id).is_open
    assert kept(db, ticket) == {A: "2"}
    assert trail(db, ticket.episode.service_user_id)[-1] == "survey_reinstated"


def test_a_saved_survey_is_neither_cancelled_nor_cancelled_back(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    surveys.record(db, crew.asha, ticket.id, answers())
    assert tickets.void(db, crew.asha, ticket.id).voided_at is None
    assert "survey_withdrawn" not in trail(db, ticket.episode.service_user_id)


def test_cancelling_and_saving_at_once_end_in_one_of_the_two(own_database: str) -> None:
    with working_on(own_database) as db:
        crew = crew_of(db)
        ids = [planned(db, crew).id for _ in range(6)]
    for ticket_id in ids:
        at_once(
            own_database,
            lambda db, one=ticket_id: tickets.void(db, crew.asha, one).id,
            lambda db, one=ticket_id: surveys.record(db, crew.asha, one, answers()).survey_id,
        )
    with working_on(own_database) as db:
        both = Ticket.voided_at.is_not(None) & Ticket.redeemed_at.is_not(None)
        assert db.scalar(select(func.count()).where(both)) == 0
        assert db.scalar(select(func.count()).select_from(Survey)) == db.scalar(
            select(func.count()).where(Ticket.redeemed_at.is_not(None))
        )


def test_what_was_typed_and_not_used_can_be_let_go(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    tickets.save_draft(db, crew.asha, ticket, {A: "2"})
    tickets.discard_draft(db, crew.asha, ticket)
    tickets.discard_draft(db, crew.asha, ticket)
    assert ticket.draft is None
    assert trail(db, ticket.episode.service_user_id).count("draft_discarded") == 1
