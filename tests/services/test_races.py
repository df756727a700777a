"""Two at the very same moment: one is saved, the other is told, and nothing is overwritten in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.support.people import Crew, hire, refer
from tests.support.trail import trail
from wellbeing_app.migrations import migrate
from wellbeing_app.model import ClosingReason, Episode, SafetyFlag, ServiceUser
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import clock, merging, pathway, people, safety
from wellbeing_app.services.errors import Superseded
from wellbeing_app.services.pathway import EpisodeDetails
from wellbeing_app.services.people import PersonDetails


@pytest.fixture
def committing(postgres_url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions that truly commit, on a PostgreSQL database of the test's own."""
    engine = create_engine_for(postgres_url)
    migrate(engine)
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def scene(committing: sessionmaker[Session]) -> tuple[Crew, Episode]:
    with committing.begin() as db:
        crew = hire(db)
        return crew, refer(db, crew.asha)


def at_once(
    sessions: sessionmaker[Session], do: Callable[[Session, Callable[[], Any], str], None]
) -> list[str]:
    """Let two do it in two transactions that have both read before either writes; what became of each."""
    both_have_read, outcomes = Barrier(2, timeout=20), []

    def run(name: str) -> None:
        try:
            with sessions.begin() as db:
                do(db, both_have_read.wait, name)
        except Superseded:
            outcomes.append("superseded")
        else:
            outcomes.append(name)

    threads = [Thread(target=run, args=(name,)) for name in ("Akande", "Booth")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes, reverse=True)


def as_it_is(episode: Episode, **changed: Any) -> EpisodeDetails:
    details = {name: getattr(episode, name) for name in EpisodeDetails.__dataclass_fields__}
    return EpisodeDetails(**{**details, **changed})


def test_of_two_edits_of_a_person_one_is_saved(
    committing: sessionmaker[Session], scene: tuple[Crew, Episode]
) -> None:
    crew, episode = scene
    reference = episode.service_user.reference

    def edit(db: Session, wait: Callable[[], Any], name: str) -> None:
        read = db.get_one(ServiceUser, episode.service_user_id)
        wait()
        assert read.version == 1
        people.edit(db, crew.asha, reference, PersonDetails("Grace", name), version=1)

    told, saved = at_once(committing, edit)
    assert told == "superseded"
    with committing() as db:
        assert db.get_one(ServiceUser, episode.service_user_id).last_name == saved


def test_of_two_edits_of_an_episode_one_is_saved(
    committing: sessionmaker[Session], scene: tuple[Crew, Episode]
) -> None:
    crew, episode = scene

    def edit(db: Session, wait: Callable[[], Any], name: str) -> None:
        db.get_one(Episode, episode.id)
        wait()
        pathway.edit(db, crew.asha, episode.id, as_it_is(episode, referred_by=name), version=1)

    told, saved = at_once(committing, edit)
    assert told == "superseded"
    with committing() as db:
        assert db.get_one(Episode, episode.id).referred_by == saved


def test_of_two_who_close_an_episode_one_is_told(
    committing: sessionmaker[Session], scene: tuple[Crew, Episode]
) -> None:
    crew, episode = scene

    def close(db: Session, wait: Callable[[], Any], name: str) -> None:
        db.get_one(Episode, episode.id)
        wait()
        pathway.close(db, crew.asha, episode.id, clock.today(), ClosingReason.OTHER, name)

    told, saved = at_once(committing, close)
    assert told == "superseded"
    with committing() as db:
        assert db.get_one(Episode, episode.id).closing_note == saved


def test_a_record_that_is_edited_while_it_is_joined_is_not_lost(
    committing: sessionmaker[Session], scene: tuple[Crew, Episode]
) -> None:
    crew, episode = scene
    kept = episode.service_user.reference
    with committing.begin() as db:
        double = refer(db, crew.asha).service_user.reference

    def join_or_edit(db: Session, wait: Callable[[], Any], name: str) -> None:
        read = db.scalars(select(ServiceUser)).all()  # kept: a session forgets rows that nobody holds
        wait()
        assert len(read) == 2
        if name == "Booth":
            people.edit(db, crew.asha, double, PersonDetails("Grace", name), version=1)
        else:
            merging.merge(db, crew.asha, kept, double)

    assert at_once(committing, join_or_edit)[0] == "superseded"


def test_of_two_who_close_a_flag_the_first_outcome_stands(
    committing: sessionmaker[Session], scene: tuple[Crew, Episode]
) -> None:
    crew, episode = scene
    reference = episode.service_user.reference
    with committing.begin() as db:
        flag_id = safety.raise_flag(db, crew.asha, reference, "A worry").id

    def close(db: Session, wait: Callable[[], Any], name: str) -> None:
        safety.see(db, crew.asha, reference, flag_id)
        wait()
        safety.close(db, crew.asha, reference, flag_id, name)

    assert at_once(committing, close) == ["Booth", "Akande"]
    with committing() as db:
        closings = trail(db, episode.service_user_id).count("safety_flag_closed")
        assert closings == 1
        assert db.get_one(SafetyFlag, flag_id).outcome in ("Akande", "Booth")


def test_an_episode_and_a_flag_that_are_sent_twice_at_once_are_there_once(
    committing: sessionmaker[Session], scene: tuple[Crew, Episode]
) -> None:
    crew, episode = scene
    reference, details = episode.service_user.reference, as_it_is(episode, referred_by="Dr Shah")

    def send(db: Session, wait: Callable[[], Any], _name: str) -> None:
        grace = people.record(db, crew.asha, reference)
        wait()
        pathway.begin_another(db, crew.asha, grace, details, beside_open=True)
        safety.flag_person(db, crew.asha, grace, "A worry")

    assert at_once(committing, send) == ["Booth", "Akande"]
    with committing() as db:
        done = trail(db, episode.service_user_id)
        assert (done.count("episode_opened"), done.count("safety_flag_raised")) == (2, 1)
