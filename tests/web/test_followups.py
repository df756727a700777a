"""The pages about follow-ups: the list and its filters, one follow-up with its days and tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, days_ago, record_survey, refer
from wellbeing_app.model import Episode, Pathway
from wellbeing_app.services import clock, moving


@pytest.fixture
def episode(client: Client, db: Session, crew: Crew) -> Episode:
    """Somebody of Asha's whose follow-up is due."""
    details = {"pathway": Pathway.MENTAL_HEALTH, "care_cluster": 4, "telephone": "01709 960000"}
    found = refer(db, crew.asha, "Grace", last_name="Akande", referred_on=days_ago(150), **details)
    record_survey(db, crew.asha, found, completed_on=days_ago(140))
    client.sign_in(crew.asha)
    return found


def page_of(episode: Episode) -> str:
    return f"/episodes/{episode.id}/follow-up"


def test_the_list_says_whose_it_is_and_what_to_do(client: Client, episode: Episode) -> None:
    due = client.get("/follow-ups").text
    assert "Grace Akande" in due
    assert "Take the follow-up by" in due
    assert "Grace Akande" not in client.get("/follow-ups?show=overdue").text
    assert "Grace Akande" not in client.get("/follow-ups?pathway=long_term_conditions").text
    assert "Grace Akande" in client.get("/follow-ups?show=nothing&sort=x&who=team:x&after=~").text


def test_a_manager_chooses_a_team_or_an_advisor(client: Client, episode: Episode, crew: Crew) -> None:
    client.sign_in(crew.mandy)
    assert "Grace Akande" in client.get(f"/follow-ups?who=team:{crew.asha.team_id}").text
    assert "Grace Akande" in client.get(f"/follow-ups?who=advisor:{crew.asha.id}&sort=name").text
    assert "Grace Akande" not in client.get(f"/follow-ups?who=team:{crew.carol.team_id}").text


def test_a_day_is_moved_with_a_reason_and_back(client: Client, episode: Episode) -> None:
    later = (clock.today() + timedelta(days=30)).isoformat()
    address = f"{page_of(episode)}/move"
    for sent, problem in (
        ({"which": "follow_up", "to": later, "reason": ""}, "Say in a few words why"),
        ({"which": "follow_up", "to": days_ago(1).isoformat(), "reason": "Ill"}, "This day has passed"),
        (
            {"which": "phase_1", "to": days_ago(1).isoformat(), "reason": "Ill"},
            "would not follow one another",
        ),
        ({"which": "joint_meeting", "to": days_ago(151).isoformat(), "reason": "Ill"}, "before the referral"),
    ):
        refused = client.submit(address, sent, page_of(episode))
        assert (refused.status_code, problem in refused.text) == (422, True), sent
    moved = {"which": "follow_up", "to": later, "reason": "She is in hospital"}
    assert client.submit(address, moved, page_of(episode)).location == page_of(episode)
    assert "Upcoming" in client.get(page_of(episode)).text
    assert "She is in hospital" in client.get(page_of(episode)).text
    back = {"which": "follow_up", "usual": "1", "reason": "She is home"}
    client.submit(address, back, page_of(episode))
    assert "Take the follow-up by" in client.get(page_of(episode)).text


def test_phases_move_with_their_day(client: Client, db: Session, crew: Crew, episode: Episode) -> None:
    assert "phase 3" in client.get(f"/people/{episode.service_user.reference}").text
    moving.move(db, crew.asha, episode.id, "phase_3", clock.today() + timedelta(days=90), "Away for months")
    moving.move(db, crew.asha, episode.id, "phase_2", clock.today(), "Away for months")
    record = client.get(f"/people/{episode.service_user.reference}").text
    assert "phase 2" in record
    assert 'class="line-phase line-phase-now"' in record


def test_what_is_posted_is_one_press_away(client: Client, episode: Episode) -> None:
    assert "/paper/sheets/show_card/en" in client.get(page_of(episode)).text
    plan = {"occasion": "follow_up", "by": "paper"}
    planned = client.submit(f"/surveys/for/{episode.id}", plan, page=page_of(episode))
    assert planned.location.startswith("/paper/")


def test_tries_are_written_down_and_taken_back(client: Client, episode: Episode) -> None:
    tried, undone = f"/episodes/{episode.id}/attempts", f"/episodes/{episode.id}/attempts/undo"
    assert "left_message" not in client.get(page_of(episode)).text, "they did not agree to messages"
    refused = client.submit(tried, {"outcome": "call_back"}, page_of(episode))
    assert "Enter the day and the time to ring back" in refused.text
    client.submit(tried, {"outcome": "declined", "note": "Too busy"}, page_of(episode))
    assert "Grace Akande" in client.get("/follow-ups?show=declined").text
    client.submit(undone, {}, page_of(episode))
    assert "Grace Akande" in client.get("/follow-ups?show=now").text
    worried = client.submit(tried, {"outcome": "safeguarding", "note": "A worry"}, page_of(episode))
    assert "/safety/" in worried.location
