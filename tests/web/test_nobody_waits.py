"""SQLite has one writer at a time: what takes seconds is done while no request holds the database."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, refer
from wellbeing_app.model import Occasion
from wellbeing_app.paper import press, readings
from wellbeing_app.services import clock, printing, tickets
from wellbeing_app.web import context


def watched(held: list[bool], result: Any) -> Callable[..., Any]:
    def slow(*_: object, **__: object) -> Any:
        held.append(context.db.in_transaction())
        return result

    return slow


def test_while_pictures_are_sealed(client: Client, crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []
    monkeypatch.setattr(readings.Place, "keep", watched(held, None))
    client.sign_in(crew.dev)
    sent = [(io.BytesIO(b"one"), "a.jpg"), (io.BytesIO(b"two"), "b.jpg")]
    assert client.submit("/forms/scans", {"files": sent}).status_code == 302
    assert held == [False, False]


def test_while_a_form_is_drawn(
    client: Client, db: Session, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    ticket = tickets.plan(db, crew.asha, refer(db, crew.asha).id, Occasion.BASELINE, clock.today())
    layout = {"form": "survey", "version": 1, "language": "en", "fingerprint": "one"}
    drawn = SimpleNamespace(pdf=b"%PDF", layout=SimpleNamespace(as_dict=lambda: layout))
    monkeypatch.setattr(press, "one", watched(held, drawn))
    client.sign_in(crew.asha)
    wanted = {"form": "survey", "language": "en", "old": "void"}
    assert client.submit(f"/paper/{ticket.id}", wanted).data == b"%PDF"
    assert (held, printing.copies_out(db, ticket.id)) == ([False], 1)


def test_while_the_report_is_drawn(
    client: Client, db: Session, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    monkeypatch.setattr("wellbeing_app.paper.print.pdf", watched(held, b"%PDF"))
    client.sign_in(crew.mandy)
    assert client.get("/report/pdf").data == b"%PDF"
    assert held == [False]
