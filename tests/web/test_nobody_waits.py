"""SQLite has one writer at a time: what takes seconds is done while no request holds the database."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew
from wellbeing_app.paper.reader import worker
from wellbeing_app.web import context


def watched(held: list[bool], result: Any) -> Callable[..., Any]:
    def slow(*_: object, **__: object) -> Any:
        held.append(context.db.in_transaction())
        return result

    return slow


def test_while_pictures_are_read(client: Client, crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []
    monkeypatch.setattr(worker, "read", watched(held, ()))
    client.sign_in(crew.dev)
    sent = [(io.BytesIO(b"one"), "a.jpg"), (io.BytesIO(b"two"), "b.jpg")]
    client.submit("/forms/scans", {"files": sent})
    assert held == [False, False]


def test_while_the_report_is_drawn(
    client: Client, db: Session, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    monkeypatch.setattr("wellbeing_app.paper.print.pdf", watched(held, b"%PDF"))
    client.sign_in(crew.mandy)
    assert client.get("/report/pdf").data == b"%PDF"
    assert held == [False]
