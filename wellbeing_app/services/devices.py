"""The tablets: enrolled by an advisor, known by a token that can only deliver, counted at every contact."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from wellbeing_app.model import Device, DeviceUser
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import NotFound
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import readable

TOKEN_LASTS = timedelta(days=90)
LATEST = timedelta(minutes=10)
LONGEST_NAME = 60
LONGEST_SHELL = 64

_BY_TOKEN = select(Device).where(Device.token_hash == bindparam("token_hash"))


@dataclass(frozen=True)
class Contact:
    """What a device says of itself when it delivers: `unsent` has the items that it is sending among them.

    `vaults`: whose it holds; None if it does not say, as older versions do.
    """

    shell: str
    unsent: int
    now: datetime | None
    items: int
    vaults: Collection[uuid.UUID] | None = None


def enrol(db: Session, actor: Actor, token: str | None, name: str, shell: str) -> tuple[Device, str]:
    """This browser, with the actor among its users; and its token, a fresh one if it had none that counts."""
    access.require(actor, Action.PACK)
    device = find(db, token)
    if device is None or token is None or device.revoked_at is not None:
        device, token = _new(db, actor, name)
    device.shell, device.last_seen_at = shell[:LONGEST_SHELL], clock.now()
    user = _user(db, device.id, actor.id)
    if user is None:
        db.add(DeviceUser(device_id=device.id, staff_id=actor.id, added_at=clock.now()))
    else:
        user.wipe_asked_at = user.wiped_at = None
    db.flush()
    audit.record(db, actor, "device_enrolled", subject=f"device:{device.id}", name=device.name)
    return device, token


def find(db: Session, token: str | None) -> Device | None:
    """The device with this token, revoked ones too."""
    if not token:
        return None
    return db.scalars(_BY_TOKEN, {"token_hash": digest(token)}).one_or_none()


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_user(db: Session, device: Device | None, staff_id: uuid.UUID) -> bool:
    """Whether this member of staff has a vault on this device, and it may be filled."""
    return device is not None and device.revoked_at is None and _user(db, device.id, staff_id) is not None


def note_contact(db: Session, device: Device, contact: Contact) -> int:
    """Write down what a device said of itself; returns how many unsent answers it has lost in all.

    Counts only go up on the device until a receipt; if fewer are left than after its last contact, they are
    gone. What arrives late, by the device's own clock, says nothing new.
    """
    if not _is_late(device.device_time, contact.now):
        device.lost += max(0, device.unsent - contact.unsent)
        device.unsent = max(0, contact.unsent - contact.items)
        device.device_time = contact.now
        _note_vaults(db, device, contact.vaults)
    device.shell, device.last_seen_at = contact.shell[:LONGEST_SHELL], clock.now()
    return device.lost


def _note_vaults(db: Session, device: Device, vaults: Collection[uuid.UUID] | None) -> None:
    """A vault that was to be erased, and is there no more, was."""
    if vaults is None:
        return
    for user in device.to_forget:
        if user.staff_id in vaults:
            user.wiped_at = None
        elif user.wiped_at is None:
            user.wiped_at = clock.now()
            subject, whose = f"device:{device.id}", str(user.staff_id)
            audit.record(db, None, "device_wiped", subject=subject, name=device.name, whose=whose)


def _is_late(before: datetime | None, now: datetime | None) -> bool:
    """Whether it was sent before the last one. A clock that was put back by more was wrong, not late."""
    return before is not None and now is not None and now < before < now + LATEST


def to_wipe(device: Device, contact: Contact) -> Sequence[uuid.UUID]:
    """Whose vaults must go from this device: told once it has nothing left to send."""
    if contact.unsent > contact.items:
        return []
    return [user.staff_id for user in device.to_forget if user.wiped_at is None]


def everyone(db: Session, actor: Actor) -> Sequence[Device]:
    """All devices, those in use first, the last seen first."""
    access.require(actor, Action.SEE_DEVICES)
    query = select(Device).options(
        joinedload(Device.enrolled_by), selectinload(Device.users).joinedload(DeviceUser.staff)
    )
    return db.scalars(query.order_by(Device.revoked_at.is_not(None), Device.last_seen_at.desc())).all()


def revoke(db: Session, actor: Actor, device_id: uuid.UUID) -> Device:
    """From now on what it sends is held, nothing is packed on it, and its vaults go at its next contact."""
    device = _manage(db, actor, device_id)
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        audit.record(db, actor, "device_revoked", subject=f"device:{device.id}", name=device.name)
    return device


def restore(db: Session, actor: Actor, device_id: uuid.UUID) -> Device:
    """Take a revocation back. A vault that was erased meanwhile is made again by packing."""
    device = _manage(db, actor, device_id)
    if device.revoked_at is not None:
        device.revoked_at = None
        audit.record(db, actor, "device_restored", subject=f"device:{device.id}", name=device.name)
    return device


def ask_for_wipe(db: Session, actor: Actor, device_id: uuid.UUID) -> Device:
    """Have everybody's vault erased at the device's next contact; what waits there is sent first."""
    device = _manage(db, actor, device_id)
    now = clock.now()
    db.execute(update(DeviceUser).where(DeviceUser.device_id == device.id).values(wipe_asked_at=now))
    audit.record(db, actor, "device_wipe_asked", subject=f"device:{device.id}", name=device.name)
    return device


def call_off_wipe(db: Session, actor: Actor, device_id: uuid.UUID) -> Device:
    """Take it back, as far as the device has not heard of it yet."""
    device = _manage(db, actor, device_id)
    db.execute(update(DeviceUser).where(DeviceUser.device_id == device.id).values(wipe_asked_at=None))
    audit.record(db, actor, "device_wipe_called_off", subject=f"device:{device.id}", name=device.name)
    return device


def note_loss_seen(db: Session, actor: Actor, device_id: uuid.UUID) -> Device:
    """Somebody has looked into what a device lost; the alarm ends."""
    device = _manage(db, actor, device_id, Action.SEE_DEVICES)
    if device.lost:
        audit.record(
            db, actor, "device_loss_seen", subject=f"device:{device.id}", name=device.name, lost=device.lost
        )
        device.lost = 0
    return device


def _manage(
    db: Session, actor: Actor, device_id: uuid.UUID, action: Action = Action.MANAGE_DEVICES
) -> Device:
    access.require(actor, action)
    device = db.get(Device, device_id, options=[selectinload(Device.users)])
    if device is None:
        raise NotFound(str(device_id))
    return device


def _new(db: Session, actor: Actor, name: str) -> tuple[Device, str]:
    token, now = secrets.token_urlsafe(32), clock.now()
    device = Device(
        name=readable(name).strip()[:LONGEST_NAME],
        token_hash=digest(token),
        enrolled_at=now,
        enrolled_by_id=actor.id,
        last_seen_at=now,
    )
    db.add(device)
    db.flush()
    return device, token


def _user(db: Session, device_id: uuid.UUID, staff_id: uuid.UUID) -> DeviceUser | None:
    query = select(DeviceUser).where(DeviceUser.device_id == device_id, DeviceUser.staff_id == staff_id)
    return db.scalars(query).one_or_none()
