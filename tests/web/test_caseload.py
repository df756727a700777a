"""The first page: for each role its own, the caseload at one glance, and finding a person."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.pages import buttons_of, text_of
from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.trail import queries
from wellbeing_app.model import ClosingReason, Occasion, Pathway
from wellbeing_app.services import clock, pathway, safety, tickets


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("asha", "/caseload"),
        ("mandy", "/caseload"),
        ("dev", "/forms"),
        ("eve", "/figures"),
        ("adam", "/staff"),
    ],
)
def test_every_role_has_its_first_page(client: Client, crew: Crew, who: str, where: str) -> None:
    client.sign_in(getattr(crew, who))
    assert client.get("/").location == where
    assert client.get(where).status_code == 200


def test_signed_out_one_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/").location == "/sign-in"


def test_the_page_takes_as_many_queries_for_two_hundred_people_as_for_one(
    client: Client, crew: Crew, db: Session, engine: Engine
) -> None:
    def count() -> int:
        with queries(engine) as sent:
            assert client.get("/caseload").status_code == 200
        return len(sent)

    client.sign_in(crew.asha)
    refer(db, crew.asha)
    count()
    for_one = count()
    for number in range(199):
        refer(db, crew.asha, f"Person {number}")
    assert count() == for_one
    assert client.get("/caseload").text.count("<tr>") == 201


def test_an_empty_caseload_says_how_to_add_the_first_person(client: Client, crew: Crew) -> None:
    client.sign_in(crew.asha)
    page = client.get("/caseload").text
    assert "Nobody is here yet" in page
    assert buttons_of(page) == ["Add a person", "Summaries to take home", "Add a person"]
    assert "No episode is closed yet" in client.get("/caseload?show=closed").text


def test_a_row_tells_who_where_and_what_is_due(client: Client, crew: Crew, db: Session) -> None:
    episode = refer(
        db,
        crew.asha,
        last_name="Akande",
        pathway=Pathway.MENTAL_HEALTH,
        care_cluster=7,
        referred_on=days_ago(20),
    )
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())
    tickets.save_draft(db, crew.asha, ticket, {"answer-money": "2"})
    reference = episode.service_user.reference
    safety.raise_flag(db, crew.asha, reference, "A worry")
    client.sign_in(crew.asha)
    page = client.get("/caseload").text
    assert f'href="/people/{reference}?episode={episode.id}"' in page
    told = text_of(page)
    assert f"Grace Akande {reference} Safety flag" in told
    assert "Mental health care cluster 7 week 3, phase 1 No survey yet Baseline Due Draft waiting" in told
    assert "One thing is due. One draft is waiting. One safety flag is open." in told


def test_a_follow_up_is_told_with_its_days(client: Client, crew: Crew, db: Session) -> None:
    for name, days in (("Late", 200), ("Soon", 85)):
        episode = refer(db, crew.asha, name, referred_on=days_ago(300))
        record_survey(db, crew.asha, episode, completed_on=days_ago(days))
    client.sign_in(crew.asha)
    told = text_of(client.get("/caseload").text)
    assert "Follow-up Overdue was meant by" in told
    assert "Follow-up Soon from" in told
    assert "One thing is due. One of them is overdue." in told


def test_the_filters_are_links(client: Client, crew: Crew, db: Session) -> None:
    refer(db, crew.asha, "Ofasha")
    refer(db, crew.ben, "Ofben")
    closed = refer(db, crew.ben, "Closedben")
    pathway.close(db, crew.ben, closed.id, clock.today(), ClosingReason.COMPLETED)
    client.sign_in(crew.ben)

    def shown(query: str) -> list[str]:
        page = client.get(f"/caseload{query}").text
        return [name for name in ("Ofasha", "Ofben", "Closedben") if name in page]

    assert shown("") == shown("?who=mine") == ["Ofben"]
    assert shown("?who=all") == ["Ofasha", "Ofben"]
    assert shown("?show=closed&who=mine") == ["Closedben"]
    assert shown("?show=nonsense&who=nonsense") == ["Ofasha", "Ofben"]
    assert 'href="/caseload?show=closed&amp;who=mine"' in client.get("/caseload").text


def test_an_advisor_without_the_team_sees_only_their_own(client: Client, crew: Crew, db: Session) -> None:
    refer(db, crew.asha, "Ofasha")
    refer(db, crew.ben, "Ofben")
    client.sign_in(crew.asha)
    page = client.get("/caseload?who=all").text
    assert "Ofasha" in page
    assert "Ofben" not in page
    assert "My team" not in page


class TestFinding:
    """By name, reference or day of birth."""

    @pytest.mark.parametrize(
        "typed", ["akande", "grace a", "3/4/1961", "3 April 1961", "1961-04-03", "reference", "lower"]
    )
    def test_a_person_is_found(self, client: Client, crew: Crew, db: Session, typed: str) -> None:
        born = days_ago(0).replace(1961, 4, 3)
        grace = refer(db, crew.asha, last_name="Akande", date_of_birth=born).service_user
        refer(db, crew.asha, "Tom", last_name="Booth")
        typed = {"reference": grace.reference, "lower": grace.reference[2:].lower()}.get(typed, typed)
        client.sign_in(crew.asha)
        told = text_of(client.get("/find", query_string={"q": typed}).text)
        assert "One person found." in told
        assert f"Grace Akande {grace.reference} born 3 April 1961" in told

    def test_nobody_found_says_what_to_do(self, client: Client, crew: Crew, db: Session) -> None:
        refer(db, crew.carol, "Zenobia")
        client.sign_in(crew.asha)
        page = client.get("/find?q=Zenobia").text
        assert "Nobody was found" in page
        assert 'href="/break-glass"' in page
        assert buttons_of(page) == ["Search", "Add a person"]

    def test_what_was_typed_stays_and_is_never_markup(self, client: Client, crew: Crew) -> None:
        client.sign_in(crew.asha)
        page = client.get("/find", query_string={"q": '"><script>alert(1)</script>'}).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_without_a_question_there_is_only_the_box(self, client: Client, crew: Crew) -> None:
        client.sign_in(crew.asha)
        assert buttons_of(client.get("/find").text) == ["Search"]

    def test_more_than_can_be_shown_asks_for_more_of_the_name(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        for number in range(51):
            refer(db, crew.asha, f"Grace {number}")
        client.sign_in(crew.asha)
        assert "Here are the first 50." in client.get("/find?q=grace").text
