"""Files as nobody should send them: ruined from a seed, or made to do harm."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable
from functools import cache
from typing import Final

import cv2
import pypdf
from PIL import Image

from tests.support.scans.scoring import page_of


def ruined(seed: int) -> tuple[str, bytes]:
    """What was done to which kind of file, and the file."""
    chance = random.Random(f"ruin {seed}")
    kind = chance.choice(list(WHOLE))
    way = chance.choice(WAYS)
    return f"{kind}, {way.__name__}", way(chance, WHOLE[kind]())


@cache
def _pictures() -> tuple[Image.Image, ...]:
    pages = [page_of(f"to ruin {number}/scan 100", "scan 100")[0] for number in range(2)]
    return tuple(Image.fromarray(cv2.cvtColor(page, cv2.COLOR_BGR2RGB)) for page in pages)


@cache
def _saved(kind: str, mode: str = "RGB", *, many: bool = False, **options: object) -> bytes:
    first, *others = (picture.convert(mode) for picture in _pictures())
    file = io.BytesIO()
    more = {"save_all": True, "append_images": others} if many else {}
    first.save(file, kind, **more, **options)
    return file.getvalue()


@cache
def _locked() -> bytes:
    file, writer = io.BytesIO(), pypdf.PdfWriter(io.BytesIO(_saved("PDF")))
    writer.encrypt("a word")
    writer.write(file)
    return file.getvalue()


@cache
def _heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + _saved("JPEG")[:4000]


def _chunk(name: bytes, content: bytes) -> bytes:
    body = name + content
    return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


@cache
def _bomb() -> bytes:
    """A PNG of a kilobyte that claims 900 million pixels."""
    head = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    rows = _chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + rows + _chunk(b"IEND", b"")


@cache
def _pdf_bomb() -> bytes:
    """A PDF of three pages, each with the same picture of 400 million pixels in fifty kilobytes."""
    picture = zlib.compress(bytes(50_000_000), 9)
    about = b"/Type/XObject/Subtype/Image/Width 20000/Height 20000/ColorSpace/DeviceGray/BitsPerComponent 8"
    shown = b"q 595 0 0 842 0 0 cm /Big Do Q"
    uses = b"/Resources<</XObject<</Big 3 0 R>>>>/Contents 4 0 R"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%b>>" % uses
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 3/Kids[5 0 R 6 0 R 7 0 R]>>",
        b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (about, len(picture), picture),
        b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown),
        *[page] * 3,
    ]
    objects = b"".join(b"%d 0 obj%b\nendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return b"%PDF-1.4\n" + objects + b"trailer<</Root 1 0 R/Size 8>>\n%%EOF"


WHOLE: Final[dict[str, Callable[[], bytes]]] = {
    "PDF": lambda: _saved("PDF"),
    "PDF of two pages": lambda: _saved("PDF", many=True),
    "PDF with a password": _locked,
    "PDF bomb": _pdf_bomb,
    "JPEG": lambda: _saved("JPEG"),
    "JPEG in CMYK": lambda: _saved("JPEG", "CMYK"),
    "PNG": lambda: _saved("PNG"),
    "PNG bomb": _bomb,
    "TIFF": lambda: _saved("TIFF", compression="tiff_lzw"),
    "TIFF of two pages": lambda: _saved("TIFF", "1", many=True, compression="group4"),
    "BMP": lambda: _saved("BMP", "L"),
    "GIF": lambda: _saved("GIF", "L"),
    "WebP": lambda: _saved("WEBP"),
    "HEIC": _heic,
}


def as_it_is(_chance: random.Random, whole: bytes) -> bytes:
    return whole


def bytes_changed(chance: random.Random, whole: bytes) -> bytes:
    return _changed(chance, whole, len(whole))


def head_changed(chance: random.Random, whole: bytes) -> bytes:
    return _changed(chance, whole, 400)


def _changed(chance: random.Random, whole: bytes, within: int) -> bytes:
    found = bytearray(whole)
    for _ in range(chance.choice([1, 3, 30])):
        found[chance.randrange(min(within, len(found)))] = chance.randrange(256)
    return bytes(found)


def cut_short(chance: random.Random, whole: bytes) -> bytes:
    return whole[: chance.randrange(len(whole))]


def piece_gone(chance: random.Random, whole: bytes) -> bytes:
    at = chance.randrange(len(whole))
    return whole[:at] + whole[at + chance.randrange(1, 5000) :]


def piece_twice(chance: random.Random, whole: bytes) -> bytes:
    at = chance.randrange(len(whole))
    return whole[: at + 2000] + whole[at:]


def zeroed(chance: random.Random, whole: bytes) -> bytes:
    at, length = chance.randrange(len(whole)), chance.randrange(1, 2000)
    return whole[:at] + bytes(min(length, len(whole) - at)) + whole[at + length :]


def huge_number(chance: random.Random, whole: bytes) -> bytes:
    at = chance.randrange(min(300, len(whole)))
    return (
        whole[:at] + chance.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"99999999"]) + whole[at + 4 :]
    )


def two_in_one(chance: random.Random, whole: bytes) -> bytes:
    other = WHOLE[chance.choice(list(WHOLE))]()
    return whole[: chance.randrange(len(whole))] + other[chance.randrange(len(other)) :]


def rubbish(chance: random.Random, whole: bytes) -> bytes:
    return whole[: chance.randrange(64)] + chance.randbytes(chance.randrange(1, 20_000))


WAYS: Final = (
    as_it_is,
    bytes_changed,
    head_changed,
    cut_short,
    piece_gone,
    piece_twice,
    zeroed,
    huge_number,
    two_in_one,
    rubbish,
)
