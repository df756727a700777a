"""Each summary for a person: one page at usual size, tagged, with its fonts inside, in every language."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pypdf
import pytest
from flask import Flask, g

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Mode, Occasion, PlanLine, Respondent, ServiceUser, Staff, Survey
from wellbeing_app.services.progress import Progress
from wellbeing_app.services.settings import ServiceSettings
from wellbeing_app.web import i18n, printing, summary
from wellbeing_app.web.summary import Kind, Wish

pytestmark = pytest.mark.slow

REASONS = [reason.key for reason in INSTRUMENT.reasons]
RECORDS = {
    "full": ("23223343", "43434324"),
    "partial": ("2-2233-3", "4343-3--"),
    "first only": ("23223343", None),
    "first with gaps": ("--------", None),
}
STEPS = [
    PlanLine(
        what="Ask about the group that meets at the library",
        who="Grace",
        place="Clifton Park library",
        due_on=date(2026, 12, 1),
    )
] * 8


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("wellbeing_app")
    printing.init_app(app)
    i18n.init_app(app)
    return app


@pytest.fixture(autouse=True)
def in_service(app: Flask) -> Iterator[None]:
    with app.app_context():
        g.service = ServiceSettings(name="Rotherham Social Prescribing")
        yield


def survey(occasion: Occasion, on: date, digits: str) -> Survey:
    scores = {key: int(one) for key, one in zip(INSTRUMENT.keys, digits, strict=True) if one != "-"}
    missing = {key: REASONS[at % 5] for at, key in enumerate(INSTRUMENT.keys) if key not in scores}
    how: dict[str, Any] = {"mode": Mode.IN_PERSON, "respondent": Respondent.SELF, "unanswered": missing}
    return Survey(occasion=occasion, completed_on=on, **how, **scores)


def progress(record: str) -> Progress:
    """Somebody with a long name, whose surveys have these answers."""
    before, after = RECORDS[record]
    found = [survey(Occasion.BASELINE, date(2026, 3, 23), before)]
    if after:
        found.append(survey(Occasion.FOLLOW_UP, date(2026, 9, 30), after))
    person = ServiceUser(first_name="Maximiliane-Theodora", last_name="Featherstonehaugh-Cholmondeley")
    episode = Episode(service_user=person, advisor=Staff(name="Asha Patel"), surveys=found)
    return Progress(person, episode, found[0], found[1] if after else None)


def drawn(record: str, wish: Wish, steps: Sequence[PlanLine] = ()) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(summary.sheet(progress(record), wish, steps).pdf()))


def descriptors(pdf: pypdf.PdfReader) -> list[Any]:
    """What the document knows of each of its fonts."""
    used = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    return [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in used]


def structure(node: Any) -> Iterator[Any]:
    """Every element of the tag tree."""
    node = node.get_object()
    kids = node.get("/K", []) if isinstance(node, dict) else []
    yield node
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int):
            yield from structure(kid)


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
@pytest.mark.parametrize("record", RECORDS)
def test_it_is_one_tagged_page_with_its_fonts_in_it(record: str, language: str) -> None:
    pdf = drawn(record, Wish(language=language), STEPS)
    assert len(pdf.pages) == 1
    catalogue: Any = pdf.trailer["/Root"]
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == (language, True)
    assert b'pdfuaid:part="1"' in catalogue["/Metadata"].get_object().get_data()
    figures = [one for one in structure(catalogue["/StructTreeRoot"]) if one.get("/S") == "/Figure"]
    assert [one for one in figures if not one.get("/Alt")] == []
    assert len(figures) == (12 if RECORDS[record][1] else 0)
    assert descriptors(pdf)
    assert [font for font in descriptors(pdf) if not {"/FontFile2", "/FontFile3"} & set(font)] == []


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
@pytest.mark.parametrize("kind", [Kind.LARGE, Kind.EASY])
def test_large_print_and_easy_words_take_the_pages_they_need(kind: Kind, language: str) -> None:
    pdf = drawn("full", Wish(kind, language))
    assert 2 <= len(pdf.pages) <= 5
    assert min(size for page in pdf.pages for size in sizes(page)) >= 15


def sizes(page: pypdf.PageObject) -> list[float]:
    """How large each text outside the pictures is, in points."""
    found: list[float] = []

    def note(text: str, _cm: Any, matrix: Any, _font: Any, size: float) -> None:
        if len(text.strip()) > 1:
            found.append(abs(matrix[3] * size))

    page.extract_text(visitor_text=note)
    return found
