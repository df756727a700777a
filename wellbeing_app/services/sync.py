"""Taking custody of what a tablet sends: one transaction, one receipt for each item, nothing ever refused.

The same item again gets the same receipt. What cannot be recorded is held for a person, sealed as it came and
open as far as it could be read; `reason` says why.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from wellbeing_app.model import Custody, Device, ItemKind, Outcome, ServiceUser, SyncItem
from wellbeing_app.services import audit, clock, contents, devices, intake, judging, modes, safety, surveys
from wellbeing_app.services.contents import Contents, NotUnderstood
from wellbeing_app.services.devices import Contact
from wellbeing_app.services.intake import PublicKey, Unreadable
from wellbeing_app.services.judging import Verdict

MOST_ITEMS = 25
TRIES = 5
DAMAGED, CONFLICT = "damaged", "conflict"

_ITEM = cast(Table, SyncItem.__table__)
_INSERT = insert(_ITEM)
_KNOWN = select(_ITEM.c.item_id, _ITEM.c.sha256, _ITEM.c.state, _ITEM.c.reason, _ITEM.c.survey_id).where(
    _ITEM.c.item_id.in_(bindparam("items", expanding=True))
)


class Item(NamedTuple):
    """One thing as it was sent; `sha256` is what its device says of `sealed`, in hex."""

    id: str
    sha256: str
    sealed: bytes


class Receipt(NamedTuple):
    """These bytes (`sha256` is of what came) of this item are in custody; `say` is why they are held."""

    id: str
    sha256: str
    state: Custody
    say: str = ""


@dataclass(frozen=True)
class Reply:
    """What a device is told: a receipt for each item in order, keys to seal to, and whose vaults must go."""

    receipts: Sequence[Receipt]
    intake: Sequence[PublicKey]
    wipe: Sequence[uuid.UUID] = ()
    revoked: bool = False
    lost: int = 0


@dataclass(frozen=True)
class Opened:
    """An item that came for the first time, as far as it could be read."""

    item: Item
    sha256: str
    plain: Mapping[str, Any] | None = None
    said: Contents | None = None
    reason: str = ""


def receive(db: Session, device: Device | None, contact: Contact, items: Sequence[Item]) -> Reply:
    """Take custody of all of these; `device` None when the sender could not show who it is."""
    receipts = _take_custody(db, device, contact, items)
    if device is None:
        return Reply(receipts, intake.public_keys(db))
    lost = devices.note_contact(db, device, contact)
    wipe = devices.to_wipe(device, contact)
    return Reply(receipts, intake.public_keys(db), wipe, device.revoked_at is not None, lost)


def _take_custody(
    db: Session, device: Device | None, contact: Contact, items: Sequence[Item]
) -> list[Receipt]:
    """All at once; should the database refuse that, each by itself, so that one cannot hold up another."""
    for _ in range(TRIES):
        try:
            with db.begin_nested():
                return _receive(db, device, contact, items)
        except IntegrityError:  # the same item came by another request at the same moment
            continue
        except DBAPIError:
            break
    return [_receive_alone(db, device, contact, item) for item in items]


def _receive_alone(db: Session, device: Device | None, contact: Contact, item: Item) -> Receipt:
    try:
        with db.begin_nested():
            return _receive(db, device, contact, [item])[0]
    except DBAPIError:
        return _receive(db, device, contact, [item], unwritable=True)[0]


def _receive(
    db: Session, device: Device | None, contact: Contact, items: Sequence[Item], *, unwritable: bool = False
) -> list[Receipt]:
    hashes = [hashlib.sha256(item.sealed).hexdigest() for item in items]
    known = _known(db, {item.id for item in items})
    fresh = {
        (item.id, sha256): item
        for item, sha256 in zip(items, hashes, strict=True)
        if (item.id, sha256) not in known
    }
    if fresh:
        opened = _open_all(db, fresh, known, unwritable=unwritable)
        known |= _keep(db, device, contact, opened, known)
    return [known[item.id, sha256] for item, sha256 in zip(items, hashes, strict=True)]


def _known(db: Session, ids: set[str]) -> dict[tuple[str, str], Receipt]:
    rows = db.execute(_KNOWN, {"items": list(ids)}) if ids else ()
    return {(row.item_id, row.sha256): _receipt_of(row) for row in rows}


def _receipt_of(row: Any) -> Receipt:
    if row.state is Custody.RECORDED or row.survey_id is not None:
        return Receipt(row.item_id, row.sha256, Custody.RECORDED)
    return Receipt(row.item_id, row.sha256, Custody.HELD, row.reason)


def _open_all(
    db: Session,
    fresh: Mapping[tuple[str, str], Item],
    known: Mapping[tuple[str, str], Receipt],
    *,
    unwritable: bool,
) -> list[Opened]:
    keys = intake.private_keys(db)
    came_whole = {receipt.id for receipt in known.values() if receipt.say != DAMAGED}
    opened = []
    for (item_id, sha256), item in fresh.items():
        if unwritable:
            opened.append(Opened(item, sha256, reason="unwritable"))
        elif sha256 != item.sha256:
            opened.append(Opened(item, sha256, reason=DAMAGED))
        else:
            opened.append(open_one(keys, item, CONFLICT if item_id in came_whole else ""))
            came_whole.add(item_id)
    return opened


def open_one(keys: Mapping[str, bytes], item: Item, reason: str = "") -> Opened:
    """What is in it, as far as it can be read; with the reason to hold it for, if there is one."""
    plain = None
    try:
        plain = _with_person(keys, item.id, intake.open_box(keys, item.id, item.sealed))
        return Opened(item, item.sha256, plain, contents.read(plain), reason)
    except Unreadable:
        return Opened(item, item.sha256, None, None, reason or "unreadable")
    except NotUnderstood as odd:
        return Opened(item, item.sha256, plain, None, reason or str(odd))


def _with_person(keys: Mapping[str, bytes], item_id: str, plain: dict[str, Any]) -> dict[str, Any]:
    """Who it is, where that was sealed by itself: it lay on a tablet that was in the person's own hands."""
    sealed = plain.pop("person_sealed", None)
    if not isinstance(sealed, str):
        return plain
    try:
        return {**plain, "person": intake.open_box(keys, f"{item_id}/person", intake.bytes_of(sealed))}
    except Unreadable:
        return plain


def _keep(
    db: Session,
    device: Device | None,
    contact: Contact,
    opened: Sequence[Opened],
    known: Mapping[tuple[str, str], Receipt],
) -> dict[tuple[str, str], Receipt]:
    offset = clock.now() - contact.now if contact.now else timedelta()
    said = [one.said for one in opened if one.said is not None]
    bench = judging.prepare(db, device, offset, said)
    verdicts = [
        bench.judge(one.said) if one.said and not one.reason else Verdict(one.reason) for one in opened
    ]
    surveys.record_all(db, [verdict.ready for verdict in verdicts if verdict.ready])
    _keep_modes(db, opened, verdicts, offset)
    rows = [_row(device, contact, one, verdict) for one, verdict in zip(opened, verdicts, strict=True)]
    db.execute(_INSERT, rows)
    if any(receipt.say == DAMAGED for receipt in known.values()):
        _settle_damaged(db, [one.item.id for one in opened if one.reason != DAMAGED])
    tell(db, device, opened, verdicts, [row["id"] for row in rows])
    return {(row["item_id"], row["sha256"]): _receipt(row) for row in rows}


def _keep_modes(
    db: Session, opened: Sequence[Opened], verdicts: Sequence[Verdict], offset: timedelta
) -> None:
    for one, verdict in zip(opened, verdicts, strict=True):
        if verdict.ready and verdict.author and verdict.promise and one.said:
            changes = [replace(change, at=change.at + offset) for change in one.said.modes]
            modes.keep(db, verdict.author, verdict.promise.person_id, verdict.promise.id, changes)


def _row(device: Device | None, contact: Contact, one: Opened, verdict: Verdict) -> dict[str, Any]:
    said, is_held = one.said, bool(verdict.reason)
    offset = clock.now() - contact.now if contact.now else None
    return {
        "id": uuid.uuid4(),
        "item_id": one.item.id,
        "sha256": one.sha256,
        "kind": said.kind if said else ItemKind.UNREAD,
        "state": Custody.HELD if is_held else Custody.RECORDED,
        "reason": verdict.reason,
        "device_id": device.id if device else None,
        "author_id": said.author_id if said else None,
        "ticket_id": said.ticket_id if said else None,
        "survey_id": verdict.ready.survey_id if verdict.ready else verdict.survey_id,
        "received_at": clock.now(),
        "device_time": contact.now,
        "offset_seconds": int(offset.total_seconds()) if offset is not None else None,
        "sealed": one.item.sealed if is_held else None,
        "content": contents.tidy(one.plain) if is_held and one.plain else None,
    }


def _receipt(row: Mapping[str, Any]) -> Receipt:
    return Receipt(row["item_id"], row["sha256"], row["state"], row["reason"])


def _settle_damaged(db: Session, came_whole: Sequence[str]) -> None:
    """A copy that was damaged on its way is no longer of interest when the same item came whole."""
    of_these = SyncItem.item_id.in_(came_whole) & (SyncItem.reason == DAMAGED)
    settled = {
        "state": Custody.SETTLED,
        "outcome": Outcome.CAME_WHOLE,
        "settled_at": clock.now(),
        "sealed": None,
    }
    db.execute(update(SyncItem).where(of_these, SyncItem.state == Custody.HELD).values(settled))


def tell(
    db: Session,
    device: Device | None,
    opened: Sequence[Opened],
    verdicts: Sequence[Verdict],
    rows: Sequence[uuid.UUID],
) -> None:
    """The trail; and the safety flags, whatever became of the answers they came with."""
    of_device = {"device": device.name} if device else {}
    entries = [_entry(verdict, row, of_device) for verdict, row in zip(verdicts, rows, strict=True)]
    audit.record_all(db, entries)
    for one, verdict in zip(opened, verdicts, strict=True):
        if device is not None and one.said and one.said.concern and verdict.promise and verdict.author:
            person = db.get_one(ServiceUser, verdict.promise.person_id)
            concern = one.said.concern
            safety.flag_person(db, verdict.author, person, concern.concern, concern.told, concern.flag_id)


def _entry(verdict: Verdict, row: uuid.UUID, of_device: Mapping[str, str]) -> dict[str, object]:
    author = verdict.author.id if verdict.author else None
    person = verdict.promise.person_id if verdict.promise else None
    if verdict.ready is not None:
        ready = verdict.ready
        detail = {"occasion": ready.occasion, "mode": ready.given.mode, **of_device}
        return audit.entry(author, "survey_recorded", person, f"survey:{ready.survey_id}", detail)
    action = "item_held" if verdict.reason else "item_received"
    detail = {"reason": verdict.reason, **of_device} if verdict.reason else dict(of_device)
    return audit.entry(author, action, person, f"item:{row}", detail)
