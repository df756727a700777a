"""Many copies of one form in one PDF: drawn once, and each copy's code stamped on.

All pages share the form's drawing and fonts. Pages are written as they come, so a pile of five thousand takes
no more memory than one of fifty. What is stamped is not tagged for screen readers: these files are for
printers, and the single form or the screen is for everybody else.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import pydyf

from wellbeing_app.paper import codes, press, sheets
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.paper.layout import Layout, Place
from wellbeing_app.paper.press import Copy
from wellbeing_app.paper.print import pdf as print_pdf
from wellbeing_app.paper.sheets import Sheet

CODE_FONT: Final = "WbCode"
CODE_POINTS: Final = 12.5
# Courier, which every printer has: all of its letters are 0.6 wide.
CODE_WIDTH: Final = 0.6 * CODE_POINTS
PAGES, CATALOGUE = 1, 2


@dataclass(frozen=True)
class Blank:
    """A form without its codes: the PDF's objects by number, its pages, and its layout.

    Of each page: its dictionary up to what is drawn on it, and the reference of the form's own drawing.
    """

    objects: dict[int, bytes]
    pages: tuple[tuple[bytes, bytes], ...]
    layout: Layout


def blank(sheet: Sheet, language: str, *, for_nobody: bool) -> Blank:
    """Draw the form once. Raises as `press.one`."""
    found: list[Blank] = []

    def finish(document: Any, pdf: Any) -> None:
        layout = press.read_layout(document, sheet, language)
        found.append(_objects(pdf, layout))

    print_pdf(sheets.html(sheet, language, for_nobody=for_nobody), tagged=False, finisher=finish)
    return found[0]


def stamps(form: Blank, sheet: Sheet, language: str, copy: Copy, public_url: str) -> list[bytes]:
    """What one copy has of its own, page by page: drawing commands; nothing for a page without a code."""
    drawn: list[bytes] = []
    for number in range(1, form.layout.pages + 1):
        places = [place for place in form.layout.qr if place.page == number]
        if not places:
            drawn.append(b"")
            continue
        code = SheetCode(sheet.letter, sheet.version, number, language, copy.token)
        squares = press.draw(codes.address(public_url, code), places[0].rect_mm)
        letters = next(place for place in form.layout.code if place.page == number)
        drawn.append(squares + b"\n" + _written(copy.human_id, letters))
    return drawn


def write(form: Blank, copies: Iterable[list[bytes]], out: BinaryIO) -> int:
    """Write the PDF, one copy after the other; how many there were."""
    return _Writer(form, out).write(copies)


class _Writer:
    """A PDF that is written from front to back: only where each object begins is remembered."""

    def __init__(self, form: Blank, out: BinaryIO) -> None:
        self.form, self.out = form, out
        self.starts = array("Q", [0] * (max(form.objects) + 1))
        self.kids = array("L")
        self.position = 0

    def write(self, copies: Iterable[list[bytes]]) -> int:
        self._put(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")
        for number, data in self.form.objects.items():
            self._put_object(number, data)
        written = 0
        for copy in copies:
            for page, stamp in zip(self.form.pages, copy, strict=True):
                self._put_page(page, stamp)
            written += 1
        self._finish()
        return written

    def _put_page(self, page: tuple[bytes, bytes], stamp: bytes) -> None:
        shared, drawing = page
        own = b"%d 0 R " % self._put_object(None, _compressed(stamp)) if stamp else b""
        self.kids.append(self._put_object(None, b"%b/Contents [%b%b]>>" % (shared, own, drawing)))

    def _finish(self) -> None:
        self._put_object(PAGES, b"".join(self._tree()))
        start = self.position
        self._put(f"xref\n0 {len(self.starts)}\n0000000000 65535 f \n".encode())
        for begins in self.starts[1:]:
            self._put(f"{begins:010} 00000 n \n".encode())
        self._put(f"trailer\n<</Size {len(self.starts)} /Root {CATALOGUE} 0 R>>\n".encode())
        self._put(f"startxref\n{start}\n%%EOF\n".encode())

    def _tree(self) -> Iterator[bytes]:
        yield f"<</Type /Pages /Count {len(self.kids)} /Kids [".encode()
        for number in self.kids:
            yield f"{number} 0 R ".encode()
        yield b"]>>"

    def _put_object(self, number: int | None, data: bytes) -> int:
        if number is None:
            number = len(self.starts)
            self.starts.append(0)
        self.starts[number] = self.position
        self._put(f"{number} 0 obj\n".encode() + data + b"\nendobj\n")
        return number

    def _put(self, data: bytes) -> None:
        self.out.write(data)
        self.position += len(data)


def _compressed(commands: bytes) -> bytes:
    squeezed = zlib.compress(commands, 1)
    return b"<</Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (len(squeezed), squeezed)


def _objects(pdf: Any, layout: Layout) -> Blank:
    """WeasyPrint's objects, with a font for the code's letters, and without its own pages and catalogue."""
    numbers = pdf.pages["Kids"][::3]
    pages = [pdf.objects[number] for number in numbers]
    font = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Courier-Bold"})
    pdf.add_object(font)
    for page in pages:
        _follow(pdf, _follow(pdf, page["Resources"])["Font"])[CODE_FONT] = font.reference
    catalogue = pydyf.Dictionary(
        {"Type": "/Catalog", "Pages": f"{PAGES} 0 R", "Lang": pydyf.String(layout.language)}
    )
    kept = {
        one.number: bytes(one.data)
        for one in pdf.objects
        if one.number not in {0, PAGES, CATALOGUE, *numbers} and one.free != "f"
    }
    # A number left out must still be somewhere in the list of where things begin.
    gaps = dict.fromkeys(numbers, b"null")
    return Blank({CATALOGUE: bytes(catalogue.data), **kept, **gaps}, tuple(map(_page, pages)), layout)


def _page(page: Any) -> tuple[bytes, bytes]:
    shared = pydyf.Dictionary({name: value for name, value in page.items() if name != "Contents"})
    return bytes(shared.data).removesuffix(b">>"), bytes(page["Contents"])


def _follow(pdf: Any, reference: bytes | str) -> Any:
    text = reference.decode() if isinstance(reference, bytes) else reference
    return pdf.objects[int(text.split()[0])]


def _written(human_id: str, place: Place) -> bytes:
    left, top, width, height = place.rect_mm
    text = f"{human_id[:4]} {human_id[4:]}"
    x = (left + width / 2) * codes.MM - CODE_WIDTH * len(text) / 2
    y = (297 - top - height) * codes.MM + 3
    return f"BT /{CODE_FONT} {CODE_POINTS} Tf {x:.2f} {y:.2f} Td ({text}) Tj ET".encode()
