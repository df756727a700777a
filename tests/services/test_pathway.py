"""Episodes: opening, dating, closing, opening again, handing over; and what an episode went through."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, begin_episode, days_ago, record_survey, refer, staff_of
from tests.support.trail import trail
from wellbeing_app.model import ClosingReason, Episode, Occasion, Pathway
from wellbeing_app.services import clock, journey, pathway, people, referrers, surveys, tickets
from wellbeing_app.services.errors import Invalid, NotYours, Superseded
from wellbeing_app.services.followups import Schedule, Step
from wellbeing_app.services.journey import Kind
from wellbeing_app.services.pathway import EpisodeDetails

TOMORROW = clock.today() + timedelta(days=1)
MENTAL_HEALTH = {"pathway": Pathway.MENTAL_HEALTH, "care_cluster": 7}


def details_of(episode: Episode, **changed: object) -> EpisodeDetails:
    kept = {name: getattr(episode, name) for name in EpisodeDetails.__dataclass_fields__}
    return EpisodeDetails(**{**kept, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"referred_on": TOMORROW}, {"referred_on": "in_future"}),
        ({"took_up_on": TOMORROW}, {"took_up_on": "in_future"}),
        ({"discharged_on": days_ago(31)}, {"discharged_on": "before_referral"}),
        ({"pathway": Pathway.MENTAL_HEALTH}, {"care_cluster": "required"}),
        ({"pathway": Pathway.MENTAL_HEALTH, "care_cluster": 5}, {"care_cluster": "required"}),
        ({"care_cluster": 4}, {"care_cluster": "only_mental_health"}),
        ({"advisor_id": uuid.uuid4()}, {"advisor_id": "not_an_advisor"}),
    ],
)
def test_what_cannot_be_is_refused(
    db: Session, crew: Crew, changed: dict[str, object], problems: dict[str, str]
) -> None:
    episode = refer(db, crew.asha)
    with pytest.raises(Invalid) as refusal:
        pathway.edit(db, crew.asha, episode.id, details_of(episode, **changed), episode.version)
    assert refusal.value.problems == problems
    assert trail(db, episode.service_user_id)[-1] == "opened"


@pytest.mark.parametrize("planned", ["joint_meeting_on", "discharge_review_on"])
def test_meetings_can_be_planned_ahead(db: Session, crew: Crew, planned: str) -> None:
    episode = refer(db, crew.asha)
    pathway.edit(db, crew.asha, episode.id, details_of(episode, **{planned: TOMORROW}), episode.version)
    assert getattr(episode, planned) == TOMORROW


def test_an_edit_is_on_the_trail_and_a_lost_race_overwrites_nothing(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    opened_by_both = episode.version
    first = details_of(episode, referred_by="Dr Shah")
    pathway.edit(db, crew.asha, episode.id, first, opened_by_both)
    with pytest.raises(Superseded) as lost:
        pathway.edit(db, crew.ben, episode.id, replace(first, referred_by="Dr Lee"), opened_by_both)
    assert lost.value.theirs is episode
    assert episode.referred_by == "Dr Shah"
    assert trail(db, episode.service_user_id).count("episode_edited") == 1


def test_who_refers_often_is_offered_and_written_in_one_way(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha, referred_by="Dr Yarrow,  Mill Lane")
    assert referrers.known(db) == []
    refer(db, crew.asha, "Bea", referred_by="dr yarrow, mill lane")
    assert referrers.known(db) == ["Dr Yarrow, Mill Lane"]
    other = refer(db, crew.asha, "Cy", referred_by="Somebody else")
    pathway.edit(db, crew.asha, other.id, details_of(other, referred_by=" DR YARROW, Mill lane"), 1)
    assert other.referred_by == "Dr Yarrow, Mill Lane"
    pathway.edit(db, crew.asha, episode.id, details_of(episode, referred_by="Dr Yarrow, Mill LANE"), 1)
    assert episode.referred_by == "Dr Yarrow, Mill LANE"


def test_another_teams_advisor_can_do_nothing(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    for forbidden in (
        lambda: pathway.edit(db, crew.carol, episode.id, details_of(episode), episode.version),
        lambda: pathway.close(db, crew.carol, episode.id, clock.today(), ClosingReason.OTHER),
        lambda: pathway.reopen(db, crew.carol, episode.id),
    ):
        with pytest.raises(NotYours):
            forbidden()


def test_an_episode_is_given_to_a_colleague_and_goes_out_of_reach(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    given = details_of(episode, advisor_id=crew.ben.id)
    pathway.edit(db, crew.asha, episode.id, given, episode.version)
    assert not people.is_in_reach(db, crew.asha, episode.service_user)
    assert people.is_in_reach(db, crew.ben, episode.service_user)


def test_who_may_be_given_an_episode(db: Session, crew: Crew) -> None:
    def names(of: str) -> list[str]:
        return [advisor.name for advisor in pathway.advisors(db, getattr(crew, of))]

    assert names("asha") == ["Asha", "Ben"]
    assert names("carol") == ["Carol"]
    assert names("mandy") == ["Asha", "Ben", "Carol"]
    staff_of(db, crew.ben).active = False
    assert names("asha") == ["Asha"]
    staff_of(db, crew.asha).team_id = None
    assert names("asha") == ["Asha"]


def test_an_episode_stays_with_an_advisor_who_left_until_it_is_given_away(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    staff_of(db, crew.asha).active = False
    changed = details_of(episode, referred_by="Dr Shah")
    pathway.edit(db, crew.mandy, episode.id, changed, episode.version)
    assert episode.referred_by == "Dr Shah"


def test_closing_and_opening_again(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    pathway.close(db, crew.asha, episode.id, days_ago(1), ClosingReason.MOVED_AWAY, " To Leeds ")
    assert (episode.is_open, episode.closing_note) == (False, "To Leeds")
    pathway.reopen(db, crew.asha, episode.id)
    assert (episode.is_open, episode.closing_reason) == (True, None)
    assert trail(db, episode.service_user_id)[-1] == "episode_reopened"


def test_of_two_who_close_the_first_stands(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    for reason in (ClosingReason.DIED, ClosingReason.NO_CONTACT):
        pathway.close(db, crew.asha, episode.id, clock.today(), reason)
    assert episode.closing_reason is ClosingReason.DIED
    assert trail(db, episode.service_user_id).count("episode_closed") == 1


@pytest.mark.parametrize(
    ("on", "code"),
    [(TOMORROW, "in_future"), (days_ago(31), "before_referral"), (date(26, 5, 11), "year_not_full")],
)
def test_an_episode_cannot_be_closed_on_any_day(db: Session, crew: Crew, on: date, code: str) -> None:
    episode = refer(db, crew.asha)
    with pytest.raises(Invalid) as refusal:
        pathway.close(db, crew.asha, episode.id, on, ClosingReason.COMPLETED)
    assert refusal.value.problems == {"closed_on": code}


def test_a_person_who_returns_has_a_new_episode_with_a_baseline_of_its_own(db: Session, crew: Crew) -> None:
    first = refer(db, crew.asha)
    record_survey(db, crew.asha, first)
    pathway.close(db, crew.asha, first.id, days_ago(9), ClosingReason.COMPLETED)
    second = begin_episode(db, crew.asha, first.service_user, referred_on=days_ago(2), **MENTAL_HEALTH)
    db.expire_all()
    assert pathway.latest(first.service_user) is second
    assert journey.next_step(second, Schedule(), clock.today()).step is Step.BASELINE
    baseline = record_survey(db, crew.asha, second)
    db.expire_all()
    assert surveys.counting_baseline(second.surveys) is baseline


def test_the_open_episode_is_the_one_to_show_even_if_a_closed_one_began_later(
    db: Session, crew: Crew
) -> None:
    opened = refer(db, crew.asha)
    later = begin_episode(db, crew.asha, opened.service_user, referred_on=days_ago(1))
    pathway.close(db, crew.asha, later.id, clock.today(), ClosingReason.DECLINED)
    db.expire_all()
    assert pathway.latest(opened.service_user) is opened


@given(st.integers(0, 400))
def test_weeks_and_phases(days: int) -> None:
    referred_on = date(2026, 1, 5)
    today = referred_on + timedelta(days=days)
    assert pathway.week(referred_on, today) == days // 7 + 1
    expected = 1 if days < 70 else 2 if days < 126 else 3 if days < 182 else None
    assert pathway.phase(Pathway.MENTAL_HEALTH, referred_on, today) == expected
    assert pathway.phase(Pathway.LONG_TERM_CONDITIONS, referred_on, today) is None


class TestJourney:
    """What happened to an episode, and what is still to come."""

    def test_it_tells_the_days_in_order_and_then_what_is_to_come(self, db: Session, crew: Crew) -> None:
        episode = refer(
            db,
            crew.asha,
            referred_on=days_ago(60),
            joint_meeting_on=days_ago(50),
            took_up_on=days_ago(40),
            discharge_review_on=TOMORROW,
            **MENTAL_HEALTH,
        )
        record_survey(db, crew.asha, episode, completed_on=days_ago(45))
        db.expire_all()
        told = [(one.kind, one.to_come) for one in journey.milestones(episode, Schedule(), clock.today())]
        assert told == [
            (Kind.REFERRAL, False),
            (Kind.JOINT_MEETING, False),
            (Kind.BASELINE, False),
            (Kind.TAKE_UP, False),
            (Kind.REVIEW, True),
            (Kind.FOLLOW_UP, True),
        ]

    def test_a_review_is_expected_about_week_ten_until_one_is_dated(self, db: Session, crew: Crew) -> None:
        episode = refer(db, crew.asha, **MENTAL_HEALTH)
        ahead = journey.milestones(episode, Schedule(), clock.today())[-1]
        assert (ahead.kind, ahead.on) == (Kind.REVIEW, episode.referred_on + timedelta(weeks=10))

    def test_a_closed_episode_expects_nothing(self, db: Session, crew: Crew) -> None:
        episode = refer(db, crew.asha, **MENTAL_HEALTH)
        record_survey(db, crew.asha, episode)
        pathway.close(db, crew.asha, episode.id, clock.today(), ClosingReason.COMPLETED)
        db.expire_all()
        told = journey.milestones(episode, Schedule(), clock.today())
        assert [one.kind for one in told] == [Kind.REFERRAL, Kind.BASELINE, Kind.CLOSING]

    def test_several_follow_ups_are_all_told(self, db: Session, crew: Crew) -> None:
        episode = refer(db, crew.asha)
        record_survey(db, crew.asha, episode, completed_on=days_ago(20))
        for days in (10, 5):
            record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, completed_on=days_ago(days))
        db.expire_all()
        told = journey.milestones(episode, Schedule(), clock.today())
        assert [one.to_come for one in told if one.kind is Kind.FOLLOW_UP] == [False, False, True]
        assert journey.next_step(episode, Schedule(), clock.today()).early_on == days_ago(5)

    def test_a_follow_up_in_its_time_is_the_one_that_was_waited_for(self, db: Session, crew: Crew) -> None:
        episode = refer(db, crew.asha, referred_on=days_ago(120))
        record_survey(db, crew.asha, episode, completed_on=days_ago(110))
        record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, completed_on=days_ago(5))
        db.expire_all()
        assert not any(one.to_come for one in journey.milestones(episode, Schedule(), clock.today()))
        assert journey.next_step(episode, Schedule(), clock.today()).step is Step.TALK

    def test_two_baselines_ask_which_one_counts(self, db: Session, crew: Crew) -> None:
        episode = refer(db, crew.asha)
        record_survey(db, crew.asha, episode)
        another = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
        db.expire_all()
        assert list(journey.waiting(episode)) == [another]
        first = journey.baselines(episode)[0]
        surveys.record(db, crew.asha, another.id, answers({"money": 2}))
        db.expire_all()
        assert journey.next_step(episode, Schedule(), clock.today()).step is Step.CHOOSE_BASELINE
        surveys.decide_counting(db, crew.asha, first.id)
        db.expire_all()
        assert journey.next_step(episode, Schedule(), clock.today()).step is Step.FOLLOW_UP
        assert list(journey.waiting(episode)) == []
