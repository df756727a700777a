"""From a file that somebody sent to grey pictures of pages, or a refusal with its reason.

What a file claims about its size is looked at before anything of it is unpacked.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

Grey = NDArray[np.uint8]

LARGEST_FILE: Final = 60_000_000
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 15_000
MOST_PAGES: Final = 200
LARGEST_PAPER_MM: Final = 600
PDF_DEPTH: Final = 4
MOST_BYTES: Final = 150_000_000
"""Of a picture when it is unpacked."""
STRIP: Final = 512
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LONG_SIDE: Final = 2600
"""Pictures are made no larger than this many pixels, since more tell no more about a tick."""
FORMATS: Final = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF")
MM_TO_POINTS: Final = 72 / 25.4


class Refused(Exception):
    """The file or page cannot be read; `reason` is one of a few words that the page explains."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def pages(content: bytes, skip: int = 0) -> Iterator[Grey | Refused]:
    """Each page after the first `skip` as a grey picture, or why this one is none.

    Raises `Refused` where the rest of the file cannot be read.
    """
    _look_at_size(content)
    if _is_pdf(content):
        yield from _of_pdf(content, skip)
    elif _is_heic(content):
        raise Refused("heic")
    else:
        yield from _of_picture(content, skip)


def count(content: bytes) -> int:
    """How many pages there are; raises `Refused`."""
    _look_at_size(content)
    if _is_pdf(content):
        with _opened(content) as document:
            return len(document)
    try:
        with Image.open(io.BytesIO(content), formats=("TIFF",)) as picture:
            return min(int(getattr(picture, "n_frames", 1)), MOST_PAGES + 1)
    except Exception:  # as below; what is no pile is one page
        return 1


def _look_at_size(content: bytes) -> None:
    if not content:
        raise Refused("empty")
    if len(content) > LARGEST_FILE:
        raise Refused("too_large")


def _is_pdf(content: bytes) -> bool:
    return content[:1024].lstrip()[:5] == b"%PDF-"


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"msf1", b"avif")


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        raise Refused("encrypted" if "assword" in str(problem) else "broken") from problem
    try:
        if len(document) > MOST_PAGES:
            raise Refused("too_many_pages")
        if not len(document):
            raise Refused("empty")
        yield document
    finally:
        document.close()


def _of_pdf(content: bytes, skip: int) -> Iterator[Grey | Refused]:
    with _opened(content) as document:
        for number in range(skip, len(document)):
            try:
                yield _drawn(document, number)
            except Refused as refused:
                yield refused


def _drawn(document: Any, number: int) -> Grey:
    try:
        page = document[number]
        width, height = page.get_size()
        if not 0 < max(width, height) <= LARGEST_PAPER_MM * MM_TO_POINTS or min(width, height) < 20:
            raise Refused("not_paper")
        _look_at_pictures(page)
        bitmap = page.render(scale=LONG_SIDE / max(width, height), grayscale=True)
        return _sized(np.array(bitmap.to_numpy()).squeeze())
    except pypdfium2.PdfiumError as problem:
        raise Refused("broken") from problem


def _look_at_pictures(page: Any) -> None:
    """Before they are unpacked."""
    pixels = 0
    for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=PDF_DEPTH):
        width, height = picture.get_px_size()
        pixels += width * height
    if pixels > MOST_PIXELS:
        raise Refused("too_large")


def _of_picture(content: bytes, skip: int) -> Iterator[Grey]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield from _frames(content, skip)
        except Refused:
            raise
        except UnidentifiedImageError as problem:
            raise Refused("not_a_picture") from problem
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
            raise Refused("too_large") from problem
        except Exception as problem:  # Pillow has a dozen ways to say that a file is broken
            raise Refused("broken") from problem


def _frames(content: bytes, skip: int) -> Iterator[Grey]:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        if count > MOST_PAGES:
            raise Refused("too_many_pages")
        for number in range(skip, count):
            if count > 1:
                picture.seek(number)
            if picture.format == "JPEG":
                picture.draft("L", (LONG_SIDE, LONG_SIDE))
            width, height = picture.size
            if (
                width * height > min(MOST_PIXELS, MOST_BYTES / _depth(picture))
                or max(width, height) > LONGEST_SIDE
            ):
                raise Refused("too_large")
            if min(width, height) < 300:
                raise Refused("too_small")
            yield _sized(_upright(picture, _grey(picture)))


def _depth(picture: Image.Image) -> int:
    """Bytes that each pixel takes when it is unpacked: four in any colour."""
    if len(picture.getbands()) > 1 or picture.mode in ("I", "F"):
        return 4
    return 2 if picture.mode.startswith("I") else 1


def _grey(picture: Image.Image) -> Grey:
    """Strip by strip, for a whole copy in colour can be 150 MB."""
    picture.load()
    is_deep = picture.mode.startswith(("I", "F"))
    low, high = _range(picture) if is_deep else (0.0, 255.0)
    width, height = picture.size
    found = np.empty((height, width), np.uint8)
    for top in range(0, height, STRIP):
        strip = picture.crop((0, top, width, min(height, top + STRIP)))
        found[top : top + STRIP] = _of_deep(strip, low, high) if is_deep else _of_strip(strip)
    return found


def _of_strip(strip: Image.Image) -> Grey:
    if strip.mode in ("RGBA", "LA", "PA") or "transparency" in strip.info:
        layer = strip.convert("RGBA")
        on_white = Image.new("RGBA", layer.size, "white")
        on_white.alpha_composite(layer)
        strip = on_white
    return np.asarray(strip.convert("L"))


def _range(picture: Image.Image) -> tuple[float, float]:
    """The darkest and the lightest of more than 256 greys."""
    lowest, highest = cast("tuple[float, float]", picture.getextrema())
    if not np.isfinite((lowest, highest)).all():
        raise Refused("broken")
    return lowest, highest


def _of_deep(strip: Image.Image, lowest: float, highest: float) -> Grey:
    values = np.asarray(strip, dtype=np.float32)
    return ((values - lowest) * (255 / max(1.0, highest - lowest))).astype(np.uint8)


def _upright(picture: Image.Image, grey: Grey) -> Grey:
    """As its orientation (EXIF) says; as it is where that cannot be read."""
    try:
        turn = TURNS.get(picture.getexif().get(0x0112, 1))
    except Exception:  # what a camera wrote beside the picture may be anything
        turn = None
    return grey if turn is None else np.asarray(Image.fromarray(grey).transpose(turn))


def _sized(picture: Grey) -> Grey:
    longest = max(picture.shape[:2])
    if longest <= LONG_SIDE:
        return np.ascontiguousarray(picture)
    scale = LONG_SIDE / longest
    return cast(Grey, cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
