"""Sealed boxes between browser and server: RFC 9180's bytes, there and back, and no change goes unseen."""

from __future__ import annotations

import hashlib
import random

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Page

from tests.support.hpke import SUITE, Sender, key_of, raw

SEED = 1889
IN_PAGE = """const seal = await import('/static/js/seal.js')
    const CURVE = { name: 'ECDH', namedCurve: 'P-256' }
    const bytes = hex => new Uint8Array(hex.match(/../g)?.map(byte => parseInt(byte, 16)) ?? [])
    const hex = raw => Array.from(raw, byte => byte.toString(16).padStart(2, '0')).join('')
    const secret = pkcs8 => crypto.subtle.importKey('pkcs8', bytes(pkcs8), CURVE, true, ['deriveBits'])"""
WITH_THE_VECTORS_KEY = f"""async ({{ recipient, info, text, oneTime, point }}) => {{
    {IN_PAGE}
    const publicKey = await crypto.subtle.importKey('raw', bytes(point), CURVE, true, [])
    const pair = {{ privateKey: await secret(oneTime), publicKey }}
    return hex(await seal.encryptTo(bytes(recipient), bytes(info), bytes(text), pair))
}}"""
SEAL = f"""async ({{ recipient, texts }}) => {{
    {IN_PAGE}
    const made = texts.map((text, at) => seal.seal(bytes(recipient), `box ${{at}}`, bytes(text)))
    return (await Promise.all(made)).map(hex)
}}"""
OPEN = f"""async ({{ key, point, boxes }}) => {{
    {IN_PAGE}
    const own = await secret(key)
    const open = ([id, box]) => seal.open(own, bytes(point), id, bytes(box)).then(hex, () => null)
    return Promise.all(boxes.map(open))
}}"""


def pkcs8(key: EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()).hex()


def point(key: EllipticCurvePrivateKey) -> bytes:
    return raw(key.public_key())


def key_id(key: EllipticCurvePrivateKey) -> bytes:
    return hashlib.sha256(point(key)).digest()[:8]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)


@pytest.fixture
def office(page: Page, chance: random.Random) -> EllipticCurvePrivateKey:
    """The office's key, and a page from which our modules may be loaded."""
    page.goto("/help")
    return key_of(chance.randbytes(32))


def texts(chance: random.Random, many: int) -> list[bytes]:
    return [chance.randbytes(chance.choice((0, 1, 16, 100, 700))) for _ in range(many)]


def sealed_here(chance: random.Random, key: EllipticCurvePrivateKey, box_id: str, text: bytes) -> bytes:
    sender = Sender.to(key.public_key(), f"wellbeing/1/{box_id}".encode(), key_of(chance.randbytes(32)))
    return b"\1" + key_id(key) + sender.enc + sender.seal(text)


def opened_here(key: EllipticCurvePrivateKey, box_id: str, box: bytes) -> bytes:
    assert box[:9] == b"\1" + key_id(key)
    return SUITE.decrypt(box[9:], key, info=f"wellbeing/1/{box_id}".encode())


def test_with_the_same_one_time_key_the_browser_makes_the_bytes_of_the_rfc(
    page: Page, office: EllipticCurvePrivateKey, chance: random.Random
) -> None:
    for text in texts(chance, 20):
        one_time, info = key_of(chance.randbytes(32)), chance.randbytes(40)
        sender = Sender.to(office.public_key(), info, one_time)
        sent = {"recipient": point(office), "info": info, "text": text, "point": point(one_time)}
        asked = {name: value.hex() for name, value in sent.items()} | {"oneTime": pkcs8(one_time)}
        assert page.evaluate(WITH_THE_VECTORS_KEY, asked) == (sender.enc + sender.seal(text)).hex()


def test_what_one_side_seals_the_other_opens(
    page: Page, office: EllipticCurvePrivateKey, chance: random.Random, boxes: int
) -> None:
    for _ in range(0, boxes, 500):
        many = min(boxes, 500) // 2
        there = texts(chance, many)
        made = page.evaluate(SEAL, {"recipient": point(office).hex(), "texts": [one.hex() for one in there]})
        found = [opened_here(office, f"box {at}", bytes.fromhex(box)) for at, box in enumerate(made)]
        assert found == there
        names = [f"box {at}" for at in range(many)]
        back = [sealed_here(chance, office, *each).hex() for each in zip(names, there, strict=True)]
        keys = {"key": pkcs8(office), "point": point(office).hex()}
        found_there = page.evaluate(OPEN, keys | {"boxes": list(zip(names, back, strict=True))})
        assert found_there == [text.hex() for text in there]


def changed(chance: random.Random, box: bytes) -> bytes:
    """One bit, one byte less or more, or two boxes' parts."""
    how = chance.randrange(4)
    if how == 0:
        at = chance.randrange(len(box) * 8)
        return bytes(byte ^ (1 << at % 8 if at // 8 == place else 0) for place, byte in enumerate(box))
    if how == 1:
        return box[: chance.randrange(len(box))]
    if how == 2:
        return box + chance.randbytes(1 + chance.randrange(20))
    at = chance.randrange(len(box))
    return box[:at] + bytes([box[at] ^ (1 + chance.randrange(255))]) + box[at + 1 :]


def test_no_change_of_a_box_its_id_or_its_key_goes_unseen(
    page: Page, office: EllipticCurvePrivateKey, chance: random.Random, boxes: int
) -> None:
    box, other = (sealed_here(chance, office, "box 1", b"in confidence " * 20) for _ in range(2))
    asked = {"key": pkcs8(office), "point": point(office).hex()}
    whole = [("box 1", box.hex()), ("box 1", other.hex())]
    assert None not in page.evaluate(OPEN, asked | {"boxes": whole})
    mixed = [("box 2", box), ("", box), ("box 1", box[:74] + other[74:])]
    for _ in range(0, boxes, 500):
        tried = [*mixed, *(("box 1", changed(chance, box)) for _ in range(min(boxes, 500)))]
        found = page.evaluate(OPEN, asked | {"boxes": [(name, one.hex()) for name, one in tried]})
        assert set(found) == {None}
        for name, one in tried:
            with pytest.raises((InvalidTag, ValueError, AssertionError)):
                opened_here(office, name, one)


def test_a_box_tells_nothing_by_its_length(page: Page, office: EllipticCurvePrivateKey) -> None:
    lengths = page.evaluate(
        """async () => {
            const { generate, sealJSON, openJSON } = await import('/static/js/seal.js')
            const { publicKey, privateKey } = await generate()
            const seen = []
            for (const note of ['', 'short', 'long '.repeat(300)]) {
                const box = await sealJSON(publicKey, 'box', { note })
                if ((await openJSON(privateKey, publicKey, 'box', box)).note !== note) throw new Error('lost')
                seen.push(box.length)
            }
            return seen
        }"""
    )
    assert len(set(lengths)) == 1
