"""Which two surveys are laid over each other."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, begin_episode, days_ago, record_survey, refer
from tests.support.trail import trail
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import ClosingReason, Episode, Occasion, Survey
from wellbeing_app.services import access, pathway, progress, surveys, tickets
from wellbeing_app.services.errors import NotAllowed, NotFound, NotYours
from wellbeing_app.services.progress import Progress

KEY = INSTRUMENT.keys[0]


def referred(db: Session, crew: Crew) -> Episode:
    return refer(db, crew.asha, referred_on=days_ago(300))


def survey(db: Session, crew: Crew, episode: Episode, days: int, score: int = 3) -> Survey:
    """The episode's next survey: the baseline, then follow-ups."""
    occasion = Occasion.FOLLOW_UP if episode.surveys else Occasion.BASELINE
    taken = record_survey(db, crew.asha, episode, occasion, {KEY: score}, completed_on=days_ago(days))
    db.expire(episode, ["surveys"])
    return taken


def see(db: Session, crew: Crew, episode: Episode, who: str = "asha", **asked: uuid.UUID) -> Progress:
    return progress.of_person(db, getattr(crew, who), episode.service_user.reference, **asked)


def both(seen: Progress) -> tuple[Survey | None, Survey | None]:
    return seen.first, seen.latest


def test_the_baseline_and_the_latest_follow_up_unless_others_are_asked_for(db: Session, crew: Crew) -> None:
    episode = referred(db, crew)
    first, second, third = (survey(db, crew, episode, days) for days in (200, 100, 10))
    assert both(see(db, crew, episode)) == (first, third)
    assert both(see(db, crew, episode, latest_id=second.id)) == (first, second)
    assert both(see(db, crew, episode, first_id=second.id)) == (second, third)


def test_the_earlier_of_two_is_the_first_whichever_way_they_are_asked_for(db: Session, crew: Crew) -> None:
    episode = referred(db, crew)
    _first, second, third = (survey(db, crew, episode, days) for days in (200, 100, 10))
    assert both(see(db, crew, episode, first_id=third.id, latest_id=second.id)) == (second, third)
    assert both(see(db, crew, episode, first_id=third.id)) == (second, third)


def test_a_follow_up_from_before_the_baseline_that_counts_is_shown_only_when_asked_for(
    db: Session, crew: Crew
) -> None:
    episode = referred(db, crew)
    _first, early = survey(db, crew, episode, 200), survey(db, crew, episode, 100)
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, days_ago(50), another=True)
    given = answers(completed_on=days_ago(50))
    again = db.get_one(Survey, surveys.record(db, crew.asha, ticket.id, given).survey_id)
    surveys.decide_counting(db, crew.asha, again.id)
    db.expire_all()
    assert both(see(db, crew, episode)) == (again, None)
    assert both(see(db, crew, episode, latest_id=early.id)) == (early, again)
    later = survey(db, crew, episode, 50)
    assert both(see(db, crew, episode)) == (again, later)


def test_a_survey_is_not_compared_with_itself(db: Session, crew: Crew) -> None:
    episode = referred(db, crew)
    first, second = (survey(db, crew, episode, days) for days in (200, 100))
    assert both(see(db, crew, episode, first_id=second.id, latest_id=second.id)) == (first, second)


def test_the_change_is_follow_up_minus_baseline(db: Session, crew: Crew) -> None:
    episode = referred(db, crew)
    survey(db, crew, episode, 200, score=2)
    assert see(db, crew, episode).change is None
    survey(db, crew, episode, 100, score=5)
    change = see(db, crew, episode).change
    assert change is not None
    assert change.measures[0].difference == 3


def test_a_person_who_returned_is_shown_the_latest_episode_and_can_ask_for_the_other(
    db: Session, crew: Crew
) -> None:
    before = referred(db, crew)
    old = [survey(db, crew, before, days) for days in (200, 100)]
    pathway.close(db, crew.asha, before.id, days_ago(90), ClosingReason.COMPLETED)
    again = begin_episode(db, crew.asha, before.service_user)
    new = survey(db, crew, again, 20)
    assert both(see(db, crew, before)) == (new, None)
    assert both(see(db, crew, before, episode_id=before.id)) == tuple(old)
    assert both(see(db, crew, before, latest_id=old[1].id)) == tuple(old)
    assert see(db, crew, before, latest_id=old[1].id).episode is before


def test_surveys_of_two_episodes_are_not_laid_over_each_other(db: Session, crew: Crew) -> None:
    before = referred(db, crew)
    old = survey(db, crew, before, 200)
    again = begin_episode(db, crew.asha, before.service_user)
    new = survey(db, crew, again, 20)
    with pytest.raises(NotFound):
        see(db, crew, before, first_id=old.id, latest_id=new.id)


def test_before_the_first_survey_there_is_nothing_to_compare(db: Session, crew: Crew) -> None:
    episode = referred(db, crew)
    seen = see(db, crew, episode)
    assert (seen.episode, both(seen), seen.change, seen.undecided) == (episode, (None, None), None, ())


def test_another_persons_survey_or_episode_is_not_found(db: Session, crew: Crew) -> None:
    episode, other = referred(db, crew), referred(db, crew)
    survey(db, crew, episode, 100)
    theirs = survey(db, crew, other, 100)
    for asked in ({"first_id": theirs.id}, {"latest_id": theirs.id}, {"episode_id": other.id}):
        with pytest.raises(NotFound):
            see(db, crew, episode, **asked)
    with pytest.raises(NotFound):
        see(db, crew, episode, latest_id=uuid.uuid4())


def test_two_baselines_are_undecided_until_somebody_says_which_counts(db: Session, crew: Crew) -> None:
    episode = referred(db, crew)
    first = survey(db, crew, episode, 200)
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, days_ago(190), another=True)
    second = surveys.record(db, crew.asha, ticket.id, answers(completed_on=days_ago(190))).survey_id
    db.expire(episode)
    seen = see(db, crew, episode)
    assert seen.first is first
    assert [one.id for one in seen.undecided] == [first.id, second]
    surveys.decide_counting(db, crew.asha, second)
    db.expire(episode)
    seen = see(db, crew, episode)
    assert seen.first is not None
    assert seen.first.id == second
    assert seen.undecided == ()


def test_looking_is_on_the_persons_trail(db: Session, crew: Crew) -> None:
    episode = referred(db, crew)
    before = len(trail(db, episode.service_user_id))
    see(db, crew, episode)
    assert trail(db, episode.service_user_id)[before:] == ["opened"]


def test_only_who_may_see_the_person_sees_their_progress(db: Session, crew: Crew) -> None:
    episode = referred(db, crew)
    with pytest.raises(NotYours):
        see(db, crew, episode, "carol")
    for who in ("dev", "eve", "adam"):
        with pytest.raises(NotAllowed):
            see(db, crew, episode, who)
    for who in ("ben", "mandy"):
        assert see(db, crew, episode, who).person is episode.service_user
    access.break_glass(db, crew.carol, episode.service_user.reference, "Her advisor is ill today")
    assert see(db, crew, episode, "carol").person is episode.service_user
