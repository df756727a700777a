"""The summary for the person: what is on it, and that nothing is that is nobody's business."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.trail import trail
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Occasion, Pathway
from wellbeing_app.services import safety

KEYS = INSTRUMENT.keys
SCORES = dict(zip(KEYS, (2, 3, 2, 2, 3, 3, 4, 3), strict=True))
LATER = dict(zip(KEYS, (4, 3, 4, 3, 4, 3, 2, 4), strict=True))
FORBIDDEN = ("Mental", "cluster", "depressed", "not safe", "0104", "GP ", "Kestrel Surgery")


@pytest.fixture
def episode(db: Session, crew: Crew) -> Episode:
    """Grace's: a pathway, a referrer, a note and a worry, none of which belongs on a kitchen table."""
    episode = refer(
        db,
        crew.asha,
        last_name="Hill",
        pathway=Pathway.MENTAL_HEALTH,
        care_cluster=4,
        referred_by="Kestrel Surgery",
        referred_on=days_ago(300),
    )
    safety.raise_flag(db, crew.asha, episode.service_user.reference, "She is not safe", "the GP 0104")
    return episode


def take(db: Session, crew: Crew, episode: Episode) -> None:
    """The baseline and a follow-up."""
    notes = {KEYS[0]: "depressed since May"}
    record_survey(db, crew.asha, episode, scores=SCORES, completed_on=days_ago(200), notes=notes)
    record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, LATER, completed_on=days_ago(9))


def pdf_of(client: Client, episode: Episode, **asked: Any) -> pypdf.PdfReader:
    response = client.get(f"/people/{episode.service_user.reference}/summary", query_string=asked)
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.headers["Cache-Control"] == "no-store"
    return pypdf.PdfReader(io.BytesIO(response.data))


def text(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_it_says_what_changed_and_whose_it_is(
    asha: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode)
    said = text(pdf_of(asha, episode))
    assert "5 of 8 areas moved up, 2 stayed the same and 1 is lower." in said
    assert "For Grace Hill" in said
    assert [word for word in FORBIDDEN if word in said] == []
    assert said.count(INSTRUMENT.measures[0].title) == 3  # the sentence, the line and the star
    assert trail(db, episode.service_user_id)[-1] == "summary_made"


def test_initials_large_print_easy_words_and_no_star(
    asha: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode)
    said = text(pdf_of(asha, episode, initials=1, without_star=1))
    assert "For G.H." in said
    assert "Grace" not in said
    assert said.count(INSTRUMENT.measures[0].title) == 2
    assert len(pdf_of(asha, episode, kind="large").pages) > 1
    assert "5 parts moved up." in text(pdf_of(asha, episode, kind="easy"))


def test_large_print_is_the_beginning_for_whoever_needs_it(asha: Client, db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha, needs_large_print=True, referred_on=days_ago(300))
    take(db, crew, episode)
    assert len(pdf_of(asha, episode).pages) > 1
    page = asha.get(f"/people/{episode.service_user.reference}/progress").text
    assert '<option value="large" selected>' in page


def test_without_a_survey_it_leads_to_what_to_do_first(asha: Client, episode: Episode) -> None:
    reference = episode.service_user.reference
    assert asha.get(f"/people/{reference}/summary").location == f"/people/{reference}/progress"
