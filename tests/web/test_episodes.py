"""Episodes on the page: begun, dated, handed over, closed and opened again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.pages import buttons_of, text_of
from tests.support.people import Crew, answers, begin_episode, days_ago, record_survey, refer
from tests.support.trail import trail
from wellbeing_app.model import ClosingReason, Episode, Occasion, Pathway
from wellbeing_app.services import clock, pathway, surveys, tickets
from wellbeing_app.services.errors import Superseded

TOMORROW = clock.today() + timedelta(days=1)


@pytest.fixture
def episode(client: Client, crew: Crew, db: Session) -> Episode:
    """Grace's, who is with Asha, who is signed in."""
    client.sign_in(crew.asha)
    return refer(db, crew.asha)


def fields_of(episode: Episode, **changed: str) -> dict[str, str]:
    return {
        "pathway": "long_term_conditions",
        "referred_on": episode.referred_on.isoformat(),
        "advisor_id": str(episode.advisor_id),
        "version": "1",
        **changed,
    }


def test_key_dates_are_saved_and_show_on_the_record(client: Client, episode: Episode, db: Session) -> None:
    changed = fields_of(
        episode,
        pathway="mental_health:11",
        referred_by="Dr Shah",
        joint_meeting_on=TOMORROW.isoformat(),
        took_up_on=days_ago(2).isoformat(),
    )
    page = client.submit(f"/episodes/{episode.id}", changed, follow_redirects=True)
    assert (episode.pathway, episode.care_cluster) == (Pathway.MENTAL_HEALTH, 11)
    assert (episode.joint_meeting_on, episode.took_up_on) == (TOMORROW, days_ago(2))
    told = text_of(page.text)
    assert "Referred by Dr Shah" in told
    assert "Joint meeting planned for" in told
    assert "Mental health, care cluster 11, week 5, phase 1." in told
    assert "episode_edited" in trail(db, episode.service_user_id)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"took_up_on": TOMORROW.isoformat()}, "This day has not come yet."),
        ({"referred_on": "0026-11-05"}, "Enter the year with four digits, such as 2026."),
        ({"joint_meeting_on": "2062-11-05"}, "This is more than two years ahead. Check the year."),
        ({"discharged_on": "2001-01-01"}, "This is before the referral. Check both days."),
        ({"discharge_review_on": "soon"}, "date that exists"),
        ({"pathway": "mental_health:5"}, "Please choose from the list."),
        ({"advisor_id": "nobody"}, "Please choose from the list."),
        ({"referred_on": ""}, "Enter the day of the referral."),
    ],
)
def test_a_slip_is_told_and_nothing_is_saved(
    client: Client, episode: Episode, wrong: dict[str, str], said: str
) -> None:
    fields = fields_of(episode, **{"referred_by": "Dr Shah", **wrong})
    response = client.submit(f"/episodes/{episode.id}", fields)
    assert response.status_code == 422
    assert said in response.text
    assert 'value="Dr Shah"' in response.text
    assert all(f'value="{day}"' in response.text for day in wrong.values() if re.match(r"\d", day))
    assert episode.referred_by == ""


def test_a_lost_race_shows_both_versions_and_saving_again_decides(
    client: Client, crew: Crew, episode: Episode
) -> None:
    path = f"/episodes/{episode.id}"
    client.sign_in(crew.ben)
    client.submit(path, fields_of(episode, referred_by="Dr Lee", pathway="mental_health:4"))
    client.sign_in(crew.asha)
    response = client.submit(path, fields_of(episode, referred_by="Dr Shah"))
    assert response.status_code == 409
    assert "Pathway Mental health, care cluster 4 Long-term conditions" in text_of(response.text)
    assert "Referred by Dr Lee Dr Shah" in text_of(response.text)
    assert episode.referred_by == "Dr Lee"
    version = re.search(r'name="version" type="hidden" value="(\d+)"', response.text)
    assert version
    client.submit(path, fields_of(episode, referred_by="Dr Shah", version=version[1]))
    assert (episode.referred_by, episode.care_cluster) == ("Dr Shah", None)


def test_somebody_is_given_to_a_colleague(client: Client, crew: Crew, episode: Episode) -> None:
    fields = fields_of(episode, advisor_id=str(crew.ben.id))
    page = client.submit(f"/episodes/{episode.id}", fields, follow_redirects=True)
    assert page.request.path == "/caseload"
    assert "\u2068Grace\u2069 is with another advisor now." in page.text
    assert episode.advisor_id == crew.ben.id


def test_closing_and_opening_again(client: Client, episode: Episode) -> None:
    path = f"/episodes/{episode.id}"
    fields = {
        "closed_on": days_ago(1).isoformat(),
        "closing_reason": "moved_away",
        "closing_note": "To Leeds",
    }
    fields["closing_note"] = "To Leeds"
    page = client.submit(f"{path}/close", fields, follow_redirects=True)
    assert (episode.closed_on, episode.closing_reason) == (days_ago(1), ClosingReason.MOVED_AWAY)
    assert "Open it again" in buttons_of(page.text)
    again = client.get(f"{path}/close", follow_redirects=True)
    assert "This episode is closed already." in again.text
    page = client.submit(f"{path}/reopen", page=f"/people/{episode.service_user.reference}")
    assert episode.is_open
    assert "To Leeds" in client.get(f"{path}/close").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closing_reason": ""}, "Choose why it ended."),
        ({"closing_reason": "bored"}, "Please choose from the list."),
        ({"closed_on": ""}, "Enter the day."),
        ({"closed_on": TOMORROW.isoformat()}, "This day has not come yet."),
        ({"closed_on": "2001-01-01"}, "This is before the referral. Check both days."),
    ],
)
def test_an_episode_is_not_closed_without_a_day_and_a_reason(
    client: Client, episode: Episode, wrong: dict[str, str], said: str
) -> None:
    fields = {"closed_on": days_ago(1).isoformat(), "closing_reason": "died", "closing_note": "Kept", **wrong}
    response = client.submit(f"/episodes/{episode.id}/close", fields)
    assert response.status_code == 422
    assert said in response.text
    assert "Kept" in response.text
    assert episode.is_open


def test_a_person_returns_to_a_new_episode_and_a_baseline_of_its_own(
    client: Client, crew: Crew, episode: Episode, db: Session
) -> None:
    record_survey(db, crew.asha, episode)
    pathway.close(db, crew.asha, episode.id, days_ago(4), ClosingReason.COMPLETED)
    path = f"/people/{episode.service_user.reference}/episodes/new"
    fields = fields_of(episode, pathway="mental_health:4", referred_on=days_ago(1).isoformat())
    page = client.submit(path, fields, follow_redirects=True)
    assert buttons_of(page.text)[0] == "Take the baseline"
    assert "Other episodes" in page.text
    assert len(episode.service_user.episodes) == 2
    assert trail(db, episode.service_user_id).count("episode_opened") == 2


def test_beside_an_open_episode_another_is_begun_only_if_that_is_meant(
    client: Client, episode: Episode
) -> None:
    path = f"/people/{episode.service_user.reference}/episodes/new"
    assert "There is an open episode since" in text_of(client.get(path).text)
    fields = fields_of(episode, pathway="mental_health:4")
    refused = client.submit(path, fields)
    assert refused.status_code == 422
    assert "An episode is open." in text_of(refused.text)
    assert len(episode.service_user.episodes) == 1
    client.submit(path, {**fields, "beside_open": "y"})
    assert len(episode.service_user.episodes) == 2


def test_an_episode_sent_twice_is_begun_once(
    client: Client, crew: Crew, episode: Episode, db: Session
) -> None:
    pathway.close(db, crew.asha, episode.id, days_ago(4), ClosingReason.COMPLETED)
    path = f"/people/{episode.service_user.reference}/episodes/new"
    fields = fields_of(episode, pathway="mental_health:4", referred_on=days_ago(1).isoformat())
    for _ in range(2):
        assert client.submit(path, fields).status_code == 302
    assert len(episode.service_user.episodes) == 2
    assert trail(db, episode.service_user_id).count("episode_opened") == 2


def test_a_closed_episode_with_two_baselines_is_shown_closed_and_can_be_opened_again(
    client: Client, crew: Crew, episode: Episode, db: Session
) -> None:
    record_survey(db, crew.asha, episode)
    another = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
    surveys.record(db, crew.asha, another.id, answers())
    pathway.close(db, crew.asha, episode.id, days_ago(0), ClosingReason.COMPLETED)
    page = client.get(f"/people/{episode.service_user.reference}").text
    assert "Which baseline counts?" in text_of(page)
    assert "This episode is closed" in text_of(page)
    assert {"See progress", "Open it again"} <= set(buttons_of(page))


def test_each_of_two_episodes_has_its_own_way_in_and_on_to_its_progress(
    client: Client, crew: Crew, episode: Episode, db: Session
) -> None:
    later = begin_episode(db, crew.asha, episode.service_user, referred_on=days_ago(2))
    someone_elses = refer(db, crew.asha, "Tom")
    record = f"/people/{episode.service_user.reference}"
    caseload = client.get("/caseload").text
    for one in (episode, later):
        assert f'href="{record}?episode={one.id}"' in caseload
    record_survey(db, crew.asha, episode, completed_on=days_ago(20))
    page = client.get(f"{record}?episode={episode.id}").text
    assert f'href="{record}/progress?episode={episode.id}"' in page
    for nobodys in (someone_elses.id, "x"):
        shown = client.get(f"{record}?episode={nobodys}")
        assert f"/episodes/{later.id}/close" in shown.text


def test_a_new_episode_needs_a_pathway(client: Client, episode: Episode) -> None:
    path = f"/people/{episode.service_user.reference}/episodes/new"
    response = client.submit(path, fields_of(episode, pathway=""))
    assert response.status_code == 422
    assert "Choose a pathway." in response.text
    assert len(episode.service_user.episodes) == 1


def test_nothing_is_changed_by_looking(client: Client, episode: Episode, db: Session) -> None:
    for path in ("", "/close"):
        assert client.get(f"/episodes/{episode.id}{path}").status_code == 200
    assert client.get(f"/episodes/{episode.id}/reopen").status_code == 405
    assert set(trail(db, episode.service_user_id)[2:]) == {"opened"}


def test_whoever_comes_second_at_the_very_same_moment_gets_a_page_that_says_so(
    app: Flask, episode: Episode
) -> None:
    """The race itself is run in tests/services/test_races.py."""
    with app.test_request_context("/"):
        page, status = app.handle_user_exception(Superseded(None))
    assert status == 409
    assert "Somebody else was faster" in page
