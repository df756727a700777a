"""What goes out comes back in: without loss, without doubles, all of it or nothing."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.support.people import Crew, answers, days_ago, record_survey, refer
from tests.support.postgres import new_database
from wellbeing_app.exports import csvfile, reading
from wellbeing_app.exports.records import Records, Sessions, parts
from wellbeing_app.migrations import migrate
from wellbeing_app.model import (
    AuditEntry,
    DueRow,
    ImportBatch,
    Mode,
    ModeChange,
    Occasion,
    OutcomeKind,
    Purpose,
    Respondent,
    ServiceUser,
    Setting,
    Survey,
    Theme,
    Ticket,
)
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import agreements, clock, due, importing, ledger, pathway, surveys, tickets
from wellbeing_app.services.importing import Options, Plan
from wellbeing_app.services.ledger import ActivityDetails
from wellbeing_app.services.levels import Level


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, engine: Engine, tmp_path: Path
) -> Iterator[sessionmaker[Session]]:
    """A database of the same kind in which nobody is."""
    on_postgres = engine.dialect.name == "postgresql"
    url = (
        new_database(request.getfixturevalue("postgres"))
        if on_postgres
        else f"sqlite:///{tmp_path / 'e.sqlite'}"
    )
    other = create_engine_for(url)
    migrate(other)
    yield session_factory(other)
    other.dispose()


def exported(sessions: sessionmaker[Session], level: Level = Level.FULL, layout: str = "long") -> str:
    return "".join(csvfile.pieces(Records(level), layout, parts(sessions)))


def planned(db: Session, text: str, options: Options = Options()) -> Plan:  # noqa: B008 - it is frozen
    table = reading.read("people.csv", text.encode())
    mapping = importing.guess(table.header)
    return importing.plan(db, importing.gather(table.header, mapping, table.rows), options)


def taken_in(db: Session, text: str, options: Options = Options()) -> ImportBatch:  # noqa: B008
    actor = importing.on_the_machine(db)
    batch = ImportBatch(id=uuid.uuid4(), file_name="people.csv", at=clock.now(), by_id=actor.id)
    db.add(batch)
    db.flush()
    importing.write(db, actor, batch, planned(db, text, options), options)
    db.flush()
    return batch


HARD_TO_KEEP = {
    "first_name": "=Gráinne",
    "last_name": 'O"Hara, jr',
    "date_of_birth": date(1960, 2, 29),
    "telephone": "+44 7700 900123",
    "address": "1 Mill Lane\nRotherham",
    "access_notes": "'@ the door",
    "language": "ur",
    "needs_interpreter": True,
    "may_post": False,
    "ring_days": "135",
    "ring_from": time(9, 30),
    "pathway": pathway.Pathway.MENTAL_HEALTH,
    "care_cluster": 7,
    "referred_by": "- Dr Yarrow",
}
AT_FIRST = {
    "mode": Mode.SELF_PAPER,
    "notes": {"money": "=1+1"},
    "prompts": {"money": ["debt"]},
    "unanswered": {"lifestyle": "declined"},
}
LATER = {
    "respondent": Respondent.PROXY,
    "helper": "＝her son",
    "language": "ur",
    "with_interpreter": True,
}


def tell_the_ledger(db: Session, crew: Crew, episode: uuid.UUID) -> None:
    """Two activities, one with hours twice on a day and an end; two wider outcomes; a survey in two ways."""
    for name, setting in (("=Choir, “B”", Setting.GROUP), ("", Setting.INDIVIDUAL)):
        details = ActivityDetails("Mind; & Co", name, Theme.THERAPEUTIC, setting)
        activity = ledger.add_activity(db, crew.mandy, details)
        place = ledger.place(db, crew.asha, episode, activity.id, days_ago(150))
    for on, hours in ((20, "2.5"), (20, "0.25"), (90, "10")):
        ledger.add_hours(db, crew.asha, place.id, days_ago(on), Decimal(hours))
    ledger.end_placement(db, crew.asha, place.id, days_ago(10))
    days = {OutcomeKind.VOLUNTEERING: days_ago(30), OutcomeKind.EMPLOYMENT: days_ago(5)}
    ledger.set_outcomes(db, crew.asha, episode, days)
    ticket = db.scalars(select(Ticket).where(Ticket.occasion == Occasion.FOLLOW_UP)).one()
    for mode, answered in ((Mode.IN_PERSON, 2), (Mode.TELEPHONE, 5)):
        by = {"at": clock.now() + timedelta(seconds=answered), "by_id": crew.asha.id}
        db.add(ModeChange(ticket_id=ticket.id, mode=mode, answered=answered, **by))


def tell_a_life(db: Session, crew: Crew) -> None:
    """Somebody about whom everything is known, with what spreadsheets stumble over."""
    asha, then = crew.asha, days_ago(195)
    episode = refer(db, asha, referred_on=days_ago(200), took_up_on=days_ago(190), **HARD_TO_KEEP)
    agreements.give(db, asha, episode.service_user.reference, Purpose.EVALUATION, "Yes.", days_ago(200))
    record_survey(db, asha, episode, scores={"money": 1}, completed_on=then, **AT_FIRST)
    again = tickets.plan(db, asha, episode.id, Occasion.BASELINE, then, another=True)
    second = surveys.record(db, asha, again.id, answers({"money": 2}, completed_on=then))
    surveys.decide_counting(db, asha, second.survey_id)
    record_survey(db, asha, episode, Occasion.FOLLOW_UP, {"money": 4}, completed_on=days_ago(20), **LATER)
    tell_the_ledger(db, crew, episode.id)
    pathway.close(db, asha, episode.id, days_ago(1), pathway.ClosingReason.OTHER, "went home")
    refer(db, crew.carol, "Waiting")
    db.commit()


def test_an_export_comes_back_without_loss(
    db: Session, sessions: sessionmaker[Session], crew: Crew, elsewhere: Sessions
) -> None:
    tell_a_life(db, crew)
    before = exported(sessions)
    with elsewhere() as other, other.begin():
        taken_in(other, before)
    assert exported(elsewhere) == before
    with elsewhere() as other, other.begin():
        assert planned(other, before).people == []
        survey = other.scalars(select(Survey).where(Survey.occasion == Occasion.FOLLOW_UP)).one()
        assert (survey.money, survey.ticket.redeemed_at is not None, survey.revision) == (4, True, 1)
        assert not surveys.needs_decision(survey.episode)
        stored = {row.episode_id: row.stage for row in other.scalars(select(DueRow))}
        assert stored == {episode: row["stage"] for episode, row in due.recounted(other).items()}
        trail = other.scalars(select(AuditEntry.action).where(AuditEntry.service_user_id.is_not(None))).all()
        ledgered = {"outcomes_set", "placed"}
        assert (
            set(trail) == {"agreement_given", "episode_opened", "person_added", "survey_recorded"} | ledgered
        )
    with elsewhere() as other, other.begin():
        batch = other.scalars(select(ImportBatch)).one()
        assert importing.undo(other, importing.on_the_machine(other), batch.id) == []
    assert len(exported(elsewhere).splitlines()) == 1


def test_the_ledger_goes_out_as_much_as_the_level_allows(
    db: Session, sessions: sessionmaker[Session], crew: Crew
) -> None:
    tell_a_life(db, crew)
    for level, told in ((Level.FULL, True), (Level.NO_FREE_TEXT, True), (Level.NO_IDENTIFIERS, False)):
        rows = csv.DictReader(exported(sessions, level).removeprefix("\ufeff").splitlines(keepends=True))
        row = next(row for row in rows if row["places"] == "2")
        on = str(days_ago(5))
        assert (row["employment_on"], row["training_on"]) == (on if told else on[:7], "")
        assert (row["activity_hours"], "Mind; & Co" in row.get("activities", "")) == ("12.75", told)
        assert {one["mode_before"] for one in (row, *rows)} >= {"in_person:2 telephone:5"}


def test_who_has_a_new_place_since_is_not_taken_out(
    db: Session, sessions: sessionmaker[Session], crew: Crew
) -> None:
    batch = taken_in(db, LEAST, Options(agreed=True))
    first = db.scalars(select(ServiceUser).where(ServiceUser.earlier_reference == "P001")).one()
    ledger.set_outcomes(db, crew.mandy, first.episodes[0].id, {OutcomeKind.TRAINING: days_ago(3)})
    assert importing.undo(db, crew.mandy, batch.id) == [first.reference]


def test_for_research_there_is_nobody_to_be_found(
    db: Session, sessions: sessionmaker[Session], crew: Crew
) -> None:
    tell_a_life(db, crew)
    text = exported(sessions, Level.NO_IDENTIFIERS)
    references = db.scalars(select(ServiceUser.reference)).all()
    for told in (
        *references,
        "Gráinne",
        "Hara",
        "1960",
        "Mill Lane",
        "Yarrow",
        "1+1",
        "asha@",
        str(days_ago(195)),
    ):
        assert told not in text
    assert "65 to 74" in text
    assert "Waiting" not in text
    names = [exported(sessions, Level.NO_IDENTIFIERS).splitlines()[1].split(",")[0] for _ in range(2)]
    assert names[0] != names[1]


LEAST = """person,occasion,completed_on,measure,score
P001,baseline,2016-01-05,money,2
P001,Baseline,2016-01-05,lifestyle,
P001,follow-up,05/05/2016,Money,4
P002,baseline,2016-02-05,money,1
"""


def test_a_file_of_the_least_is_enough(db: Session, crew: Crew) -> None:
    batch = taken_in(db, LEAST, Options(agreed=True))
    assert (batch.people, batch.episodes, batch.surveys) == (2, 2, 3)
    person = db.scalars(select(ServiceUser).where(ServiceUser.earlier_reference == "P001")).one()
    assert person.first_name == "P001"
    assert [survey.money for survey in person.episodes[0].surveys] == [2, 4]
    assert person.episodes[0].surveys[0].unanswered["lifestyle"] == "not_asked"
    assert {agreement.purpose for agreement in person.agreements} == {Purpose.EVALUATION}
    assert planned(db, LEAST).people == []


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("P9,baseline,2016-01-05,money,6", "score", "not_a_score"),
        ("P9,baseline,2016-01-05,money,three", "score", "not_a_number"),
        ("P9,baseline,2016-13-05,money,3", "completed_on", "not_a_day"),
        ("P9,sometime,2016-01-05,money,3", "occasion", "unknown_word"),
        ("P9,baseline,2016-01-05,wealth,3", "measure", "unknown_measure"),
        ("P9,baseline,2990-01-05,money,3", "completed_on", "in_future"),
        (",baseline,2016-01-05,money,3", "person", "required"),
        ("P001,baseline,2016-01-05,money,3", "measure", "answered_twice"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column_and_nothing_is_written(
    db: Session, crew: Crew, line: str, column: str, code: str
) -> None:
    found = planned(db, LEAST + line + "\n")
    assert (6, column, code) in {(one.row, one.column, one.code) for one in found.problems}
    with pytest.raises(importing.Invalid):
        taken_in(db, LEAST + line + "\n")
    assert db.scalar(select(func.count()).select_from(ServiceUser)) == 0


def test_who_is_likely_here_already_is_left_out_and_named(db: Session, crew: Crew) -> None:
    known = refer(db, crew.carol, "Ada", last_name="Byron", date_of_birth=date(1950, 1, 2)).service_user
    caseload = (
        "Forename,Surname,DOB,pathway,Referral date\nADA,byron,02/01/1950,long term conditions,2026-01-05\n"
    )
    found = planned(db, caseload)
    assert (found.left_out, found.new_people) == (1, 0)
    assert [(one.row, one.code, one.value) for one in found.warnings] == [(2, "may_be_here", known.reference)]
    assert planned(db, caseload, Options(with_likely=True)).new_people == 1
