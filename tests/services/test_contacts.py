"""Reaching somebody: when it is safe to ring, what is tried next, and what a try does to the follow-up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.support.people import Crew, record_survey, refer
from tests.support.trail import trail
from wellbeing_app.model import ContactAttempt, ContactOutcome, FollowUpEnd, ServiceUser
from wellbeing_app.services import clock, contacts, safety
from wellbeing_app.services.contacts import Proposal, Try
from wellbeing_app.services.errors import Invalid, NotYours

MONDAY_MORNING = datetime(2026, 3, 9, 10, 30, tzinfo=UTC)
FRIDAY_AFTERNOON = datetime(2026, 3, 13, 16, 0, tzinfo=UTC)


def person(**wishes: object) -> ServiceUser:
    usual = {"may_telephone": True, "may_leave_message": True, "may_post": True, "telephone": "01709 1"}
    return ServiceUser(first_name="Grace", address="1 Hill Row", **{**usual, **wishes})


def in_words(moment: datetime | None) -> str:
    return moment.astimezone(clock.LOCAL).strftime("%a %d %b %H:%M") if moment else "never"


@pytest.mark.parametrize(
    ("outcome", "now", "wishes", "next_try"),
    [
        ("no_answer", MONDAY_MORNING, {}, "Tue 10 Mar 15:00"),
        ("no_answer", FRIDAY_AFTERNOON, {}, "Mon 16 Mar 10:00"),
        ("left_message", MONDAY_MORNING, {}, "Wed 11 Mar 15:00"),
        ("no_answer", MONDAY_MORNING, {"ring_days": "5"}, "Fri 13 Mar 15:00"),
        ("no_answer", MONDAY_MORNING, {"ring_days": "67"}, "Sat 14 Mar 15:00"),
        ("no_answer", MONDAY_MORNING, {"ring_until": time(12)}, "Wed 11 Mar 09:00"),
        ("no_answer", MONDAY_MORNING, {"ring_from": time(18), "ring_until": time(20)}, "Tue 10 Mar 18:00"),
        # the clocks go forward on Sunday: three in the afternoon is still three in the afternoon
        ("no_answer", datetime(2026, 3, 27, 10, 30, tzinfo=UTC), {}, "Mon 30 Mar 15:00"),
        ("no_answer", MONDAY_MORNING, {"may_telephone": False}, "never"),
        ("spoke", MONDAY_MORNING, {}, "never"),
    ],
)
def test_the_next_try_is_at_another_time_of_day_and_a_safe_one(
    outcome: str, now: datetime, wishes: dict[str, object], next_try: str
) -> None:
    with time_machine.travel(now, tick=False):
        assert in_words(contacts.next_try(person(**wishes), ContactOutcome(outcome), now)) == next_try


@given(
    st.integers(1_735_000_000, 1_830_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.none() | st.sets(st.sampled_from("1234567"), min_size=1).map(lambda days: "".join(sorted(days))),
    st.none() | st.integers(0, 20),
    st.integers(1, 3),
)
def test_nobody_is_ever_rung_when_it_is_not_safe(
    moment: datetime, ring_days: str | None, ring_from: int | None, hours: int
) -> None:
    wishes: dict[str, object] = {"ring_days": ring_days}
    if ring_from is not None:
        wishes |= {"ring_from": time(ring_from), "ring_until": time(ring_from + hours)}
    found = contacts.safe_from(person(**wishes), moment)
    assert found is not None
    assert moment <= found
    assert contacts.is_safe(person(**wishes), found)


@pytest.mark.parametrize(
    ("tries", "wishes", "proposed"),
    [
        ([], {}, Proposal(Try.RING, MONDAY_MORNING)),
        (["no_answer"], {}, Proposal(Try.RING, MONDAY_MORNING, 1)),
        (["no_answer", "left_message", "no_answer"], {}, Proposal(Try.POST, tries=3)),
        (["no_answer"] * 3, {"may_post": False}, Proposal(Try.ASK, tries=3)),
        (["no_answer", "no_answer", "spoke", "no_answer"], {}, Proposal(Try.RING, MONDAY_MORNING, 2)),
        (["wrong_number"], {}, Proposal(Try.CHECK_NUMBER)),
        (["spoke"], {}, Proposal(Try.NOTHING)),
        ([], {"may_telephone": False}, Proposal(Try.POST)),
        ([], {"telephone": "", "may_post": False}, Proposal(Try.ASK)),
    ],
)
def test_what_is_tried_next(tries: list[str], wishes: dict[str, object], proposed: Proposal) -> None:
    made = [ContactAttempt(outcome=ContactOutcome(one), ring_at=None) for one in tries]
    with time_machine.travel(MONDAY_MORNING, tick=False):
        assert contacts.propose(person(**wishes), made, MONDAY_MORNING) == proposed


def test_a_first_try_waits_until_the_follow_up_is_due() -> None:
    proposed = contacts.propose(person(), [], MONDAY_MORNING, opens=date(2026, 4, 4))
    assert in_words(proposed.at) == "Mon 06 Apr 09:00"


def test_tries_are_kept_and_the_last_one_can_be_taken_back(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    record_survey(db, crew.asha, episode)
    contacts.add(db, crew.asha, episode.id, ContactOutcome.NO_ANSWER)
    contacts.add(db, crew.asha, episode.id, ContactOutcome.DECLINED, "Too busy")
    contacts.add(db, crew.asha, episode.id, ContactOutcome.DECLINED, "Too busy")
    assert [one.outcome for one in contacts.of_episode(db, episode)] == ["declined", "no_answer"]
    assert episode.follow_up_ended is FollowUpEnd.DECLINED
    assert contacts.undo(db, crew.asha, episode.id) is ContactOutcome.DECLINED
    assert episode.follow_up_ended is None
    assert [one.outcome for one in contacts.of_episode(db, episode)] == ["no_answer"]
    assert {"contact_tried", "contact_undone"} <= set(trail(db, episode.service_user_id))
    with pytest.raises(NotYours):
        contacts.add(db, crew.carol, episode.id, ContactOutcome.SPOKE)


def test_a_worry_raises_a_flag_that_taking_back_does_not_lower(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    made = contacts.add(db, crew.asha, episode.id, ContactOutcome.SAFEGUARDING, "She sounded frightened")
    assert made.flag is not None
    contacts.undo(db, crew.asha, episode.id)
    assert [flag.concern for flag, _person in safety.open_flags(db, crew.asha)] == ["She sounded frightened"]


@pytest.mark.parametrize(
    ("outcome", "note", "later", "problem"),
    [
        ("left_message", "", None, {"outcome": "no_message"}),
        ("safeguarding", " ", None, {"note": "concern"}),
        ("call_back", "", None, {"ring_on": "ring_at_missing"}),
        ("call_back", "", timedelta(minutes=-1), {"ring_on": "ring_at_passed"}),
        ("call_back", "", timedelta(days=91), {"ring_on": "ring_at_too_far"}),
        ("call_back", "", timedelta(days=1), {"ring_on": "not_safe"}),
    ],
)
def test_what_may_not_be_is_refused(
    db: Session, crew: Crew, outcome: str, note: str, later: timedelta | None, problem: dict[str, str]
) -> None:
    with time_machine.travel(MONDAY_MORNING, tick=False):
        episode = refer(db, crew.asha, ring_days="1", referred_on=date(2026, 3, 1))
        ring_at = clock.now() + later if later else None
        with pytest.raises(Invalid) as refusal:
            contacts.add(db, crew.asha, episode.id, ContactOutcome(outcome), note, ring_at)
    assert refusal.value.problems == problem
