"""Printing: each copy has a code of its own, a batch can stop anywhere, a reprint voids the old."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.support.people import Crew, refer
from wellbeing_app.config import Settings
from wellbeing_app.model import BatchState, Occasion, PrintBatch, PrintedCopy, Ticket
from wellbeing_app.paper import piles as work
from wellbeing_app.paper import sheets, stamp
from wellbeing_app.services import clock, codes, layouts, piles, printing, tickets
from wellbeing_app.services.errors import Invalid, NotYours, TicketVoid
from wellbeing_app.services.layouts import LayoutDrifted
from wellbeing_app.services.printing import Edition

SURVEY = Edition("survey", 1, "en")


def planned(db: Session, crew: Crew, name: str = "Grace") -> Ticket:
    return tickets.plan(db, crew.asha, refer(db, crew.asha, name).id, Occasion.BASELINE, clock.today())


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    url = "https://wellbeing.example.org"
    return Settings(instance=tmp_path, database_url="sqlite://", secret_key="k" * 40, public_url=url)


def drawn_codes(pdf: bytes) -> list[str]:
    """The eight characters on each page, in order."""
    streams = re.findall(rb"<</Filter /FlateDecode /Length \d+>>\nstream\n(.*?)\nendstream", pdf, re.DOTALL)
    texts = [re.search(rb"\((\w{4}) (\w{4})\) Tj", zlib.decompress(one)) for one in streams]
    return [(found[1] + found[2]).decode() for found in texts if found]


def failing_at(call: int, real: Callable[..., list[bytes]]) -> Callable[..., list[bytes]]:
    calls = count(1)

    def draws_or_fails(*arguments: object) -> list[bytes]:
        if next(calls) == call:
            raise OSError("the power went")
        return real(*arguments)

    return draws_or_fails


def test_a_reprint_voids_the_old_copy_or_keeps_it(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    first, token = printing.one(db, crew.asha, SURVEY, ticket)
    assert first.token_hash == printing.token_hash(token)
    second, _token = printing.one(db, crew.asha, SURVEY, ticket, void_old=False)
    assert printing.copies_out(db, ticket.id) == 2
    third, _token = printing.one(db, crew.asha, SURVEY, ticket)
    db.expire_all()
    assert [copy.voided_at is None for copy in (first, second, third)] == [False, False, True]
    assert len({copy.human_id for copy in (first, second, third)}) == 3
    assert codes.is_form_code(third.human_id)


def test_nobody_prints_for_a_colleagues_person_or_a_survey_that_is_withdrawn(db: Session, crew: Crew) -> None:
    ticket = planned(db, crew)
    with pytest.raises(NotYours):
        printing.batch_for(db, crew.carol, SURVEY, [ticket.id], void_old=True)
    tickets.void(db, crew.asha, ticket.id)
    with pytest.raises(TicketVoid):
        printing.ticket_to_print(db, crew.asha, ticket.id)
    with pytest.raises(Invalid):
        printing.batch_of_blanks(db, crew.asha, SURVEY, 0)


def test_a_batch_that_stops_anywhere_goes_on_from_there(
    db: Session, crew: Crew, sessions: sessionmaker[Session], here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = printing.batch_of_blanks(db, crew.asha, SURVEY, 7)
    db.commit()
    monkeypatch.setattr(work, "AT_ONCE", 3)
    monkeypatch.setattr(stamp, "stamps", failing_at(5, stamp.stamps))
    with pytest.raises(OSError, match="power"):
        work.run(sessions, here, made.id)
    db.expire_all()
    assert (made.state, made.done, made.problem) == (BatchState.FAILED, 3, "failed")
    piles.resume(db, crew.asha, made.id)
    piles.cancel(db, crew.asha, made.id)
    db.commit()
    assert not work.run(sessions, here, made.id)
    piles.resume(db, crew.asha, made.id)
    db.commit()
    place = work.Place.of(here.instance, made.id)
    with place.journal.open("ab") as torn:
        torn.write(b"\x00\x00")
    assert work.run(sessions, here, made.id)
    db.expire_all()
    copies = db.scalars(select(PrintedCopy).order_by(PrintedCopy.number)).all()
    assert drawn_codes(place.pdf.read_bytes()) == [copy.human_id for copy in copies]
    assert len({copy.token_hash for copy in copies}) == 7
    assert (made.state, made.done, place.journal.exists()) == (BatchState.READY, 7, False)
    assert place.pdf.stat().st_mode & 0o077 == 0


def test_what_was_never_drawn_is_forgotten_with_its_batch(db: Session, crew: Crew) -> None:
    made = printing.batch_for(db, crew.asha, SURVEY, [planned(db, crew).id], void_old=True)
    piles.let_go(db, crew.asha, made.id)
    assert db.scalars(select(PrintedCopy)).all() == []
    assert db.get_one(PrintBatch, made.id).state is BatchState.GONE


def test_a_form_that_moved_is_not_printed(db: Session) -> None:
    fresh = stamp.blank(sheets.FORMS["survey"], "en", for_nobody=True).layout
    layouts.keep(db, fresh.as_dict())
    layouts.keep(db, fresh.as_dict())
    box = fresh.boxes[0]
    moved = replace(
        fresh, boxes=(replace(box, rect_mm=(box.rect_mm[0] + 0.2, *box.rect_mm[1:])), *fresh.boxes[1:])
    )
    with pytest.raises(LayoutDrifted, match="moved by 0"):
        layouts.keep(db, moved.as_dict())
    fewer = replace(fresh, boxes=fresh.boxes[1:])
    with pytest.raises(LayoutDrifted, match="other boxes"):
        layouts.keep(db, fewer.as_dict())
