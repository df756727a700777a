"""One printed form: rendered, its layout read from that render, its code drawn into it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pydyf

from wellbeing_app.paper import codes, layout, sheets, words
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.paper.layout import Layout
from wellbeing_app.paper.print import pdf as print_pdf
from wellbeing_app.paper.sheets import Sheet


@dataclass(frozen=True)
class Copy:
    """What is one printed copy's own: the token in its code, and the eight characters people can type."""

    token: str
    human_id: str


@dataclass(frozen=True)
class Printed:
    """A form as PDF, and where everything on it is."""

    pdf: bytes
    layout: Layout


def one(sheet: Sheet, language: str, copy: Copy, public_url: str, *, for_nobody: bool = False) -> Printed:
    """One form, tagged for screen readers (PDF/UA). Raises as `print.pdf`, and `LayoutBroken`."""
    found: list[Layout] = []

    def finish(document: Any, pdf: Any) -> None:
        found.append(read_layout(document, sheet, language))
        for place, page in zip(found[0].qr, _pages_with_code(pdf, found[0]), strict=True):
            code = SheetCode(sheet.letter, sheet.version, place.id, language, copy.token)
            drawn = draw(codes.address(public_url, code), place.rect_mm)
            stamp = pydyf.Stream([b"/Artifact BMC\n" + drawn + b"\nEMC"])
            pdf.add_object(stamp)
            # First, because WeasyPrint leaves the page upside down for whatever comes after it.
            page["Contents"] = pydyf.Array([stamp.reference, page["Contents"]])

    content = sheets.html(sheet, language, copy.human_id, for_nobody=for_nobody)
    return Printed(print_pdf(content, finisher=finish), found[0])


@lru_cache(40)
def plain(sheet: Sheet, language: str, agreements: tuple[str, ...] = ()) -> bytes:
    """A sheet that only goes out: the show card; or `opening`, with the wording of each agreement.

    It is the same for everybody, so it is drawn once.
    """
    return print_pdf(sheets.html(sheet, language, agreements=agreements))


def read_layout(document: Any, sheet: Sheet, language: str) -> Layout:
    """The layout of a rendered document; raises `LayoutBroken`."""
    direction = words.direction(language)
    return layout.of_pages(document.pages, sheet.name, sheet.version, language, direction, sheets.rows())


def draw(address: str, rect_mm: layout.Rect) -> bytes:
    """PDF commands that draw this address as a QR into its place."""
    left, top, side, _height = rect_mm
    return codes.drawing(codes.modules(address), left, top, side)


def _pages_with_code(pdf: Any, known: Layout) -> list[Any]:
    numbers = pdf.pages["Kids"][::3]
    return [pdf.objects[numbers[place.page - 1]] for place in known.qr]
