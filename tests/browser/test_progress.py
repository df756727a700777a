"""Progress on the tablet and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.browser import assert_accessible, assert_fits_narrow_with_large_text
from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.server import LiveServer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Occasion
from wellbeing_app.services import safety

FIRST, SECOND, THIRD = INSTRUMENT.keys[:3]
# What is on the paper: the text that is drawn when the page is printed.
PRINTED = "document.body.innerText"


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


@pytest.fixture
def progress(live_server: LiveServer, crew: Crew, page: Page) -> Page:
    """The page of somebody with a baseline and a follow-up, with gaps, notes and a safety flag."""
    with live_server.database() as db:
        episode = refer(db, crew.asha, "Grace", last_name="Hill", referred_on=days_ago(200))
        record_survey(
            db,
            crew.asha,
            episode,
            scores={FIRST: 1, SECOND: 4},
            unanswered={THIRD: "dont_know"},
            completed_on=days_ago(150),
            notes={FIRST: "Said in confidence."},
        )
        record_survey(
            db,
            crew.asha,
            episode,
            Occasion.FOLLOW_UP,
            {FIRST: 4},
            completed_on=days_ago(9),
            mode=Mode.TELEPHONE,
        )
        reference = episode.service_user.reference
        safety.raise_flag(db, crew.asha, reference, "Spoke of giving up")
    live_server.sign_in(page, crew.asha)
    page.goto(f"/people/{reference}/progress")
    return page


def speak(page: Page, language: str) -> None:
    page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
    page.reload()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_page_is_accessible_and_fits(progress: Page, language: str) -> None:
    speak(progress, language)
    assert_accessible(progress)
    assert_fits_narrow_with_large_text(progress)


def test_a_pair_is_one_sheet_of_a4(progress: Page) -> None:
    sheet = progress.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1


def test_on_paper_stands_what_may_lie_on_a_kitchen_table(progress: Page) -> None:
    progress.emulate_media(media="print")
    printed = progress.evaluate(PRINTED)
    assert "Grace Hill" in printed
    assert "moved up" in printed
    assert INSTRUMENT.reason("dont_know").label in printed
    for never in ("Said in confidence.", "Spoke of giving up", "Caseload", "Hide the star", "Correct"):
        assert never not in printed


def test_a_hidden_star_is_not_printed_either(progress: Page) -> None:
    progress.get_by_role("link", name="Hide the star").click()
    progress.emulate_media(media="print")
    assert progress.locator(".star-drawing").count() == 0
    assert "The star" not in progress.evaluate(PRINTED)
