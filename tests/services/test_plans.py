"""The action plan and the advisor's own views: what is kept, whose they are, and that no score moves."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.trail import trail
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, PlanLine, PlanOutcome
from wellbeing_app.services import answers, plans, views
from wellbeing_app.services.errors import Invalid, NotFound, NotYours, Superseded
from wellbeing_app.services.plans import Step

FIRST, SECOND = INSTRUMENT.keys[:2]
WALK = Step(FIRST, " Walk on Tuesdays ", "Grace", "Clifton Park", days_ago(-20))


@pytest.fixture
def episode(db: Session, crew: Crew) -> Episode:
    return refer(db, crew.asha)


def plan(db: Session, crew: Crew, episode: Episode, step: Step = WALK) -> PlanLine:
    return plans.add(db, crew.asha, episode.id, step)


def test_a_step_is_kept_once_and_on_the_trail(db: Session, crew: Crew, episode: Episode) -> None:
    line = plan(db, crew, episode)
    assert plan(db, crew, episode) is line
    assert (line.what, line.is_open) == ("Walk on Tuesdays", True)
    plan(db, crew, episode, Step(SECOND, "Sleep"))
    assert [one.measure for one in plans.of_episode(db, episode.id)] == [FIRST, SECOND]
    assert trail(db, episode.service_user_id).count("plan_line_added") == 2


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (Step(FIRST, "  "), {"what": "required"}),
        (Step("nothing", "Walk"), {"measure": "unknown_measure"}),
        (Step(FIRST, "x" * 201, "y" * 101), {"what": "too_long", "who": "too_long"}),
        (Step(FIRST, "Walk", due_on=days_ago(-1000)), {"due_on": "too_far_ahead"}),
    ],
)
def test_a_step_that_says_nothing_is_refused(
    db: Session, crew: Crew, episode: Episode, step: Step, problem: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        plan(db, crew, episode, step)
    assert refused.value.problems == problem


def test_what_became_of_it_is_said_and_can_be_taken_back(db: Session, crew: Crew, episode: Episode) -> None:
    line = plan(db, crew, episode)
    plans.settle(db, crew.asha, episode.id, line.id, PlanOutcome.DONE, "With her sister")
    assert (line.is_open, line.outcome_note, line.outcome_by_id) == (False, "With her sister", crew.asha.id)
    plans.settle(db, crew.asha, episode.id, line.id, None)
    assert (line.is_open, line.outcome_note, line.outcome_at) == (True, "", None)


def test_two_who_reword_a_step_do_not_overwrite_each_other(db: Session, crew: Crew, episode: Episode) -> None:
    line = plan(db, crew, episode)
    seen = line.version
    plans.change(db, crew.asha, episode.id, line.id, Step(FIRST, "Walk on Mondays"), seen)
    with pytest.raises(Superseded):
        plans.change(db, crew.ben, episode.id, line.id, Step(FIRST, "Swim"), seen)
    assert line.what == "Walk on Mondays"


def test_a_plan_is_as_closed_as_its_person(db: Session, crew: Crew, episode: Episode) -> None:
    line = plan(db, crew, episode)
    survey = record_survey(db, crew.asha, episode)
    for attempt in (
        lambda: plans.see(db, crew.carol, episode.id),
        lambda: plans.add(db, crew.carol, episode.id, WALK),
        lambda: plans.settle(db, crew.carol, episode.id, line.id, PlanOutcome.DONE),
        lambda: views.note(db, crew.carol, survey.id, FIRST, 1),
    ):
        with pytest.raises(NotYours):
            attempt()
    with pytest.raises(NotFound):
        plans.see_line(db, crew.asha, refer(db, crew.asha, "Bo").id, line.id)


def test_the_advisors_view_stands_beside_the_persons_answer(
    db: Session, crew: Crew, episode: Episode
) -> None:
    survey = record_survey(db, crew.asha, episode, scores={FIRST: 5})
    before = answers.scores_of(survey)
    views.note(db, crew.asha, survey.id, FIRST, 2, "She hardly leaves the house")
    views.note(db, crew.asha, survey.id, FIRST, 3, "She went out once")
    _survey, standing = views.see(db, crew.asha, survey.id)
    assert (standing[FIRST].score, standing[FIRST].why) == (3, "She went out once")
    db.refresh(survey)
    assert (answers.scores_of(survey), survey.revision) == (before, 1)
    views.note(db, crew.asha, survey.id, FIRST, None)
    assert views.standing(db, [survey.id])[survey.id] == {}
    assert trail(db, episode.service_user_id).count("view_noted") == 3


@pytest.mark.parametrize(
    ("measure", "score", "problem"),
    [
        (FIRST, 5, {"score": "same_answer"}),
        (FIRST, 6, {"score": "not_an_answer"}),
        ("nothing", 1, {"measure": "unknown_measure"}),
    ],
)
def test_a_view_that_is_none_is_refused(
    db: Session, crew: Crew, episode: Episode, measure: str, score: int, problem: dict[str, str]
) -> None:
    survey = record_survey(db, crew.asha, episode, scores={FIRST: 5})
    with pytest.raises(Invalid) as refused:
        views.note(db, crew.asha, survey.id, measure, score)
    assert refused.value.problems == problem
