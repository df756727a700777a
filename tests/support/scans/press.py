"""The survey's form as it comes from the printer, at 300 dpi, with its layout."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
import pypdfium2

from tests.support.scans.hands import Page
from wellbeing_app.paper import press, sheets
from wellbeing_app.paper.press import Copy

ADDRESS = "https://wellbeing.example.org"
COPY = Copy("0123456789ABCDEF", "2345678B")


@cache
def printed(language: str = "en", form: str = "survey") -> tuple[Page, dict[str, Any]]:
    """The first page, which nobody may draw on without copying it, and the layout."""
    pages, layout = printed_whole(language, form)
    return pages[0], layout


@cache
def printed_whole(language: str, form: str) -> tuple[tuple[Page, ...], dict[str, Any]]:
    """All pages, and the layout."""
    made = press.one(sheets.FORMS[form], language, COPY, ADDRESS)
    document = pypdfium2.PdfDocument(made.pdf)
    pages = tuple(_drawn(page) for page in document)
    document.close()
    return pages, made.layout.as_dict()


def _drawn(page: pypdfium2.PdfPage) -> Page:
    drawn = page.render(scale=300 / 72).to_numpy()
    found = cv2.resize(np.array(drawn)[:, :, :3], (2480, 3508))
    found.setflags(write=False)
    return found  # type: ignore[return-value]
