"""A tablet without a browser: it enrols, packs, seals as `static/js/seal.js` does, and delivers."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tests.support.client import Client
from tests.support.people import answers
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Ticket
from wellbeing_app.services import clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.sync import Item

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
BLOCK = 4096
HEADERS = {"X-Wellbeing": "1", "Sec-Fetch-Site": "same-origin"}


def seal(public: bytes, item_id: str, plain: Mapping[str, Any] | bytes) -> bytes:
    """The box: a version, the key's id, and what HPKE makes of the padded JSON."""
    content = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    padded = content + b" " * (-len(content) % BLOCK)
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
    sealed = SUITE.encrypt(padded, key, info=f"wellbeing/1/{item_id}".encode())
    return b"\x01" + hashlib.sha256(public).digest()[:8] + sealed


def item(public: bytes, plain: Mapping[str, Any]) -> Item:
    """A finished survey as the outbox has it."""
    sealed = seal(public, plain["id"], plain)
    return Item(plain["id"], hashlib.sha256(sealed).hexdigest(), sealed)


def contents(
    author: Actor, ticket: Ticket | None, given: SurveyAnswers | None = None, **more: Any
) -> dict[str, Any]:
    """What a box holds; `more` replaces parts of it."""
    given = given or answers()
    now = clock.now().isoformat()
    return {
        "schema": 1,
        "id": str(uuid.uuid4()),
        "kind": "survey",
        "device": None,
        "author": str(author.id),
        "ticket": str(ticket.id) if ticket else None,
        "occasion": ticket.occasion.value if ticket else "baseline",
        "person": None,
        "instrument_version": INSTRUMENT.version,
        "answers": {**given.scores, **given.unanswered},
        "prompts": {key: list(ticked) for key, ticked in given.prompts.items()},
        "notes": dict(given.notes),
        "mode": given.mode.value,
        "respondent": given.respondent.value,
        "helper": given.helper,
        "with_interpreter": given.with_interpreter,
        "language": given.language,
        "completed_on": given.completed_on.isoformat(),
        "date_reason": given.date_reason,
        "started_at": now,
        "finished_at": now,
        "self_completed": False,
        "flag": None,
        "flag_id": None,
        **more,
    }


def as_sent(
    items: Sequence[Item], unsent: int | None = None, now: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """The body of a delivery."""
    return {
        "schema": 1,
        "version": "shell-1",
        "unsent": len(items) if unsent is None else unsent,
        "now": (now or clock.now()).isoformat(),
        "items": [
            {
                "id": one.id,
                "sha256": one.sha256,
                "sealed": base64.urlsafe_b64encode(one.sealed).rstrip(b"=").decode(),
            }
            for one in items
        ],
        **more,
    }


@dataclass
class Tablet:
    """One browser, with whoever is signed in on it."""

    client: Client
    public: bytes = b""

    def call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer's JSON, when it is the answer to be hoped for."""
        answer = self.client.post(path, json=body, headers=HEADERS)
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def enrol(self, name: str = "A tablet") -> dict[str, Any]:
        enrolled = self.call("/sync/enrol", {"name": name, "version": "shell-1"})
        self.public = base64.urlsafe_b64decode(enrolled["intake"][0]["public"] + "=")
        return enrolled

    def pack(self, *tickets: Ticket) -> dict[str, Any]:
        return self.call("/sync/pack", {"tickets": [str(ticket.id) for ticket in tickets]})

    def deliver(self, *items: Item, **more: Any) -> dict[str, Any]:
        reply = self.call("/sync", as_sent(items, **more))
        assert [one["id"] for one in reply["receipts"]] == [one.id for one in items]
        return reply

    def item(
        self, author: Actor, ticket: Ticket | None, given: SurveyAnswers | None = None, **more: Any
    ) -> Item:
        return item(self.public, contents(author, ticket, given, **more))
