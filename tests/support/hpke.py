"""HPKE base mode written down once more from RFC 9180, to hold the browser's and the server's against it.

One suite: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Slow and only for tests.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = SECP256R1()
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
OF_KEM = b"KEM" + (0x10).to_bytes(2, "big")
OF_HPKE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x10, 1, 2))


def extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def expand(suite: bytes, secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(secret, text + b"\1", "sha256")[:length]


def key_of(ikm: bytes) -> EllipticCurvePrivateKey:
    """DeriveKeyPair; its first candidate, which all but one in four thousand million are."""
    secret = extract(OF_KEM, b"", b"dkp_prk", ikm)
    number = int.from_bytes(expand(OF_KEM, secret, b"candidate", b"\0", 32), "big")
    return derive_private_key(number, CURVE)


def raw(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Sender:
    """A sender's context: seals one text after the other."""

    enc: bytes
    key: bytes
    nonce: bytes
    sequence: int = 0

    @classmethod
    def to(cls, recipient: EllipticCurvePublicKey, info: bytes, one_time: EllipticCurvePrivateKey) -> Sender:
        enc = raw(one_time.public_key())
        secret = extract(OF_KEM, b"", b"eae_prk", one_time.exchange(ECDH(), recipient))
        shared = expand(OF_KEM, secret, b"shared_secret", enc + raw(recipient), 32)
        hashes = extract(OF_HPKE, b"", b"psk_id_hash", b"") + extract(OF_HPKE, b"", b"info_hash", info)
        secret = extract(OF_HPKE, shared, b"secret", b"")
        key, nonce = (
            expand(OF_HPKE, secret, label, b"\0" + hashes, length)
            for label, length in ((b"key", 32), (b"base_nonce", 12))
        )
        return cls(enc, key, nonce)

    def seal(self, text: bytes, aad: bytes = b"") -> bytes:
        number = int.from_bytes(self.nonce, "big") ^ self.sequence
        self.sequence += 1
        return AESGCM(self.key).encrypt(number.to_bytes(12, "big"), text, aad)


def accumulated(sender: Sender, times: int = 1000) -> str:
    """One digest over many encryptions of inputs that come from a stream."""
    inputs = hashlib.shake_128(b"").digest(times * 512)
    results, at = hashlib.shake_128(), 0

    def draw() -> bytes:
        nonlocal at
        length = inputs[at]
        drawn = inputs[at + 1 : at + 1 + length]
        at += 1 + length
        return drawn

    for _ in range(times):
        aad = draw()
        results.update(sender.seal(draw(), aad))
    return results.hexdigest(16)
