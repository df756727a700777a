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
    made = press.one(sheets.FORMS[form], language, COPY, ADDRESS)
    document = pypdfium2.PdfDocument(made.pdf)
    drawn = document[0].render(scale=300 / 72).to_numpy()
    document.close()
    page = cv2.resize(np.array(drawn)[:, :, :3], (2480, 3508))
    page.setflags(write=False)
    return page, made.layout.as_dict()  # type: ignore[return-value]
