"""Every sheet as a PDF says what PDF/UA asks for, as far as its own objects can be asked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest

from wellbeing_app.paper import press, sheets
from wellbeing_app.paper.press import Copy

pytestmark = pytest.mark.slow

COPY = Copy("0123456789ABCDEF", "0000BBBB")
HOST = "https://wellbeing.example.org"
LANGUAGE = {"survey": "en", "large_print": "pl", "easy_read": "ur", "show_card": "ur", "opening": "en"}


def made(name: str) -> bytes:
    sheet, language = sheets.SHEETS[name], LANGUAGE[name]
    if sheet.comes_back:
        return press.one(sheet, language, COPY, HOST).pdf
    return press.plain(sheet, language, ("We may ring you.",) if name == "opening" else ())


def tags(node: Any) -> Iterator[Any]:
    """Every element of the tree below."""
    if isinstance(node, pypdf.generic.ArrayObject):
        for child in node:
            yield from tags(child.get_object())
    elif isinstance(node, pypdf.generic.DictionaryObject) and "/S" in node:
        yield node
        if "/K" in node:
            yield from tags(node["/K"])


@pytest.mark.parametrize("name", LANGUAGE)
def test_a_sheet_is_tagged_named_and_speaks_its_language(name: str) -> None:
    document = pypdf.PdfReader(io.BytesIO(made(name)))
    root: Any = document.trailer["/Root"]
    assert str(root["/Lang"]) == LANGUAGE[name]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata is not None
    assert document.metadata.title
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    found = list(tags(root["/StructTreeRoot"]["/K"]))
    kinds = [str(tag["/S"]) for tag in found]
    assert "/H1" in kinds
    assert all(str(tag.get("/Alt", "")).strip() for tag in found if tag["/S"] == "/Figure")
    assert all(page.get("/Tabs") == "/S" for page in document.pages if "/Annots" in page)
    for page in document.pages:
        fonts = page["/Resources"]["/Font"]
        assert all(is_embedded(fonts[font].get_object()) for font in fonts)
    if name == "survey":
        assert {"/Table", "/TH"} <= set(kinds)


def is_embedded(font: Any) -> bool:
    whole = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return any(key.startswith("/FontFile") for key in whole["/FontDescriptor"])
