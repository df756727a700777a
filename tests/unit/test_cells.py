"""No cell is ever a formula, and none loses anything: tried with as many hostile texts as `--cells` says."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence

import pytest

from wellbeing_app.exports.cells import cell, uncell

STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−", "|", "'", "''", "'=", "a"]
BLANKS = [
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\xa0",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\x00",
    "\x1f",
    "\u2028",
    "\u00ad",
    "' ",
]
PAYLOADS = [
    "1+1",
    'HYPERLINK("http://x","y")',
    "cmd|' /C calc'!A0",
    "SUM(A1:A9)",
    "44 7700",
    "",
    "\n=1",
    ";=1",
    "é",
]


def hostile(many: int) -> Sequence[str]:
    chance = random.Random(many)
    texts = [start + payload for start in STARTS for payload in PAYLOADS]
    while len(texts) < many:
        blanks = "".join(chance.choice(BLANKS) for _ in range(chance.randrange(4)))
        texts.append(blanks + chance.choice(STARTS) + chance.choice(PAYLOADS))
    return texts


def looks_active(text: str) -> bool:
    """Whether a spreadsheet that drops blanks and knows full-width signs might calculate it."""
    bare = unicodedata.normalize("NFKC", text)
    bare = bare.lstrip("\x00\x1f\xad\u200b\ufeff \t\r\n\xa0\u3000\u2028")
    return bare[:1] in tuple("=+-@|−")


@pytest.fixture(scope="module")
def texts(request: pytest.FixtureRequest) -> Sequence[str]:
    return hostile(int(request.config.getoption("--cells")))


def test_there_is_something_to_guard(texts: Sequence[str]) -> None:
    assert sum(map(looks_active, texts)) > len(texts) / 2


def test_no_cell_is_active(texts: Sequence[str]) -> None:
    assert [text for text in texts if looks_active(cell(text))] == []


def test_no_cell_loses_anything(texts: Sequence[str]) -> None:
    assert [text for text in texts if uncell(cell(text)) != text] == []


@pytest.mark.parametrize("text", ["", "Ann", "O'Hara", "'tis", "5", "a=b", "Dr. -", "\u0627\u06d2"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert cell(text) == text == uncell(text)
