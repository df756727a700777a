"""Another team’s advisor finds nothing on any page about a person, and the try is on the trail."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, refer
from tests.support.trail import trail
from wellbeing_app.model import ServiceUser
from wellbeing_app.services import safety

NEW = {"first_name": "Grace", "last_name": "Akande", "pathway": "long_term_conditions", "language": "en"}

OUTSIDERS: list[tuple[str, str, Callable[[ServiceUser], str], dict[str, str]]] = [
    ("record", "GET", lambda one: f"/people/{one.reference}", {}),
    ("edit", "GET", lambda one: f"/people/{one.reference}/edit", {}),
    ("save", "POST", lambda one: f"/people/{one.reference}/edit", {"first_name": "X", "version": "1"}),
    ("merge", "GET", lambda one: f"/people/{one.reference}/merge", {}),
    ("agreements", "GET", lambda one: f"/people/{one.reference}/agreements", {}),
    (
        "agree",
        "POST",
        lambda one: f"/people/{one.reference}/agreements",
        {"purpose": "evaluation", "on": "2026-01-01", "do": "give"},
    ),
    ("new episode", "GET", lambda one: f"/people/{one.reference}/episodes/new", {}),
    ("begin", "POST", lambda one: f"/people/{one.reference}/episodes/new", NEW),
    ("episode", "GET", lambda one: f"/episodes/{one.episodes[0].id}", {}),
    ("edit episode", "POST", lambda one: f"/episodes/{one.episodes[0].id}", NEW),
    ("close", "GET", lambda one: f"/episodes/{one.episodes[0].id}/close", {}),
    (
        "shut",
        "POST",
        lambda one: f"/episodes/{one.episodes[0].id}/close",
        {"closed_on": "2026-01-01", "closing_reason": "died"},
    ),
    ("reopen", "POST", lambda one: f"/episodes/{one.episodes[0].id}/reopen", {}),
    ("flag", "GET", lambda one: f"/people/{one.reference}/safety/new", {}),
    ("raise", "POST", lambda one: f"/people/{one.reference}/safety/new", {"concern": "X"}),
    ("see flag", "GET", lambda one: f"/people/{one.reference}/safety/{one.safety_flags[0].id}", {}),
    ("act", "POST", lambda one: f"/people/{one.reference}/safety/{one.safety_flags[0].id}", {"what": "X"}),
]


@pytest.mark.parametrize(
    ("method", "path", "fields"), [row[1:] for row in OUTSIDERS], ids=[r[0] for r in OUTSIDERS]
)
def test_another_teams_advisor_finds_nothing_and_the_try_is_on_the_trail(
    client: Client,
    crew: Crew,
    db: Session,
    method: str,
    path: Callable[[ServiceUser], str],
    fields: dict[str, str],
) -> None:
    grace = refer(db, crew.asha, "Zenobia").service_user
    safety.raise_flag(db, crew.asha, grace.reference, "A worry")
    before = trail(db, grace.id)
    client.sign_in(crew.carol)
    if method == "GET":
        response = client.get(path(grace))
    else:
        response = client.submit(path(grace), fields, page="/find")
    assert response.status_code == 404
    assert "Zenobia" not in response.text
    assert trail(db, grace.id) == [*before, "refused"]


@pytest.mark.parametrize(
    "path",
    [
        "/people/R-00000",
        "/people/R-00000/edit",
        "/people/R-00000/agreements",
        "/people/R-00000/merge",
        "/people/R-00000/safety/new",
        f"/episodes/{uuid.UUID(int=0)}",
        f"/episodes/{uuid.UUID(int=0)}/close",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, crew: Crew, path: str) -> None:
    client.sign_in(crew.mandy)
    assert client.get(path).status_code == 404
