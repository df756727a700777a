"""The code on a printed form: a web address in capitals, drawn as a QR of rectangles.

`HTTPS://HOST/E/` + the form's letter, its version, the page, the language + 16 characters of the copy's own.
It identifies a sheet of paper and lets nobody in. Capitals and digits need far smaller squares than a usual
address, so that three copiers later it can still be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from wellbeing_app.services.codes import CROCKFORD, TOKEN_LENGTH

QUIET_MODULES: Final = 4
LARGEST_QR: Final = 4
"""The largest version whose squares are 0.65 mm or more in 28 mm (33 modules and the quiet zone)."""
MM: Final = 72 / 25.4
RUN: Final = re.compile(b"\x01+")
SHAPE: Final = re.compile(
    rf"(?P<form>[A-Z])(?P<version>[{CROCKFORD}])(?P<page>[1-9])(?P<language>[A-Z]{{2,3}}(?:-[A-Z0-9]{{2,8}})*)"
    rf"(?P<token>[{CROCKFORD}]{{{TOKEN_LENGTH}}})"
)


class AddressTooLong(ValueError):
    """The service's address leaves no room for the code; the message says how long it may be."""


@dataclass(frozen=True)
class SheetCode:
    """What a sheet's code says: which form, version, page and language, and which copy (`token`)."""

    form: str
    version: int
    page: int
    language: str
    token: str

    def text(self) -> str:
        """As it stands in the address."""
        version = CROCKFORD[self.version]
        return f"{self.form}{version}{self.page}{self.language.upper()}{self.token}"


def parse(text: str) -> SheetCode | None:
    """The code in a scanned text, be it the whole address or its end; None if there is none.

    Case does not matter. Whose address it is must be asked with `is_ours`.
    """
    found = SHAPE.fullmatch(text.strip().upper().rpartition("/")[2])
    if found is None:
        return None
    language, _, rest = found["language"].lower().partition("-")
    known = language if not rest else f"{language}-{rest.title() if len(rest) == 4 else rest.upper()}"
    return SheetCode(
        found["form"], CROCKFORD.index(found["version"]), int(found["page"]), known, found["token"]
    )


def is_ours(text: str, public_url: str) -> bool:
    """Whether a scanned text is a bare code, or an address of this service; not another's."""
    return "/" not in text.strip() or text.strip().upper().startswith(_start(public_url))


def address(public_url: str, code: SheetCode) -> str:
    """What the QR holds."""
    return _start(public_url) + code.text()


def modules(text: str) -> list[list[bool]]:
    """The QR's squares, row by row, dark ones True, without the quiet zone; raises `AddressTooLong`."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode
    from qrcode.util import MODE_ALPHA_NUM, QRData

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(QRData(text.encode(), mode=MODE_ALPHA_NUM), optimize=0)
    if code.best_fit() > LARGEST_QR:
        raise AddressTooLong(
            f"The address '{text.rpartition('/')[0]}' is too long for the code on paper: "
            "use one of at most 58 characters in WELLBEING_PUBLIC_URL."
        )
    code.make(fit=False)
    return code.get_matrix()


def drawing(dark: list[list[bool]], left: float, top: float, side: float) -> bytes:
    """PDF commands that draw the squares within a square of `side` mm, quiet zone included.

    `left`, `top`: mm from the top left of an A4 page. Neighbours in a row are one rectangle: no hairlines.
    """
    module = side / (len(dark) + 2 * QUIET_MODULES) * MM
    corner = left * MM + QUIET_MODULES * module, (297 - top) * MM - QUIET_MODULES * module
    squares = [f"q 0 g {module:.5f} 0 0 {-module:.5f} {corner[0]:.3f} {corner[1]:.3f} cm"]
    for row, cells in enumerate(dark):
        squares += [_rectangle(row, *run.span()) for run in RUN.finditer(bytes(cells))]
    squares.append("f Q")
    return "\n".join(squares).encode()


@cache
def _rectangle(row: int, start: int, end: int) -> str:
    """A hair higher than the row, so that no white line shows between two of them."""
    return f"{start} {row} {end - start} 1.01 re"


def _start(public_url: str) -> str:
    return f"{public_url.rstrip('/').upper()}/E/"
