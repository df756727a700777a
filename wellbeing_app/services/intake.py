"""The service's own key, that tablets seal finished answers to, and the opening of what they sealed.

HPKE (RFC 9180), base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Whoever has the public key
can seal, so a box says nothing about who sent it: that is the device's cookie.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from wellbeing_app.model import IntakeKey
from wellbeing_app.services import clock

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.hpke import Suite

VERSION = b"\x01"
KEY_ID_BYTES = 8
PUBLIC_BYTES = 65
PRIVATE_BYTES = 32
INFO = "wellbeing/1/"

_KEYS = cast(Table, IntakeKey.__table__)
_PRIVATE = select(_KEYS.c.id, _KEYS.c.private)
_PUBLIC = select(_KEYS.c.id, _KEYS.c.public).order_by(_KEYS.c.created_at.desc())


class Unreadable(Exception):
    """The box is not one of ours, was sealed to a key we do not have, or was damaged."""


@dataclass(frozen=True)
class PublicKey:
    """A key to seal to; `id` is the first 8 bytes of the SHA-256 of `raw` (65 bytes), in hex."""

    id: str
    raw: bytes


def public_keys(db: Session) -> Sequence[PublicKey]:
    """The keys to seal to, the newest first. Makes the first when it is first wanted."""
    rows = db.execute(_PUBLIC).all()
    return [PublicKey(key_id, raw) for key_id, raw in rows] or [make_key(db)]


def make_key(db: Session) -> PublicKey:
    """A fresh key, that devices use from their next contact on. Older ones go on opening what they sealed."""
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.private_numbers()
    point = numbers.public_numbers
    raw = b"\x04" + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")
    key = PublicKey(key_id(raw), raw)
    secret = numbers.private_value.to_bytes(PRIVATE_BYTES, "big")
    db.add(IntakeKey(id=key.id, public=raw, private=secret, created_at=clock.now()))
    db.flush()
    return key


def key_id(public: bytes) -> str:
    """How a box names the key that it was sealed to."""
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES].hex()


def private_keys(db: Session) -> Mapping[str, bytes]:
    """Every private key by its id, for `open_box`."""
    return dict(db.execute(_PRIVATE).all())


def open_box(keys: Mapping[str, bytes], item_id: str, sealed: bytes) -> dict[str, Any]:
    """What was sealed as this item; raises `Unreadable`."""
    version, named, body = sealed[:1], sealed[1 : 1 + KEY_ID_BYTES].hex(), sealed[1 + KEY_ID_BYTES :]
    if version != VERSION or named not in keys or len(body) <= PUBLIC_BYTES:
        raise Unreadable
    from cryptography.exceptions import InvalidTag

    try:
        content = json.loads(_suite().decrypt(body, _private(keys[named]), info=(INFO + item_id).encode()))
    except (InvalidTag, ValueError, RecursionError) as broken:
        raise Unreadable from broken
    if not isinstance(content, dict):
        raise Unreadable
    return content


def bytes_of(text: str) -> bytes:
    """base64url, as boxes travel; what is none stays the text it is, for somebody to look at."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return text.encode()


# The library takes 7 MB of memory, and most workers of most services never open a box.
@lru_cache(maxsize=1)
def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@lru_cache(maxsize=8)
def _private(secret: bytes) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
