"""The service in numbers: what is counted, what is left out, and who sees small numbers."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, begin_episode, days_ago, record_survey, refer
from tests.support.trail import queries
from wellbeing_app.evaluation.disclosure import Withheld
from wellbeing_app.evaluation.summary import MeasureSummary
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import ClosingReason, Episode, Occasion, Pathway, Purpose, Respondent
from wellbeing_app.services import agreements, figures, merging, pathway, surveys, tickets
from wellbeing_app.services.errors import NotAllowed
from wellbeing_app.services.figures import Figures

KEY = INSTRUMENT.keys[0]


def agreed(db: Session, crew: Crew, **details: object) -> Episode:
    """An episode of somebody who has agreed to the use of their answers for evaluation."""
    episode = refer(db, crew.asha, referred_on=days_ago(200), **details)
    reference = episode.service_user.reference
    agreements.give(db, crew.asha, reference, Purpose.EVALUATION, "Yes.", days_ago(199))
    return episode


def baseline(db: Session, crew: Crew, episode: Episode, score: int, **details: object) -> None:
    record_survey(
        db, crew.asha, episode, Occasion.BASELINE, {KEY: score}, completed_on=days_ago(150), **details
    )


def follow_up(
    db: Session, crew: Crew, episode: Episode, score: int, days: int = 20, **details: object
) -> None:
    record_survey(
        db, crew.asha, episode, Occasion.FOLLOW_UP, {KEY: score}, completed_on=days_ago(days), **details
    )


def pair(db: Session, crew: Crew, before: int, after: int) -> Episode:
    episode = agreed(db, crew)
    baseline(db, crew, episode, before)
    follow_up(db, crew, episode, after)
    return episode


def seen(db: Session, crew: Crew, who: str = "mandy") -> Figures:
    db.flush()
    return figures.overview(db, getattr(crew, who))


def of_key(told: Figures) -> MeasureSummary:
    return told.measures[0]


def test_people_episodes_and_surveys_are_counted(db: Session, crew: Crew) -> None:
    pair(db, crew, 2, 4)
    refer(db, crew.carol, pathway=Pathway.MENTAL_HEALTH, care_cluster=7)
    closed = refer(db, crew.asha)
    pathway.close(db, crew.asha, closed.id, days_ago(1), ClosingReason.COMPLETED)
    told = seen(db, crew)
    assert told.exact
    assert told.people == 3
    assert told.open_episodes == {Pathway.LONG_TERM_CONDITIONS: 1, Pathway.MENTAL_HEALTH: 1}
    assert (told.baselines, told.follow_ups, told.pairs) == (1, 1, 1)


def test_a_joined_record_is_one_person(db: Session, crew: Crew) -> None:
    kept, double = (refer(db, crew.asha) for _ in range(2))
    merging.merge(db, crew.asha, kept.service_user.reference, double.service_user.reference)
    assert seen(db, crew).people == 1


def test_every_measure_is_told_in_the_questionnaires_order(db: Session, crew: Crew) -> None:
    pair(db, crew, 2, 4)
    pair(db, crew, 3, 4)
    told = seen(db, crew)
    assert [one.key for one in told.measures] == list(INSTRUMENT.keys)
    assert (of_key(told).pairs, of_key(told).mean_before, of_key(told).mean_after) == (2, 2.5, 4)
    assert (told.measures[1].mean_change, told.measures[1].same) == (0, 2)


def test_the_first_follow_up_makes_the_pair(db: Session, crew: Crew) -> None:
    episode = pair(db, crew, 2, 5)
    follow_up(db, crew, episode, 3, days=60)
    follow_up(db, crew, episode, 1, days=5)
    told = seen(db, crew)
    assert (told.follow_ups, told.pairs) == (3, 1)
    assert of_key(told).mean_after == 3


def test_the_baseline_that_counts_makes_the_pair(db: Session, crew: Crew) -> None:
    episode = pair(db, crew, 1, 4)
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, days_ago(140), another=True)
    second = surveys.record(db, crew.asha, ticket.id, answers({KEY: 3}, completed_on=days_ago(140)))
    assert of_key(seen(db, crew)).mean_before == 1
    surveys.decide_counting(db, crew.asha, second.survey_id)
    told = seen(db, crew)
    assert (told.baselines, told.pairs) == (1, 1)
    assert of_key(told).mean_before == 3


def test_a_follow_up_from_before_the_baseline_that_counts_makes_no_pair(db: Session, crew: Crew) -> None:
    episode = pair(db, crew, 1, 4)
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, days_ago(10), another=True)
    second = surveys.record(db, crew.asha, ticket.id, answers({KEY: 3}, completed_on=days_ago(10)))
    surveys.decide_counting(db, crew.asha, second.survey_id)
    assert seen(db, crew).pairs == 0
    follow_up(db, crew, episode, 5, days=10)  # on the same day, and recorded later
    told = seen(db, crew)
    assert (told.pairs, of_key(told).mean_before, of_key(told).mean_after) == (1, 3, 5)


def test_surveys_of_different_episodes_make_no_pair(db: Session, crew: Crew) -> None:
    before = agreed(db, crew)
    baseline(db, crew, before, 2)
    pathway.close(db, crew.asha, before.id, days_ago(100), ClosingReason.COMPLETED)
    again = begin_episode(db, crew.asha, before.service_user)
    record_survey(db, crew.asha, again, Occasion.BASELINE, completed_on=days_ago(20))
    assert seen(db, crew).pairs == 0


def test_a_missing_answer_leaves_the_pair_out_of_that_measure_only(db: Session, crew: Crew) -> None:
    episode = agreed(db, crew)
    baseline(db, crew, episode, 2, unanswered={KEY: "declined"})
    follow_up(db, crew, episode, 4)
    told = seen(db, crew)
    assert told.pairs == 1
    assert [one.pairs for one in told.measures] == [0, *[1] * (len(INSTRUMENT.keys) - 1)]
    assert of_key(told).mean_after is None


def test_answers_are_left_out_unless_the_person_agreed_to_evaluation(db: Session, crew: Crew) -> None:
    withdrawn = pair(db, crew, 1, 5)
    reference = withdrawn.service_user.reference
    agreements.withdraw(db, crew.asha, reference, Purpose.EVALUATION, days_ago(1))
    never = refer(db, crew.asha, referred_on=days_ago(200))
    agreements.give(db, crew.asha, never.service_user.reference, Purpose.TAKE_PART, "Yes.", days_ago(199))
    baseline(db, crew, never, 1)
    follow_up(db, crew, never, 5)
    pair(db, crew, 3, 3)
    told = seen(db, crew)
    assert (told.pairs, told.not_agreed, of_key(told).pairs) == (3, 2, 1)
    assert of_key(told).mean_after == 3


@pytest.mark.parametrize("occasion", list(Occasion))
def test_what_somebody_else_answered_is_left_out(db: Session, crew: Crew, occasion: Occasion) -> None:
    by_proxy = {"respondent": Respondent.PROXY, "helper": "her son"}
    episode = agreed(db, crew)
    baseline(db, crew, episode, 1, **by_proxy if occasion is Occasion.BASELINE else {})
    follow_up(db, crew, episode, 5, **by_proxy if occasion is Occasion.FOLLOW_UP else {})
    told = seen(db, crew)
    assert (told.pairs, told.by_proxy, of_key(told).pairs) == (1, 1, 0)


def test_the_evaluator_is_told_no_small_number(db: Session, crew: Crew) -> None:
    for _ in range(7):
        pair(db, crew, 2, 4)
    told = seen(db, crew, "eve")
    few = Withheld.FEW
    assert not told.exact
    assert {told.people, told.baselines, told.follow_ups, told.pairs, told.not_agreed, told.by_proxy} == {few}
    assert set(told.open_episodes.values()) == {few}
    assert (of_key(told).pairs, of_key(told).up, of_key(told).mean_before) == (few, few, None)


def test_the_evaluator_is_told_what_is_large_enough(db: Session, crew: Crew) -> None:
    for _ in range(8):
        pair(db, crew, 2, 4)
    told = seen(db, crew, "eve")
    assert (told.people, told.pairs, of_key(told).up, of_key(told).mean_change) == (8, 8, 8, 2)
    assert of_key(told).lower is Withheld.FEW


def test_an_empty_service_has_figures_too(db: Session, crew: Crew) -> None:
    told = seen(db, crew)
    assert (told.people, told.pairs, of_key(told).mean_change) == (0, 0, None)


@pytest.mark.parametrize("who", ["asha", "ben", "dev", "adam"])
def test_nobody_else_sees_them(db: Session, crew: Crew, who: str) -> None:
    with pytest.raises(NotAllowed):
        seen(db, crew, who)


def test_they_take_two_queries_for_any_number_of_pairs(db: Session, crew: Crew, engine: Engine) -> None:
    for _ in range(5):
        pair(db, crew, 2, 4)
    db.flush()
    with queries(engine) as sent:
        figures.overview(db, crew.mandy)
    assert len(sent) == 2
