"""docs/sync-api.yaml says what the addresses do: every request, answer and refusal is held against it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.sealing import HEADERS, Tablet, as_sent
from wellbeing_app.forms.held import REASONS
from wellbeing_app.model import Occasion
from wellbeing_app.services import clock, tickets

API = yaml.safe_load((Path(__file__).resolve().parents[2] / "docs/sync-api.yaml").read_text("utf-8"))
KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "null": type(None),
}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Any = API
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def problems(schema: dict[str, Any], value: Any, where: str = "") -> list[str]:
    """What of this value the schema does not say."""
    schema = resolved(schema)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, KINDS[kind]) for kind in kinds):
        return [f"{where} is no {kinds}"]
    found = [f"{where} is {value!r}"] if "enum" in schema and value not in schema["enum"] else []
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{where} is {value!r}")
    if isinstance(value, dict):
        found += of_object(schema, value, where)
    if isinstance(value, list):
        found += [one for item in value for one in problems(schema.get("items", {}), item, f"{where}[]")]
    return found


def of_object(schema: dict[str, Any], value: dict[str, Any], where: str) -> list[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    missing = [f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value]
    if others is False:
        missing += [f"{where}.{name} is not told of" for name in value.keys() - known.keys()]
        others = {}
    return missing + [
        one
        for name, item in value.items()
        for one in problems(known.get(name, others), item, f"{where}.{name}")
    ]


def check(path: str, answer: TestResponse) -> Any:
    """The answer's JSON, which is as the page says for its status."""
    told = resolved(API["paths"][path]["post"]["responses"][str(answer.status_code)])
    assert answer.mimetype == "application/json"
    assert problems(told["content"]["application/json"]["schema"], answer.get_json()) == []
    return answer.get_json()


@pytest.fixture
def bodies(db: Session, crew: Crew, asha: Client) -> dict[str, Any]:
    """What a tablet sends in the course of a day."""
    episode = refer(db, crew.asha, "Grace")
    record_survey(db, crew.asha, episode, completed_on=days_ago(20))
    follow_up = tickets.plan(db, crew.asha, episode.id, Occasion.FOLLOW_UP, clock.today())
    baseline = tickets.plan(db, crew.asha, refer(db, crew.asha, "Bo").id, Occasion.BASELINE, clock.today())
    tablet = Tablet(asha)
    tablet.enrol()
    items = [tablet.item(crew.asha, ticket) for ticket in (follow_up, baseline, None)]
    return {
        "/sync/enrol": {"name": "A tablet", "version": "1"},
        "/sync/pack": {"tickets": [str(follow_up.id), str(baseline.id), str(episode.id)]},
        "/sync": as_sent(items),
    }


def test_what_is_sent_and_answered_is_what_the_page_says(asha: Client, bodies: dict[str, Any]) -> None:
    for path, body in bodies.items():
        sent = API["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert problems(sent, body) == []
        answer = check(path, asha.post(path, json=body, headers=HEADERS))
        assert answer
    assert [one["say"] for one in answer["receipts"]] == ["", "", "unknown_person"]


def test_every_refusal_is_what_the_page_says(
    app: Flask, db: Session, crew: Crew, bodies: dict[str, Any]
) -> None:
    signed_out, eve, other = (app.test_client(db=db) for _ in range(3))
    eve.sign_in(crew.eve)  # type: ignore[attr-defined]
    other.sign_in(crew.ben)  # type: ignore[attr-defined]
    statuses = [
        check(path, client.post(path, json=body, headers=headers)) and status
        for path, client, body, headers, status in (
            ("/sync/enrol", signed_out, {}, HEADERS, 401),
            ("/sync/enrol", eve, {}, HEADERS, 404),
            ("/sync/enrol", other, {}, {}, 403),
            ("/sync/pack", other, {"tickets": []}, HEADERS, 403),
            ("/sync/pack", other, {"tickets": "all"}, HEADERS, 400),
            ("/sync", other, {"items": "x" * 1_100_000}, HEADERS, 413),
            ("/sync", other, {"items": [{"id": ""}]}, HEADERS, 400),
        )
    ]
    assert statuses == [401, 404, 403, 403, 400, 413, 400]


def test_the_page_names_every_address_and_every_reason(app: Flask) -> None:
    ours = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("sync.")}
    assert ours == set(API["paths"])
    receipts = API["components"]["schemas"]["Reply"]["properties"]["receipts"]["items"]["properties"]
    assert set(receipts["say"]["enum"]) == {"", *REASONS}


def test_what_the_page_does_not_say_would_be_found() -> None:
    refusal = {"$ref": "#/components/schemas/Refusal"}
    assert problems(refusal, {"error": "sign_in"}) == [".say is missing"]
    assert problems(refusal, {"error": "odd", "say": "", "more": 1}) != []
    assert problems({"$ref": "#/components/schemas/Hash"}, "x") != []
