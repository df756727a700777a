"""Adding, finding, reading, editing and joining people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.support.people import Crew, begin_episode, days_ago, record_survey, refer
from tests.support.trail import queries, trail
from wellbeing_app.model import Purpose, ServiceUser
from wellbeing_app.services import access, agreements, clock, merging, people, safety
from wellbeing_app.services.errors import Invalid, Merged, NotAllowed, NotFound, NotYours, Superseded
from wellbeing_app.services.people import PersonDetails
from wellbeing_app.services.policy import Action

BORN = date(1961, 4, 3)


def test_a_person_is_added_under_a_reference_of_their_own(db: Session, crew: Crew) -> None:
    grace = people.add(db, crew.asha, PersonDetails("  Grace ", "Akande", telephone="01709 1"))
    tom = people.add(db, crew.asha, PersonDetails("Tom"))
    assert grace.name == "Grace Akande"
    assert grace.reference.startswith("R-")
    assert grace.reference != tom.reference
    assert trail(db, grace.id) == ["person_added"]


@pytest.mark.parametrize(
    ("details", "problems"),
    [
        (PersonDetails(" "), {"first_name": "required"}),
        (
            PersonDetails("Grace", date_of_birth=clock.today() + timedelta(days=1)),
            {"date_of_birth": "in_future"},
        ),
        (PersonDetails("Grace", date_of_birth=date(1890, 1, 1)), {"date_of_birth": "unlikely"}),
    ],
)
def test_what_cannot_be_is_refused(
    db: Session, crew: Crew, details: PersonDetails, problems: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        people.add(db, crew.asha, details)
    assert refusal.value.problems == problems


def test_only_advisors_and_managers_add_people(db: Session, crew: Crew) -> None:
    for other in (crew.dev, crew.eve, crew.adam):
        with pytest.raises(NotAllowed):
            people.add(db, other, PersonDetails("Grace"))


@pytest.mark.parametrize("typed", ["grace", "AKANDE", "akande gr", "gràce", "Grace Akande"])
def test_people_are_found_by_any_parts_of_their_name(db: Session, crew: Crew, typed: str) -> None:
    found = refer(db, crew.asha, "Gràce", last_name="Akande").service_user
    refer(db, crew.asha, "Tom", last_name="Booth")
    assert people.find(db, crew.asha, typed) == [found]


def test_people_are_found_by_reference_and_by_day_of_birth(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha, date_of_birth=BORN).service_user
    refer(db, crew.asha, "Tom", date_of_birth=date(1961, 4, 4))
    assert people.find(db, crew.asha, grace.reference[2:].lower()) == [grace]
    assert people.find(db, crew.asha, "", born=BORN) == [grace]


def test_a_search_for_nothing_or_for_wildcards_finds_nobody(db: Session, crew: Crew) -> None:
    refer(db, crew.asha)
    assert [people.find(db, crew.asha, typed) for typed in ("", "  ", "%", "_", "G%e")] == [[]] * 5


def test_nobody_finds_another_teams_people_but_the_manager(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    assert people.find(db, crew.carol, "Grace") == []
    assert people.find(db, crew.ben, "Grace") == people.find(db, crew.mandy, "Grace") == [grace]
    assert trail(db, grace.id, crew.ben) == ["listed"]
    assert trail(db, actor=crew.carol) == ["searched"]


def test_possible_duplicates_out_of_reach_are_only_counted(db: Session, crew: Crew) -> None:
    mine = refer(db, crew.asha, "Grace", last_name="Akande").service_user
    hers = refer(db, crew.carol, "Grace", last_name="Akande", date_of_birth=BORN).service_user
    refer(db, crew.carol, "Grace", last_name="Booth", date_of_birth=BORN)
    refer(db, crew.carol, "Tom", last_name="Booth", date_of_birth=BORN)
    alike = people.possible_duplicates(db, crew.asha, PersonDetails("grace", "akande", date_of_birth=BORN))
    assert list(alike.in_reach) == [mine]
    assert alike.elsewhere == 2
    line = people.access_log(db, crew.mandy, hers.reference)[1][1]
    assert (line.who, line.action, line.detail) == ("Asha", "told_of_likeness", {"elsewhere": 2})


def test_an_edit_says_which_fields_changed(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    changed = PersonDetails("Grace", "Akande", safe_times="After ten")
    people.edit(db, crew.asha, grace.reference, changed, grace.version)
    assert (grace.name, grace.safe_times, grace.version) == ("Grace Akande", "After ten", 2)
    entry = people.access_log(db, crew.mandy, grace.reference)[1][1]
    assert (entry.action, entry.detail["fields"]) == ("person_edited", ["last_name", "safe_times"])


def test_of_two_edits_at_once_the_second_is_shown_the_first(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    opened_by_both = grace.version
    people.edit(db, crew.asha, grace.reference, PersonDetails("Grace", "Akande"), opened_by_both)
    with pytest.raises(Superseded) as lost:
        people.edit(db, crew.ben, grace.reference, PersonDetails("Grace", "Booth"), opened_by_both)
    assert lost.value.theirs is grace
    assert grace.last_name == "Akande"


def test_another_teams_advisor_cannot_edit(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    with pytest.raises(NotYours):
        people.edit(db, crew.carol, grace.reference, PersonDetails("Greta"), 1)


def test_a_record_takes_as_many_queries_for_five_episodes_as_for_one(
    db: Session, crew: Crew, engine: Engine
) -> None:
    one = refer(db, crew.asha, "One").service_user
    five = refer(db, crew.asha, "Five").service_user
    for _ in range(4):
        record_survey(db, crew.asha, begin_episode(db, crew.asha, five))
    assert count_of(db, crew, engine, one) == count_of(db, crew, engine, five)


def count_of(db: Session, crew: Crew, engine: Engine, person: ServiceUser) -> int:
    reference = person.reference
    db.flush()
    db.expire_all()
    with queries(engine) as sent:
        record = people.record(db, crew.asha, reference)
        for episode in record.episodes:
            assert episode.advisor.name == "Asha"
            assert len(episode.surveys) == len(episode.tickets)
            assert all(ticket.draft is None for ticket in episode.tickets)
        assert [*record.agreements, *record.safety_flags] == []
    return len(sent)


def test_reading_a_record_is_on_the_trail(db: Session, crew: Crew) -> None:
    grace = refer(db, crew.asha).service_user
    people.record(db, crew.ben, grace.reference)
    assert trail(db, grace.id, crew.ben) == ["opened"]


class TestJoining:
    """Two records of one person become one."""

    def test_everything_moves_and_the_old_reference_leads_on(self, db: Session, crew: Crew) -> None:
        kept, double = (refer(db, crew.asha).service_user for _ in range(2))
        survey = record_survey(db, crew.asha, double.episodes[0])
        flag = safety.raise_flag(db, crew.asha, double.reference, "Said that nothing matters")
        agreements.give(db, crew.asha, double.reference, Purpose.EVALUATION, "Yes", days_ago(3))
        merging.merge(db, crew.asha, kept.reference, double.reference)
        assert survey.episode.service_user is kept
        assert [episode.service_user_id for episode in kept.episodes] == [kept.id] * 2
        assert kept.safety_flags == [flag]
        assert Purpose.EVALUATION in agreements.standing(kept)
        with pytest.raises(Merged) as lead:
            people.record(db, crew.asha, double.reference)
        assert lead.value.reference == kept.reference

    def test_a_chain_of_joined_records_leads_to_the_last(self, db: Session, crew: Crew) -> None:
        first, second, third = (refer(db, crew.asha).service_user for _ in range(3))
        merging.merge(db, crew.asha, second.reference, first.reference)
        merging.merge(db, crew.asha, third.reference, second.reference)
        with pytest.raises(Merged) as lead:
            people.record(db, crew.asha, first.reference)
        assert lead.value.reference == third.reference

    def test_nothing_said_on_either_record_is_lost(self, db: Session, crew: Crew) -> None:
        kept = refer(db, crew.asha, safe_times="After ten", telephone="1").service_user
        double = refer(
            db,
            crew.asha,
            last_name="Akande",
            safe_times="Never at weekends",
            telephone="2",
            needs_bsl=True,
            may_telephone=False,
            date_of_birth=BORN,
        ).service_user
        merging.merge(db, crew.asha, kept.reference, double.reference)
        assert (kept.telephone, kept.last_name, kept.date_of_birth) == ("1", "Akande", BORN)
        assert kept.safe_times == "After ten\nNever at weekends"
        assert kept.needs_bsl
        assert not kept.may_telephone
        assert people.find(db, crew.asha, "Akande") == [kept]

    def test_a_later_no_on_either_record_stands(self, db: Session, crew: Crew) -> None:
        kept, double = (refer(db, crew.asha).service_user for _ in range(2))
        agreements.give(db, crew.asha, kept.reference, Purpose.SHARE_WITH_GP, "Yes", days_ago(20))
        agreements.give(db, crew.asha, double.reference, Purpose.SHARE_WITH_GP, "Yes", days_ago(30))
        agreements.withdraw(db, crew.asha, double.reference, Purpose.SHARE_WITH_GP, days_ago(10))
        agreements.give(db, crew.asha, kept.reference, Purpose.EVALUATION, "Yes", days_ago(5))
        agreements.give(db, crew.asha, double.reference, Purpose.EVALUATION, "Yes", days_ago(30))
        agreements.withdraw(db, crew.asha, double.reference, Purpose.EVALUATION, days_ago(10))
        merging.merge(db, crew.asha, kept.reference, double.reference)
        assert set(agreements.standing(kept)) == {Purpose.EVALUATION}

    def test_both_must_be_in_reach(self, db: Session, crew: Crew) -> None:
        mine = refer(db, crew.asha).service_user
        another_teams = refer(db, crew.carol).service_user
        with pytest.raises(NotYours):
            merging.merge(db, crew.asha, mine.reference, another_teams.reference)
        merging.merge(db, crew.mandy, mine.reference, another_teams.reference)
        assert len(mine.episodes) == 2

    def test_an_old_reference_leads_nobody_to_a_record_they_may_not_open(
        self, db: Session, crew: Crew
    ) -> None:
        kept, double = (refer(db, crew.asha).service_user for _ in range(2))
        merging.merge(db, crew.asha, kept.reference, double.reference)
        with pytest.raises(NotYours) as refusal:
            people.record(db, crew.carol, double.reference)
        assert refusal.value.service_user_id == kept.id

    def test_a_record_cannot_be_joined_with_itself(self, db: Session, crew: Crew) -> None:
        grace = refer(db, crew.asha).service_user
        with pytest.raises(Invalid):
            merging.merge(db, crew.asha, grace.reference, grace.reference)

    def test_who_saw_the_joined_record_is_still_told(self, db: Session, crew: Crew) -> None:
        kept, double = (refer(db, crew.asha).service_user for _ in range(2))
        people.record(db, crew.ben, double.reference)
        merging.merge(db, crew.asha, kept.reference, double.reference)
        lines = people.access_log(db, crew.mandy, kept.reference)[1]
        assert ("Ben", "opened") in [(line.who, line.action) for line in lines]
        assert {"merged", "merged_away"} <= {line.action for line in lines}


class TestBreakingGlass:
    """Somebody else's person, for a while, with a reason."""

    REASON = "Her advisor is ill, and she rang."

    def test_it_opens_the_record_for_four_hours(self, db: Session, crew: Crew) -> None:
        with time_machine.travel("2026-03-02 10:00+00:00", tick=False) as clock_face:
            grace = refer(db, crew.asha).service_user
            access.break_glass(db, crew.carol, grace.reference.lower(), self.REASON)
            assert people.record(db, crew.carol, grace.reference) is grace
            assert people.glass_broken_until(db, crew.carol, grace) == clock.now() + timedelta(hours=4)
            clock_face.shift(timedelta(hours=3, minutes=59))
            assert people.is_in_reach(db, crew.carol, grace)
            clock_face.shift(timedelta(minutes=1))
            with pytest.raises(NotYours):
                people.record(db, crew.carol, grace.reference)

    def test_it_is_on_the_trail_with_its_reason(self, db: Session, crew: Crew) -> None:
        grace = refer(db, crew.asha).service_user
        access.break_glass(db, crew.carol, grace.reference, self.REASON)
        line = people.access_log(db, crew.mandy, grace.reference)[1][1]
        assert (line.who, line.action, line.detail["reason"]) == ("Carol", "break_glass", self.REASON)

    def test_it_opens_nobody_elses_record(self, db: Session, crew: Crew) -> None:
        grace, tom = (refer(db, crew.asha).service_user for _ in range(2))
        access.break_glass(db, crew.carol, grace.reference, self.REASON)
        with pytest.raises(NotYours):
            people.record(db, crew.carol, tom.reference)
        assert not people.is_in_reach(db, crew.carol, tom)

    def test_it_needs_a_reason_and_a_person(self, db: Session, crew: Crew) -> None:
        grace = refer(db, crew.asha).service_user
        with pytest.raises(Invalid) as refusal:
            access.break_glass(db, crew.carol, grace.reference, "  because ")
        assert refusal.value.problems == {"reason": "too_short"}
        with pytest.raises(Invalid) as refusal:
            access.break_glass(db, crew.carol, "R-00000", self.REASON)
        assert refusal.value.problems == {"reference": "unknown"}

    def test_it_follows_a_joined_record(self, db: Session, crew: Crew) -> None:
        kept, double = (refer(db, crew.asha).service_user for _ in range(2))
        merging.merge(db, crew.asha, kept.reference, double.reference)
        assert access.break_glass(db, crew.carol, double.reference, self.REASON) is kept


def test_an_advisor_of_another_team_never_sees_and_one_who_sees_the_team_does(
    db: Session, crew: Crew
) -> None:
    of_asha, of_ben = (refer(db, advisor).service_user for advisor in (crew.asha, crew.ben))
    assert people.record(db, crew.ben, of_asha.reference) is of_asha
    with pytest.raises(NotYours):
        people.record(db, crew.asha, of_ben.reference)
    with pytest.raises(NotYours):
        people.record(db, crew.carol, of_asha.reference)


def test_a_reference_nobody_has_is_not_found(db: Session, crew: Crew) -> None:
    with pytest.raises(NotFound):
        access.person(db, crew.mandy, Action.SEE_PERSON, "R-00000")


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 120))
def test_people_age_on_their_birthday_and_not_before(born: date, years: int) -> None:
    if (born.month, born.day) == (2, 29):
        born = born - timedelta(days=1)
    birthday = born.replace(year=born.year + years)
    assert people.age(born, birthday) == years
    assert people.age(born, birthday - timedelta(days=1)) == years - 1


def test_born_on_a_leap_day_is_a_year_older_in_march() -> None:
    born = date(2004, 2, 29)
    assert people.age(born, date(2005, 2, 28)) == 0
    assert people.age(born, date(2005, 3, 1)) == 1
    assert people.age(born, date(2008, 2, 29)) == 4
