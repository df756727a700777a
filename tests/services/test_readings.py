"""A pile is read beside the app: stopped, killed or kept waiting, no page is lost or kept twice."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from tests.support.people import Crew, refer
from wellbeing_app.config import Settings
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Reading, ReadingState, ReadPage
from wellbeing_app.paper import codes
from wellbeing_app.paper import readings as work
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.paper.readings import Place
from wellbeing_app.services import clock, patience, printing, readings, tickets
from wellbeing_app.services.errors import NotFound
from wellbeing_app.services.printing import Edition

KEY = "k" * 40


class Machine:
    """Reads files of three pages each without looking; the second page of a file is refused."""

    happens: ClassVar[dict[int, Any]] = {}
    given = 0
    text = "HTTPS://WELLBEING.EXAMPLE.ORG/E/S11EN0123456789ABCDEF"

    def __init__(self, *_arguments: object, **_options: object) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        pass

    def count(self, content: bytes) -> int:
        return 3 if content else 1

    def pages(self, content: bytes, *, skip: int, of: int) -> Iterator[dict[str, Any]]:
        assert (content, of) == (b"a pile", 3)
        for page in range(skip + 1, of + 1):
            Machine.given += 1
            self.happens.get(Machine.given, lambda: None)()
            reason = "no_form" if page == 2 else ""
            status = "refused" if reason else "read"
            rows = [{"row": row, "status": "value", "value": 3} for row in self.rows_of(page)]
            told = {"page": page, "status": status, "reason": reason, "text": self.text, "rows": rows}
            yield {**told, "crops": dict.fromkeys(self.rows_of(page), "")}

    def rows_of(self, page: int) -> tuple[int, ...]:
        return (page,)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> type[Machine]:
    monkeypatch.setattr("wellbeing_app.paper.readings.Reader", Machine)
    monkeypatch.setattr(Machine, "happens", {})
    monkeypatch.setattr(Machine, "given", 0)
    monkeypatch.setattr(Machine, "text", Machine.text)
    return Machine


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    url = "https://wellbeing.example.org"
    return Settings(instance=tmp_path, database_url="sqlite://", secret_key=KEY, public_url=url)


@pytest.fixture
def sent(db: Session, crew: Crew, here: Settings) -> Reading:
    """Two piles that wait."""
    made = readings.begin(db, crew.dev, uuid.uuid4(), ["monday.pdf", "tuesday.pdf"])
    for number in range(2):
        Place.of(here.instance, made.id).keep(number, io.BytesIO(b"a pile"), KEY)
    db.commit()
    return made


def kept(db: Session) -> int:
    db.expire_all()
    return db.scalar(select(func.count()).select_from(ReadPage)) or 0


def raises(problem: Exception) -> Any:
    def go() -> None:
        raise problem

    return go


def test_a_pile_is_read_to_its_end_and_nothing_of_it_stays(
    db: Session, sessions: sessionmaker[Session], here: Settings, machine: type[Machine], sent: Reading
) -> None:
    files = Place.of(here.instance, sent.id).folder
    assert b"a pile" not in (files / "0").read_bytes()
    assert work.run(sessions, here) == 1
    assert kept(db) == 4
    assert (sent.state, sent.done, sent.total) == (ReadingState.DONE, 6, 6)
    assert [(one["name"], one["page"], one["reason"]) for one in sent.refused] == [
        ("monday.pdf", 2, "no_form"),
        ("tuesday.pdf", 2, "no_form"),
    ]
    assert not files.exists()


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_worker_that_dies_is_followed_by_one_that_goes_on_with_the_next_page(
    db: Session,
    sessions: sessionmaker[Session],
    here: Settings,
    machine: type[Machine],
    sent: Reading,
    at: int,
) -> None:
    machine.happens = {at: raises(KeyboardInterrupt())}
    with pytest.raises(KeyboardInterrupt):
        work.run(sessions, here)
    assert work.run(sessions, here) == 0  # it may be alive still
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        assert work.run(sessions, here) == 1
    assert (kept(db), sent.done, sent.state) == (4, 6, ReadingState.DONE)


def test_it_stops_when_asked_and_can_go_on(
    db: Session,
    sessions: sessionmaker[Session],
    crew: Crew,
    here: Settings,
    machine: type[Machine],
    sent: Reading,
) -> None:
    def stop() -> None:
        with sessions.begin() as other:
            readings.cancel(other, crew.dev, sent.id)

    machine.happens = {3: stop}
    work.run(sessions, here)
    assert (kept(db), sent.done, sent.state) == (1, 2, ReadingState.CANCELLED)
    readings.resume(db, crew.dev, sent.id)
    db.commit()
    work.run(sessions, here)
    assert (kept(db), sent.done, sent.state) == (4, 6, ReadingState.DONE)


def test_a_locked_database_is_waited_for_and_in_the_end_the_page_says_so(
    db: Session,
    sessions: sessionmaker[Session],
    here: Settings,
    machine: type[Machine],
    sent: Reading,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PAUSE", 0.0)
    real, refusals = readings.note_page, iter(range(patience.TRIES + 3))

    def locked(*arguments: Any) -> bool:
        if next(refusals, None) is None:
            return real(*arguments)
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr(readings, "note_page", locked)
    work.run(sessions, here)
    assert (kept(db), sent.state, sent.problem) == (0, ReadingState.FAILED, "busy")
    with sessions.begin() as other:
        other.get_one(Reading, sent.id).state = ReadingState.WAITING
    work.run(sessions, here)  # three more refusals, then it is free
    assert (kept(db), sent.state, sent.problem) == (4, ReadingState.DONE, "")


def test_what_somebody_else_sent_is_not_there(db: Session, crew: Crew, sent: Reading) -> None:
    with pytest.raises(NotFound):
        readings.reading(db, crew.mandy, sent.id)


def test_files_nobody_came_back_for_are_let_go_after_a_week(db: Session, sent: Reading) -> None:
    assert readings.too_old(db) == []
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert readings.too_old(db) == [sent]


def test_files_that_no_reading_knows_go_after_a_day(
    db: Session, sessions: sessionmaker[Session], here: Settings, machine: type[Machine], sent: Reading
) -> None:
    orphan = Place.of(here.instance, uuid.uuid4())
    orphan.keep(0, io.BytesIO(b"a pile"), KEY)
    machine.happens = {1: raises(KeyboardInterrupt())}
    with pytest.raises(KeyboardInterrupt):
        work.run(sessions, here)
    assert orphan.folder.exists()
    with time_machine.travel(clock.now() + timedelta(seconds=work.ORPHANED + 60), tick=False):
        work.run(sessions, here)
    assert not orphan.folder.exists()
    assert kept(db) == 4  # what a reading knew was read to its end


def test_the_pages_of_a_larger_form_are_confirmed_together(
    db: Session,
    sessions: sessionmaker[Session],
    crew: Crew,
    here: Settings,
    machine: type[Machine],
    sent: Reading,
) -> None:
    ticket = tickets.plan(db, crew.asha, refer(db, crew.asha).id, Occasion.BASELINE, clock.today())
    _copy, token = printing.one(db, crew.asha, Edition("large_print", 1, "en"), ticket)
    db.commit()
    machine.text = codes.address(here.public_url, SheetCode("L", 1, 2, "en", token))
    work.run(sessions, here)
    first, again = db.scalars(select(ReadPage).order_by(ReadPage.read_at))
    keys = list(INSTRUMENT.keys)
    assert first.answers == {keys[0]: "3", keys[2]: "3"}  # pages 1 and 3: the second was refused
    assert again.answers == first.answers  # the other file's: the same pages twice are two forms
