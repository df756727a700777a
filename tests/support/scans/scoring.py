"""Reads pages that were filled in and sent on their way by chance, and counts what is stated wrongly."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2

from tests.support.scans.forms import Filler, Row
from tests.support.scans.hands import Page
from tests.support.scans.journeys import ERASES_PENCIL, JOURNEYS, Way
from tests.support.scans.press import printed
from wellbeing_app.paper.reader.pictures import LONG_SIDE, Grey
from wellbeing_app.paper.reader.reading import PageRead, read_page


@dataclass
class Score:
    """`wrong`: seed, row and style of each row that was stated wrongly."""

    pages: int = 0
    refused: int = 0
    rows: int = 0
    stated: int = 0
    clear: int = 0
    clear_unsure: int = 0
    coded: int = 0
    cpu: float = 0.0
    wrong: list[str] = field(default_factory=list)
    styles: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.pages} pages, {self.refused} refused, {self.coded} codes; "
            f"{self.rows} rows, {self.stated} stated, {len(self.wrong)} wrong; "
            f"{self.clear_unsure} of {self.clear} clear ones unsure; "
            f"{1000 * self.cpu / max(1, self.pages):.0f} ms a page"
        )

    def add(self, seed: str, read: PageRead, rows: dict[int, Row]) -> None:
        """Count one page."""
        self.pages += 1
        self.coded += read.text is not None
        if read.status == "refused":
            self.refused += 1
            return
        for number, row in rows.items():
            verdict = read.rows[number]
            self.rows += 1
            self.stated += verdict.status != "unsure"
            self.clear += row.is_clear
            self.clear_unsure += row.is_clear and verdict.status == "unsure"
            self.styles[row.style, verdict.status] += 1
            if row.is_misread(verdict.status, verdict.value):
                self.wrong.append(f"{seed}: row {number}, {row.style}, {row.value}: {verdict}")


def page_of(seed: str, journey: str, language: str = "en") -> tuple[Page, dict[int, Row]]:
    """A page at its journey's end, and what its rows say."""
    blank, layout = printed(language)
    chance = random.Random(seed)
    page, rows = Filler(layout, blank, chance, journey not in ERASES_PENCIL).fill()
    return JOURNEYS[journey](Way(chance), page), rows


def as_loaded(page: Page) -> Grey:
    """Grey and no larger than the reader takes it."""
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, LONG_SIDE / max(grey.shape))
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def score(
    seeds: Iterable[str],
    journeys: Iterable[str] = JOURNEYS,
    language: str = "en",
    found: Score | None = None,
) -> Score:
    """One page for each seed and journey, counted with what was `found` before."""
    cv2.setNumThreads(1)
    total, layout, journeys = found or Score(), printed(language)[1], tuple(journeys)
    for seed in seeds:
        for journey in journeys:
            name = f"{seed}/{journey}"
            page, rows = page_of(name, journey, language)
            picture = as_loaded(page)
            before = time.process_time()
            read = read_page(picture, lambda _code: layout)
            total.cpu += time.process_time() - before
            total.add(name, read, rows)
    return total
