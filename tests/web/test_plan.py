"""The pages of the action plan and of the advisor's own views."""

from __future__ import annotations

import io

import pypdf
import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.filled import filled_in
from tests.support.pages import printed_text_of, text_of
from tests.support.people import Crew, days_ago, record_survey, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Occasion

FIRST, SECOND, THIRD = INSTRUMENT.measures[:3]


@pytest.fixture
def episode(db: Session, crew: Crew) -> Episode:
    """Grace's: one area lower, one as good as can be, one higher, the others unchanged."""
    episode = refer(db, crew.asha, referred_on=days_ago(300))
    then, now = {FIRST.key: 4, SECOND.key: 5, THIRD.key: 1}, {FIRST.key: 2, SECOND.key: 5, THIRD.key: 3}
    record_survey(db, crew.asha, episode, scores=then, completed_on=days_ago(200))
    record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, now, completed_on=days_ago(9))
    return episode


def progress(asha: Client, episode: Episode) -> str:
    return asha.get(f"/people/{episode.service_user.reference}/progress").text


def test_questions_for_what_is_lower_or_unchanged_lead_to_a_step(asha: Client, episode: Episode) -> None:
    page = progress(asha, episode)
    assert page.count("What has this part of life been like lately?") == 1
    assert page.count("What keeps it so good?") == 1
    assert page.count("Is this fine as it is") == 5
    assert f"/plan?measure={FIRST.key}" in page
    assert f"/plan?measure={THIRD.key}" not in page
    assert "Questions" not in printed_text_of(page)
    form = filled_in(asha.get(f"/episodes/{episode.id}/plan?measure={FIRST.key}").text)
    assert form["measure"] == [FIRST.key]


def test_a_step_from_the_talk_to_its_outcome(asha: Client, db: Session, episode: Episode) -> None:
    plan = f"/episodes/{episode.id}/plan"
    missing = asha.submit(plan, {"measure": FIRST.key})
    assert missing.status_code == 422
    assert "Say in a few words what is to be done." in missing.text
    step = {"measure": FIRST.key, "what": "Ask at the library", "who": "Grace", "due_on": str(days_ago(-9))}
    assert asha.submit(plan, step).location == plan
    assert "Ask at the library Who: Grace" in text_of(progress(asha, episode))
    taken_home = asha.get(f"/people/{episode.service_user.reference}/summary?plan=1").data
    assert "Ask at the library" in pypdf.PdfReader(io.BytesIO(taken_home)).pages[0].extract_text()
    line = asha.get(plan).text.split(f"{plan}/")[1][:36]
    unsaid = asha.submit(f"{plan}/{line}")
    assert (unsaid.status_code, "Choose how it went." in unsaid.text) == (422, True)
    asha.submit(f"{plan}/{line}", {"outcome": "partly", "note": "It was shut"})
    assert "Done in part" in text_of(progress(asha, episode))
    assert "It was shut" in asha.get(plan).text
    asha.submit(f"{plan}/{line}", {"do": "reopen"})
    assert "It was shut" not in asha.get(plan).text


def test_a_reworded_step_and_one_that_somebody_else_reworded(asha: Client, episode: Episode) -> None:
    plan = f"/episodes/{episode.id}/plan"
    asha.submit(plan, {"measure": FIRST.key, "what": "Walk"})
    change = f"{plan}/{asha.get(plan).text.split(f'{plan}/')[1][:36]}/change"
    form = filled_in(asha.get(change).text)
    assert asha.post(change, data={**form, "what": "Walk far"}).location == plan
    assert asha.post(change, data={**form, "what": "Swim"}).status_code == 409
    assert "Walk far" in asha.get(plan).text


def test_another_view_is_shown_beside_and_changes_no_score(asha: Client, episode: Episode) -> None:
    survey = episode.surveys[-1].id
    same = asha.submit(f"/surveys/{survey}/views", {"measure": FIRST.key, "score": "2"})
    assert (same.status_code, "the person’s own answer" in same.text) == (422, True)
    asha.submit(f"/surveys/{survey}/views", {"measure": FIRST.key, "score": "4", "why": "She laughed"})
    page = progress(asha, episode)
    assert "The person’s answer is the score." in page
    assert "Asha: 4" in text_of(page).replace("Asha :", "Asha:")
    assert f"{FIRST.title}: from 4 to 2." in text_of(page)
    assert "She laughed" not in printed_text_of(page)
    asha.submit(f"/surveys/{survey}/views", {"take_back": FIRST.key})
    assert "She laughed" not in progress(asha, episode)
