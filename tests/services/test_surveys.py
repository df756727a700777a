"""The one writer of scores: each survey is saved once, whole, and nothing of it is ever overwritten."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, days_ago, record_survey, refer
from tests.support.trail import trail
from tests.support.workers import at_once, crew_of, working_on
from wellbeing_app.forms.survey import of_answers
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import AuditEntry, Base, Draft, Mode, Occasion, Survey, SurveyRevision, Ticket
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import clock, surveys, tickets
from wellbeing_app.services.answers import of_row
from wellbeing_app.services.errors import AlreadyRecorded, Invalid, NotFound, NotYours, Superseded, TicketVoid
from wellbeing_app.services.surveys import Receipt

FIRST, SECOND = INSTRUMENT.keys[:2]


def planned(db: Session, crew: Crew, **more: Any) -> Ticket:
    return tickets.plan(db, crew.asha, refer(db, crew.asha).id, Occasion.BASELINE, clock.today(), **more)


def count(db: Session, table: type[Base]) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def test_a_saved_survey_is_what_was_given_with_its_first_revision(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    given = answers({FIRST: 5}, unanswered={SECOND: "declined"}, notes={FIRST: "Better\nnow"})
    receipt = surveys.record(db, crew.asha, ticket.id, given)
    survey = db.get_one(Survey, receipt.survey_id)
    assert of_row(survey) == given
    assert [of_row(revision) for revision in survey.revisions] == [given]
    assert (survey.revision, survey.counts, survey.recorded_by_id) == (1, True, crew.asha.id)
    assert survey.instrument_version == INSTRUMENT.version
    assert (receipt.digest, receipt.already) == (given.digest(), False)
    assert trail(db, ticket.episode.service_user_id)[-1] == "survey_recorded"


def test_the_trail_says_how_a_survey_was_taken_and_never_what_was_answered(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    surveys.record(db, crew.asha, ticket.id, answers(notes={FIRST: "Private"}, mode=Mode.TELEPHONE))
    [detail] = db.scalars(select(AuditEntry.detail).where(AuditEntry.action == "survey_recorded"))
    assert detail == {"occasion": "baseline", "mode": "telephone"}


def test_the_same_answers_again_get_the_same_receipt(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    first = surveys.record(db, crew.asha, ticket.id, answers())
    again = surveys.record(db, crew.asha, ticket.id, answers())
    assert again == replace(first, already=True)
    assert count(db, Survey) == count(db, SurveyRevision) == 1


def test_other_answers_for_a_used_ticket_are_refused(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    receipt = surveys.record(db, crew.asha, ticket.id, answers())
    with pytest.raises(AlreadyRecorded) as refusal:
        surveys.record(db, crew.asha, ticket.id, answers({FIRST: 1}))
    assert str(refusal.value) == str(receipt.survey_id)
    assert of_row(db.get_one(Survey, receipt.survey_id)) == answers()


def test_a_corrected_survey_still_knows_the_answers_it_was_first_saved_with(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    receipt = surveys.record(db, crew.asha, ticket.id, answers())
    surveys.correct(db, crew.asha, receipt.survey_id, answers({FIRST: 1}), "A slip", 1)
    assert surveys.record(db, crew.asha, ticket.id, answers()).already


@pytest.mark.parametrize("scores", [{FIRST: 6}, {FIRST: 0}, {FIRST: None}])
def test_wrong_answers_are_refused_and_the_ticket_stays_open(
    db: Session, crew: Crew, scores: dict[str, Any]
) -> None:
    ticket = planned(db, crew)
    with pytest.raises(Invalid) as refusal:
        surveys.record(db, crew.asha, ticket.id, answers(scores))
    assert set(refusal.value.problems) == {f"answer-{FIRST}"}
    assert ticket.is_open


def test_a_follow_up_from_before_the_baseline_needs_a_reason(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    record_survey(db, crew.asha, episode, completed_on=days_ago(5))
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today())
    with pytest.raises(Invalid) as refusal:
        surveys.record(db, crew.asha, ticket.id, answers(completed_on=days_ago(6)))
    assert refusal.value.problems == {"date_reason": "needed_before_baseline"}
    given = answers(completed_on=days_ago(6), date_reason="The baseline was repeated")
    receipt = surveys.record(db, crew.asha, ticket.id, given)
    with pytest.raises(Invalid) as refusal:
        surveys.correct(db, crew.asha, receipt.survey_id, replace(given, date_reason=""), "A slip", 1)
    assert refusal.value.problems == {"date_reason": "needed_before_baseline"}


def test_the_database_itself_refuses_a_score_that_is_none(db: Session, crew: Crew) -> None:
    survey = record_survey(db, crew.asha, refer(db, crew.asha))
    setattr(survey, FIRST, 6)
    with pytest.raises(IntegrityError), db.begin_nested():
        db.flush()


def test_a_cancelled_ticket_saves_nothing(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    tickets.void(db, crew.asha, ticket.id)
    with pytest.raises(TicketVoid):
        surveys.record(db, crew.asha, ticket.id, answers())
    assert count(db, Survey) == 0


def test_a_forged_ticket_or_another_teams_saves_nothing(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    with pytest.raises(NotYours):
        surveys.record(db, crew.carol, ticket.id, answers())
    with pytest.raises(NotFound):
        surveys.record(db, crew.asha, uuid.uuid4(), answers())
    assert count(db, Survey) == 0


def test_a_draft_goes_with_the_survey_that_it_became(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    fields = of_answers(answers())
    tickets.save_draft(db, crew.asha, ticket, {**fields, "page": "one", "seen": ""})
    surveys.record(db, crew.asha, ticket.id, answers(), fields)
    assert count(db, Draft) == 0


def test_a_draft_that_says_something_else_is_left_for_somebody_to_look_at(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    tickets.save_draft(db, crew.asha, ticket, of_answers(answers({FIRST: 1})))
    surveys.record(db, crew.asha, ticket.id, answers(), of_answers(answers()))
    assert db.get_one(Draft, ticket.id).fields[f"answer-{FIRST}"] == "1"


def saving(
    crew: Crew, ticket_id: uuid.UUID, scores: dict[str, int] | None = None
) -> Callable[[Session], Receipt]:
    """Somebody's work: to save these answers."""
    return lambda db: surveys.record(db, crew.asha, ticket_id, answers(scores))


def test_of_workers_who_save_at_once_one_does_and_all_have_its_receipt(own_database: str) -> None:
    with working_on(own_database) as db:
        crew = crew_of(db)
        ticket_id = planned(db, crew).id
    receipts: Any = at_once(own_database, *[saving(crew, ticket_id)] * 4)
    assert all(isinstance(receipt, Receipt) for receipt in receipts)
    assert len({(receipt.survey_id, receipt.digest) for receipt in receipts}) == 1
    assert sorted(receipt.already for receipt in receipts) == [False, True, True, True]
    with working_on(own_database) as db:
        assert count(db, Survey) == count(db, SurveyRevision) == 1


def test_of_two_who_save_different_answers_at_once_one_is_told(own_database: str) -> None:
    with working_on(own_database) as db:
        crew = crew_of(db)
        ticket_id = planned(db, crew).id
    save = [saving(crew, ticket_id, {FIRST: score}) for score in (1, 2)]
    outcomes = [type(outcome) for outcome in at_once(own_database, *save)]
    assert sorted(outcomes, key=str) == sorted([Receipt, AlreadyRecorded], key=str)
    with working_on(own_database) as db:
        assert count(db, Survey) == 1


def test_of_two_baselines_saved_at_once_both_are_kept_and_one_counts(own_database: str) -> None:
    with working_on(own_database) as db:
        crew = crew_of(db)
        episode_id = refer(db, crew.asha).id
        ids = [_ticket(db, crew, episode_id).id for _ in range(3)]
    at_once(own_database, *[saving(crew, ticket_id) for ticket_id in ids])
    with working_on(own_database) as db:
        assert sorted(db.scalars(select(Survey.counts))) == [False, False, True]


def _ticket(db: Session, crew: Crew, episode_id: uuid.UUID) -> Ticket:
    ticket = Ticket(
        episode_id=episode_id,
        occasion=Occasion.BASELINE,
        code=uuid.uuid4().hex[:8],
        planned_for=clock.today(),
        issued_at=clock.now(),
        issued_by_id=crew.asha.id,
    )
    db.add(ticket)
    db.flush()
    return ticket


@contextmanager
def failing_at(engine: Engine, number: int) -> Iterator[list[str]]:
    """The statement with this number never reaches the database, nor anything after it."""
    seen: list[str] = []

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)
        if len(seen) >= number:
            raise OSError("the disk is gone")

    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def test_whatever_fails_meanwhile_nothing_is_half_written(own_database: str) -> None:
    with working_on(own_database) as db:
        crew = crew_of(db)
        ticket_id = planned(db, crew).id
        fields = of_answers(answers())
        tickets.save_draft(db, crew.asha, db.get_one(Ticket, ticket_id), fields)
        before = everything(db)
    engine = create_engine_for(own_database)
    failures = 0
    while True:
        try:
            with failing_at(engine, failures + 1), session_factory(engine).begin() as db:
                surveys.record(db, crew.asha, ticket_id, answers(), fields)
        except OSError:
            failures += 1
            with session_factory(engine)() as db:
                assert everything(db) == before, f"after failure {failures}"
        else:
            break
    engine.dispose()
    assert failures > 6
    with working_on(own_database) as db:
        assert (count(db, Survey), count(db, SurveyRevision), count(db, Draft)) == (1, 1, 0)


def everything(db: Session) -> dict[str, int]:
    """How many rows each table has, and how many tickets are open."""
    rows = {mapper.local_table.name: count(db, mapper.class_) for mapper in Base.registry.mappers}
    open_tickets = select(func.count()).select_from(Ticket).where(Ticket.redeemed_at.is_(None))
    return {**rows, "open tickets": db.scalar(open_tickets) or 0}


def test_a_correction_is_a_new_revision_and_the_old_one_stays(db: Session, crew: Crew) -> None:
    survey = record_survey(db, crew.asha, refer(db, crew.asha))
    corrected = answers({FIRST: 4}, notes={SECOND: "Asked again"})
    surveys.correct(db, crew.asha, survey.id, corrected, " The wrong line ", 1)
    assert of_row(survey) == corrected
    assert [of_row(revision) for revision in survey.revisions] == [answers(), corrected]
    assert [revision.reason for revision in survey.revisions] == ["first saved", "The wrong line"]
    assert trail(db, survey.episode.service_user_id)[-1] == "survey_corrected"


@pytest.mark.parametrize(
    ("given", "reason", "problems"),
    [
        (answers({FIRST: 4}), " a ", {"reason": "reason_missing"}),
        (answers({FIRST: 4}), "\x00\x00\x00", {"reason": "reason_missing"}),
        (answers({FIRST: 4}), "x" * 501, {"reason": "reason_too_long"}),
        (answers({FIRST: 7}), "A slip", {f"answer-{FIRST}": "not_an_answer"}),
        (answers(), "A slip", {"form": "nothing_changed"}),
    ],
)
def test_a_correction_needs_a_reason_and_a_change(
    db: Session, crew: Crew, given: Any, reason: str, problems: dict[str, str]
) -> None:
    survey = record_survey(db, crew.asha, refer(db, crew.asha))
    with pytest.raises(Invalid) as refusal:
        surveys.correct(db, crew.asha, survey.id, given, reason, 1)
    assert refusal.value.problems == problems
    assert survey.revision == count(db, SurveyRevision) == 1


def test_a_correction_of_what_somebody_else_corrected_is_told_what_stands(db: Session, crew: Crew) -> None:
    survey = record_survey(db, crew.asha, refer(db, crew.asha))
    surveys.correct(db, crew.mandy, survey.id, answers({FIRST: 4}), "A slip", 1)
    with pytest.raises(Superseded) as refusal:
        surveys.correct(db, crew.asha, survey.id, answers({FIRST: 5}), "A slip", 1)
    assert of_row(refusal.value.theirs) == answers({FIRST: 4})
    assert of_row(survey) == answers({FIRST: 4})


def test_the_same_correction_twice_is_one_version(db: Session, crew: Crew) -> None:
    survey = record_survey(db, crew.asha, refer(db, crew.asha))
    for _ in range(2):
        surveys.correct(db, crew.asha, survey.id, answers({FIRST: 4}), "A slip", 1)
    assert survey.revision == count(db, SurveyRevision) == 2


def test_of_two_corrections_at_once_one_is_saved_and_one_is_told(own_database: str) -> None:
    with working_on(own_database) as db:
        crew = crew_of(db)
        survey_id = record_survey(db, crew.asha, refer(db, crew.asha)).id

    def correct(score: int) -> Callable[[Session], int]:
        given = answers({FIRST: score})
        return lambda db: surveys.correct(db, crew.asha, survey_id, given, "A slip", 1).revision

    outcomes = at_once(own_database, correct(1), correct(2), correct(4))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Superseded", "Superseded", "int"]
    with working_on(own_database) as db:
        survey = db.get_one(Survey, survey_id)
        assert survey.revision == len(survey.revisions) == 2
        assert of_row(survey) == of_row(survey.revisions[1])


def test_two_baselines_are_both_kept_and_somebody_says_which_counts(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    first = record_survey(db, crew.asha, episode, completed_on=days_ago(9))
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
    second = db.get_one(Survey, surveys.record(db, crew.asha, ticket.id, answers({FIRST: 5})).survey_id)
    assert (first.counts, second.counts) == (True, False)
    db.refresh(episode)
    assert surveys.needs_decision(episode)
    surveys.decide_counting(db, crew.asha, second.id)
    db.refresh(first)
    assert (first.counts, second.counts) == (False, True)
    assert not surveys.needs_decision(episode)
    assert trail(db, episode.service_user_id)[-1] == "counting_decided"


def test_a_baseline_that_comes_after_the_decision_asks_again(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    for _ in range(3):
        ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
        survey_id = surveys.record(db, crew.asha, ticket.id, answers()).survey_id
        surveys.decide_counting(db, crew.asha, survey_id)
    db.refresh(episode)
    assert not surveys.needs_decision(episode)
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
    surveys.record(db, crew.asha, ticket.id, answers())
    db.refresh(episode)
    assert surveys.needs_decision(episode)


def test_every_follow_up_counts(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    record_survey(db, crew.asha, episode, completed_on=days_ago(20))
    follow_ups = [
        record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, completed_on=days_ago(day))
        for day in (9, 2)
    ]
    with pytest.raises(NotFound):
        surveys.decide_counting(db, crew.asha, follow_ups[0].id)
    assert [survey.counts for survey in follow_ups] == [True, True]


def test_the_earlier_scores_are_those_of_the_last_survey_that_counts(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha)
    baseline = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())
    assert surveys.earlier_scores(db, baseline) == {}
    surveys.record(db, crew.asha, baseline.id, answers({FIRST: 2}, completed_on=days_ago(20)))
    follow_up = tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today())
    assert surveys.earlier_scores(db, follow_up)[FIRST] == 2
    surveys.record(db, crew.asha, follow_up.id, answers(unanswered={FIRST: "declined"}))
    another = tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today())
    assert FIRST not in surveys.earlier_scores(db, another)
    assert surveys.earlier_scores(db, another)[SECOND] == 3
