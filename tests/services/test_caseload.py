"""The caseload: who is on it, in which order, and at what cost."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, begin_episode, days_ago, record_survey, refer
from tests.support.trail import queries, trail
from wellbeing_app.model import ClosingReason, Occasion, Pathway
from wellbeing_app.services import access, caseload, clock, merging, pathway, safety, surveys, tickets
from wellbeing_app.services.errors import NotAllowed
from wellbeing_app.services.followups import Step, Urgency


def names(db: Session, crew: Crew, who: str = "asha", **which: bool) -> list[str]:
    return [row.name for row in caseload.rows(db, getattr(crew, who), **which)]


def test_a_caseload_takes_as_many_queries_for_two_hundred_as_for_one(
    db: Session, crew: Crew, engine: Engine
) -> None:
    refer(db, crew.carol)
    for number in range(200):
        episode = refer(db, crew.asha, f"Person {number}")
        if number % 40 == 0:
            record_survey(db, crew.asha, episode)
    db.flush()
    with queries(engine) as for_one:
        assert len(caseload.rows(db, crew.carol)) == 1
    with queries(engine) as for_many:
        assert len(caseload.rows(db, crew.asha)) == 200
    assert len(for_one) == len(for_many) == 2


def test_own_people_the_teams_people_and_everybody(db: Session, crew: Crew) -> None:
    for advisor in ("asha", "ben", "carol"):
        refer(db, getattr(crew, advisor), f"{advisor.title()}’s")
    assert names(db, crew, "asha") == ["Asha’s"]
    assert names(db, crew, "ben") == ["Asha’s", "Ben’s"]
    assert names(db, crew, "ben", mine=True) == ["Ben’s"]
    assert names(db, crew, "carol") == ["Carol’s"]
    assert names(db, crew, "mandy") == ["Asha’s", "Ben’s", "Carol’s"]


def test_those_without_a_caseload_get_none(db: Session, crew: Crew) -> None:
    for who in (crew.dev, crew.eve, crew.adam):
        with pytest.raises(NotAllowed):
            caseload.rows(db, who)


def test_a_row_tells_where_somebody_is(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha, last_name="Akande", pathway=Pathway.MENTAL_HEALTH, care_cluster=4)
    record_survey(db, crew.asha, episode, completed_on=days_ago(20))
    record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, completed_on=days_ago(5))
    another = tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today())
    tickets.save_draft(db, crew.asha, another, {"answer-money": "2"})
    safety.raise_flag(db, crew.asha, episode.service_user.reference, "A worry")
    row = caseload.rows(db, crew.asha)[0]
    assert (row.name, row.pathway, row.care_cluster, row.advisor) == (
        "Grace Akande",
        Pathway.MENTAL_HEALTH,
        4,
        "Asha",
    )
    assert (row.baseline_on, row.follow_up_on, row.follow_ups) == (days_ago(20), days_ago(5), 1)
    assert (row.drafts, row.open_flags, row.week, row.phase) == (1, 1, 5, 1)
    assert (row.next.step, row.next.early_on) == (Step.FOLLOW_UP, days_ago(5))


def test_the_caseload_and_the_record_agree_on_what_is_next(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    record_survey(db, crew.asha, episode, completed_on=days_ago(29))
    another = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
    assert caseload.rows(db, crew.asha)[0].next.step is Step.FOLLOW_UP
    surveys.record(db, crew.asha, another.id, answers({"money": 1}))
    assert caseload.rows(db, crew.asha)[0].next.step is Step.CHOOSE_BASELINE
    surveys.decide_counting(db, crew.asha, episode.surveys[0].id)
    row = caseload.rows(db, crew.asha)[0]
    assert (row.next.step, row.baseline_on) == (Step.FOLLOW_UP, days_ago(29))


def test_the_most_pressing_come_first(db: Session, crew: Crew) -> None:
    def begin(name: str, baseline_days_ago: int | None) -> None:
        episode = refer(db, crew.asha, name, referred_on=days_ago(300))
        if baseline_days_ago is not None:
            record_survey(db, crew.asha, episode, completed_on=days_ago(baseline_days_ago))

    begin("Later", 5)
    begin("Due", 100)
    begin("Overdue", 200)
    begin("No baseline", None)
    begin("Soon", 85)
    begin("Flagged", 5)
    flagged = next(row for row in caseload.rows(db, crew.asha) if row.name == "Flagged")
    safety.raise_flag(db, crew.asha, flagged.reference, "A worry")
    assert names(db, crew) == ["Flagged", "Overdue", "No baseline", "Due", "Soon", "Later"]
    counts = caseload.count(caseload.rows(db, crew.asha))
    assert counts == caseload.Counts(due=3, overdue=1, drafts=0, open_flags=1)


def test_closed_episodes_are_apart_and_the_last_closed_comes_first(db: Session, crew: Crew) -> None:
    refer(db, crew.asha, "Open")
    for name, days in (("Earlier", 9), ("Later", 3)):
        episode = refer(db, crew.asha, name)
        pathway.close(db, crew.asha, episode.id, days_ago(days), ClosingReason.COMPLETED)
    assert names(db, crew) == ["Open"]
    assert names(db, crew, closed=True) == ["Later", "Earlier"]
    assert caseload.rows(db, crew.asha, closed=True)[0].next.urgency is Urgency.LATER


def test_a_person_with_two_open_episodes_has_two_rows_and_one_flag(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    begin_episode(db, crew.asha, episode.service_user)
    safety.raise_flag(db, crew.asha, episode.service_user.reference, "A worry")
    shown = caseload.rows(db, crew.asha)
    assert len(shown) == 2
    assert caseload.count(shown).open_flags == 1


def test_a_joined_record_is_listed_once(db: Session, crew: Crew) -> None:
    kept, double = (refer(db, crew.asha) for _ in range(2))
    merging.merge(db, crew.asha, kept.service_user.reference, double.service_user.reference)
    assert {row.reference for row in caseload.rows(db, crew.asha)} == {kept.service_user.reference}


def test_looking_is_on_the_trail(db: Session, crew: Crew) -> None:
    caseload.rows(db, crew.asha)
    assert trail(db, actor=crew.asha) == ["caseload_listed"]


def test_somebody_elses_person_is_listed_while_the_glass_is_broken(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    access.break_glass(db, crew.carol, episode.service_user.reference, "Her advisor is ill today")
    assert names(db, crew, "carol") == ["Grace"]
    assert names(db, crew, "carol", mine=True) == []
