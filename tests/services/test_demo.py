"""The demo's people show every stage and every mishap, and the whole looks like a service that helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.people import CHEAP
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.migrations import migrate
from wellbeing_app.model import (
    CARE_CLUSTERS,
    SCORE_COLUMNS,
    AdvisorView,
    Agreement,
    AuditEntry,
    BreakGlass,
    ContactAttempt,
    ContactOutcome,
    Episode,
    Mode,
    ModeChange,
    Occasion,
    Pathway,
    PlanLine,
    PlanOutcome,
    Role,
    SafetyFlag,
    ServiceUser,
    Staff,
    Survey,
    Ticket,
)
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import accounts, authentication, caseload, clock, demo, soundness, surveys
from wellbeing_app.services.demo import SignIn
from wellbeing_app.services.demo.scores import RISE
from wellbeing_app.services.followups import Step, Urgency
from wellbeing_app.services.passwords import Passwords

pytestmark = pytest.mark.slow

KEPT = Passwords(CHEAP)
KEY = "a key that is only for tests, and long enough"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, Sequence[SignIn]]]:
    """The demo in a database of its own, as these tests find it; none of them commits."""
    engine = create_engine_for(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite'}")
    migrate(engine)
    with session_factory(engine)() as db:
        sign_ins = demo.load(db, KEPT)
        db.commit()
        yield db, sign_ins
    engine.dispose()


@pytest.fixture
def shown(loaded: tuple[Session, Sequence[SignIn]]) -> Iterator[Session]:
    yield loaded[0]
    loaded[0].rollback()


def manager_of(db: Session) -> caseload.Actor:
    return accounts.actor_of(db.scalars(select(Staff).where(Staff.role == Role.MANAGER)).one())


def pairs_of(db: Session) -> list[tuple[Survey, Survey]]:
    paired = [surveys.pair(episode.surveys) for episode in db.scalars(select(Episode))]
    return [(pair.first, pair.latest) for pair in paired if pair and pair.latest]


def how_many(db: Session, *where: object) -> int:
    return db.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]


def test_the_demo_loads_on_either_database(db: Session) -> None:
    assert demo.is_empty(db)
    demo.load(db, KEPT)
    assert not demo.is_empty(db)
    assert soundness.problems(db) == []


@pytest.mark.parametrize("day", ["2024-02-29", "2026-03-29", "2027-01-01"])
def test_the_demo_shows_the_same_steps_on_any_day(shown: Session, day: str) -> None:
    """A leap day; the Sunday when the clocks change; New Year."""
    today = steps_of(shown)
    engine = create_engine_for("sqlite://")
    migrate(engine)
    with clock.at(datetime.fromisoformat(f"{day}T07:00:00").replace(tzinfo=UTC)), Session(engine) as db:
        demo.load(db, KEPT)
        assert steps_of(db) == today
    engine.dispose()


def steps_of(db: Session) -> set[tuple[Step, Urgency]]:
    return {(row.next.step, row.next.urgency) for row in caseload.rows(db, manager_of(db))}


def test_it_is_the_same_each_time_but_for_the_passwords(
    loaded: tuple[Session, Sequence[SignIn]], shown: Session
) -> None:
    engine = create_engine_for("sqlite://")
    migrate(engine)
    with Session(engine) as db:
        again = demo.load(db, KEPT)
        assert told(db) == told(shown)
    engine.dispose()
    passwords = [one.password for one in (*loaded[1], *again)]
    assert len(set(passwords)) == len(passwords)


def told(db: Session) -> list[tuple[object, ...]]:
    rows = db.execute(
        select(ServiceUser.last_name, Survey.completed_on, *(getattr(Survey, key) for key in SCORE_COLUMNS))
        .join(Episode, Episode.id == Survey.episode_id)
        .join(ServiceUser, ServiceUser.id == Episode.service_user_id)
        .order_by(ServiceUser.last_name, Survey.recorded_at)
    )
    return [tuple(row) for row in rows]


def test_every_role_signs_in_with_the_password_it_was_given(
    loaded: tuple[Session, Sequence[SignIn]], shown: Session
) -> None:
    _db, sign_ins = loaded
    assert {one.role for one in sign_ins} == set(Role)
    for one in sign_ins:
        result = authentication.sign_in(
            shown, KEPT, KEY, one.email, one.password, "127.0.0.1", "A browser in the tests"
        )
        assert isinstance(result, authentication.SignedIn), one.email


def test_about_sixty_people_are_on_both_pathways_and_in_every_cluster(shown: Session) -> None:
    assert 55 <= how_many(shown, ServiceUser.merged_into_id.is_(None)) <= 70
    pathways = Counter(shown.scalars(select(Episode.pathway)))
    assert min(pathways[pathway] for pathway in Pathway) >= 20
    clusters = Counter(shown.scalars(select(Episode.care_cluster)))
    assert min(clusters[cluster] for cluster in CARE_CLUSTERS) >= 5


def test_everything_that_can_come_next_comes_next_for_somebody(shown: Session) -> None:
    steps = steps_of(shown)
    assert {step for step, _urgency in steps} == set(Step) - {Step.NOTHING}
    assert {urgency for step, urgency in steps if step is Step.FOLLOW_UP} == set(Urgency)


def test_every_way_of_answering_and_of_not_answering_is_there(shown: Session) -> None:
    assert set(shown.scalars(select(Survey.mode))) == set(Mode)
    reasons = {reason for row in shown.scalars(select(Survey.unanswered)) for reason in row.values()}
    assert reasons == {reason.key for reason in INSTRUMENT.reasons}
    assert any(shown.scalars(select(Survey.notes)))
    assert any(shown.scalars(select(Survey.prompts)))
    assert any(shown.scalars(select(Survey.with_interpreter)))


def test_what_goes_awry_is_there(shown: Session) -> None:
    assert how_many(shown, Survey.revision > 1) >= 3
    assert how_many(shown, SafetyFlag.closed_at.is_(None)) >= 1
    assert how_many(shown, SafetyFlag.closed_at.is_not(None)) >= 1
    assert how_many(shown, Agreement.withdrawn_on.is_not(None)) >= 1
    assert how_many(shown, Ticket.voided_at.is_not(None)) >= 1
    assert how_many(shown, ServiceUser.merged_into_id.is_not(None)) == 1
    assert how_many(shown, BreakGlass.id.is_not(None)) == 1
    assert sum(row.drafts for row in caseload.rows(shown, manager_of(shown))) >= 3
    assert len(caseload.rows(shown, manager_of(shown), closed=True)) >= 6


def test_the_talks_and_the_tries_are_there(shown: Session) -> None:
    assert set(shown.scalars(select(PlanLine.outcome))) >= {None, PlanOutcome.DONE, PlanOutcome.NOT_YET}
    assert how_many(shown, AdvisorView.id.is_not(None)) >= 3
    assert set(shown.scalars(select(ContactAttempt.outcome))) >= set(ContactOutcome) - {
        ContactOutcome.WRONG_NUMBER,
        ContactOutcome.SAFEGUARDING,
    }
    assert how_many(shown, ModeChange.id.is_not(None)) == 1
    actions = Counter(shown.scalars(select(AuditEntry.action)))
    assert actions["summary_made"] >= 3
    assert actions["letter_made"] >= 1


def test_some_people_come_back_and_some_are_followed_up_more_than_once(shown: Session) -> None:
    episodes = shown.scalars(select(Episode)).all()
    # One person has two episodes because two records of them were joined.
    assert sum(count > 1 for count in Counter(one.service_user_id for one in episodes).values()) >= 3
    follow_ups = [sum(one.occasion is Occasion.FOLLOW_UP for one in each.surveys) for each in episodes]
    assert {0, 1, 2, 3} <= set(follow_ups)


def test_people_speak_several_languages_and_need_several_things(shown: Session) -> None:
    assert {"en", "ur", "pl"} < set(shown.scalars(select(ServiceUser.language)))
    for need in (ServiceUser.needs_interpreter, ServiceUser.needs_bsl, ServiceUser.needs_large_print):
        assert how_many(shown, need) >= 1


def test_the_gains_are_those_of_the_source_report(shown: Session) -> None:
    pairs = pairs_of(shown)
    assert len(pairs) >= 30
    gains = {key: mean(gains_of(pairs, key)) for key in SCORE_COLUMNS}
    assert gains == pytest.approx(RISE, abs=0.25)
    assert min(gains.values()) > 0
    starts = [mean(first_scores(pairs, key)) for key in SCORE_COLUMNS]
    assert 1.8 <= min(starts) <= max(starts) <= 3.7


def gains_of(pairs: list[tuple[Survey, Survey]], key: str) -> list[int]:
    both = [(getattr(first, key), getattr(latest, key)) for first, latest in pairs]
    return [latest - first for first, latest in both if first and latest]


def first_scores(pairs: list[tuple[Survey, Survey]], key: str) -> list[int]:
    return [score for first, _latest in pairs if (score := getattr(first, key))]


def test_not_everybody_gains(shown: Session) -> None:
    moves = [gain for key in SCORE_COLUMNS for gain in gains_of(pairs_of(shown), key)]
    rising, falling = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
    assert 0.35 <= rising / len(moves) <= 0.65
    assert falling / len(moves) >= 0.08


def test_nothing_has_yet_to_happen(shown: Session) -> None:
    """Also where it is early in the morning: the last events are yesterday's."""
    latest = shown.scalar(select(func.max(AuditEntry.at)))
    assert latest is not None
    assert latest < clock.now()
    assert (shown.scalar(select(func.max(Survey.completed_on))) or clock.today()) < clock.today()


def test_telephone_numbers_are_of_the_kind_that_reaches_nobody(shown: Session) -> None:
    """Ofcom keeps 07700 900000 to 900999 for stories."""
    numbers = [number for number in shown.scalars(select(ServiceUser.telephone)) if number]
    assert len(numbers) > 50
    assert all(number.startswith("07700 900 ") and len(number) == 13 for number in numbers)


def test_making_up_a_past_moves_no_other_clock(tmp_path: Path) -> None:
    before = clock.now()
    with clock.at(datetime(2020, 2, 3, 9, tzinfo=UTC)):
        assert clock.today().isoformat() == "2020-02-03"
        assert clock.now() > datetime(2020, 2, 3, 9, tzinfo=UTC)
    assert clock.now() >= before
