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
from PIL import Image, ImageOps, UnidentifiedImageError

Grey = NDArray[np.uint8]

LARGEST_FILE: Final = 60_000_000
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 15_000
MOST_PAGES: Final = 200
LARGEST_PAPER_MM: Final = 600
PDF_DEPTH: Final = 4
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
            width, height = picture.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                raise Refused("too_large")
            if min(width, height) < 300:
                raise Refused("too_small")
            yield _sized(_grey(picture))


def _grey(picture: Image.Image) -> Grey:
    if picture.format == "JPEG":
        picture.draft("L", (LONG_SIDE, LONG_SIDE))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(("I", "F")):
        return _of_deep(np.asarray(upright, dtype=np.float32))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        on_white = Image.new("RGBA", layer.size, "white")
        on_white.alpha_composite(layer)
        upright = on_white
    return np.asarray(upright.convert("L"))


def _of_deep(values: NDArray[np.float32]) -> Grey:
    lowest, highest = float(values.min()), float(values.max())
    if not np.isfinite((lowest, highest)).all():
        raise Refused("broken")
    return ((values - lowest) * (255 / max(1.0, highest - lowest))).astype(np.uint8)


def _sized(picture: Grey) -> Grey:
    longest = max(picture.shape[:2])
    if longest <= LONG_SIDE:
        return np.ascontiguousarray(picture)
    scale = LONG_SIDE / longest
    return cast(Grey, cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
