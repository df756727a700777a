"""What tablets did: visits that were packed and never came, and what was sent and is held, for any reason."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, days_ago, refer
from tests.support.sealing import contents, item
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Device, Occasion, SyncItem, Ticket
from wellbeing_app.services import clock, devices, intake, packing, surveys, sync, tickets
from wellbeing_app.services.devices import Contact

ONE, TWO = INSTRUMENT.keys[:2]
WORRY = {"concern": "She said that she has not eaten since Tuesday", "told": "The duty manager"}


def held(db: Session, crew: Crew) -> dict[str, uuid.UUID]:
    """Held items of Asha’s, on a tablet that lost an answer and on one that is revoked."""
    device = devices.enrol(db, crew.asha, None, "Asha’s tablet", "a1b2c3")[0]
    lost = devices.enrol(db, crew.asha, None, "The old tablet", "a1b2c2")[0]
    device.lost, device.unsent = 1, 3
    lost.revoked_at = clock.now()
    _never_came(db, crew, device)
    early, saved, gone = (_visit(db, crew, name) for name in ("Ines", "Sol", "Wanda"))
    surveys.record(db, crew.asha, saved.id, answers({ONE: 2}))
    tickets.void(db, crew.asha, gone.id)
    who = {"first_name": "Bo", "last_name": "Newcome", "telephone": "01709 000000"}
    return {
        "held_stranger": _send(db, crew, device, None, person=who, flag=WORRY),
        "held_two": _send(db, crew, device, saved, scores={ONE: 4, TWO: 5}),
        "held_wrong": _send(db, crew, device, early, scores={ONE: 6}),
        "held_cancelled": _send(db, crew, device, gone),
        "held_revoked": _send(db, crew, lost, _visit(db, crew, "Uma")),
        "held_unread": _send(db, crew, device, None, sealed=b"not a box"),
    }


def _visit(db: Session, crew: Crew, name: str) -> Ticket:
    return tickets.plan(db, crew.asha, refer(db, crew.asha, name).id, Occasion.BASELINE, days_ago(0))


def _never_came(db: Session, crew: Crew, device: Device) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        ticket = _visit(db, crew, "Nadia")
        packing.pack(db, crew.asha, device, [ticket.id])


def _send(
    db: Session,
    crew: Crew,
    device: Device,
    ticket: Ticket | None,
    scores: dict[str, int] | None = None,
    sealed: bytes = b"",
    **more: Any,
) -> uuid.UUID:
    one = item(intake.public_keys(db)[0].raw, contents(crew.asha, ticket, answers(scores), **more))
    if sealed:
        one = sync.Item(one.id, hashlib.sha256(sealed).hexdigest(), sealed)
    contact = Contact("a1b2c3", device.unsent + 1, clock.now(), 1)
    db.refresh(device, ["users"])
    sync.receive(db, device, contact, [one])
    return db.scalars(select(SyncItem.id).where(SyncItem.item_id == one.id)).one()
