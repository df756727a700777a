"""Two records of one person are looked at side by side, and become one."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.pages import text_of
from tests.support.people import Crew, record_survey, refer
from tests.support.trail import trail


def test_both_are_shown_and_the_old_address_leads_to_the_one_kept(
    client: Client, crew: Crew, db: Session
) -> None:
    kept = refer(db, crew.asha, telephone="1111").service_user
    double = refer(db, crew.asha, telephone="2222", safe_times="After ten").service_user
    survey = record_survey(db, crew.asha, double.episodes[0])
    client.sign_in(crew.asha)
    path = f"/people/{kept.reference}/merge"
    both = client.get(f"{path}?other={double.reference[2:].lower()}").text
    assert "1111 2222" in text_of(both)
    choice = {"other": double.reference, "keep": kept.reference}
    response = client.submit(path, choice, page=f"{path}?other={double.reference}")
    assert response.location == f"/people/{kept.reference}"
    db.refresh(survey.episode)
    assert survey.episode.service_user_id == kept.id
    led = client.get(f"/people/{double.reference}", follow_redirects=True)
    assert led.request.path == f"/people/{kept.reference}"
    assert "After ten" in led.text


def test_the_other_one_can_be_kept(client: Client, crew: Crew, db: Session) -> None:
    first, second = (refer(db, crew.asha).service_user for _ in range(2))
    client.sign_in(crew.asha)
    path = f"/people/{first.reference}/merge"
    response = client.submit(path, {"other": second.reference, "keep": second.reference})
    assert response.location == f"/people/{second.reference}"


def test_without_a_choice_nothing_happens(client: Client, crew: Crew, db: Session) -> None:
    first, second = (refer(db, crew.asha).service_user for _ in range(2))
    client.sign_in(crew.asha)
    path = f"/people/{first.reference}/merge"
    response = client.submit(path, {"other": second.reference})
    assert response.status_code == 422
    assert "Choose one of the two." in response.text
    assert second.merged_into_id is None


def test_a_third_record_cannot_be_slipped_in(client: Client, crew: Crew, db: Session) -> None:
    first, second, third = (refer(db, crew.asha).service_user for _ in range(3))
    client.sign_in(crew.asha)
    path = f"/people/{first.reference}/merge"
    response = client.submit(path, {"other": second.reference, "keep": third.reference})
    assert response.status_code == 422
    assert {person.merged_into_id for person in (first, second, third)} == {None}


@pytest.mark.parametrize("which", ["nobody's", "another team's", "its own"])
def test_a_reference_that_cannot_be_joined_is_told_without_saying_why(
    client: Client, crew: Crew, db: Session, which: str
) -> None:
    mine = refer(db, crew.asha).service_user
    another_teams = refer(db, crew.carol, "Zoltan").service_user
    typed = {
        "nobody's": "R-00000",
        "another team's": another_teams.reference,
        "its own": mine.reference,
    }[which]
    client.sign_in(crew.asha)
    response = client.get(f"/people/{mine.reference}/merge?other={typed}")
    assert response.status_code == 422
    assert "Zoltan" not in response.text
    assert ("the record itself" in response.text) == (which == "its own")
    assert trail(db, another_teams.id, crew.asha) == (["refused"] if which == "another team's" else [])
