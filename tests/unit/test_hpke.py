"""The reference that the browser's boxes are held against is RFC 9180's, and the server's library agrees."""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import derive_private_key

from tests.support.hpke import CURVE, SUITE, Sender, accumulated, key_of, raw

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "hpke.json").read_text())
INFO, IKM_E, IKM_R, SECRET, PUBLIC, ENC = (
    bytes.fromhex(VECTOR[name]) for name in ("info", "ikmE", "ikmR", "skRm", "pkRm", "enc")
)


def test_the_reference_makes_what_the_vector_says() -> None:
    recipient = key_of(IKM_R)
    assert recipient.private_numbers().private_value == int.from_bytes(SECRET, "big")
    assert raw(recipient.public_key()) == PUBLIC
    sender = Sender.to(recipient.public_key(), INFO, key_of(IKM_E))
    assert sender.enc == ENC
    assert accumulated(sender) == VECTOR["encryptions_accumulated"]


def test_the_servers_library_opens_what_the_reference_seals() -> None:
    recipient = derive_private_key(int.from_bytes(SECRET, "big"), CURVE)
    sender = Sender.to(recipient.public_key(), INFO, key_of(IKM_E))
    assert SUITE.decrypt(sender.enc + sender.seal(b"in confidence"), recipient, info=INFO) == b"in confidence"
