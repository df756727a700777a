"""Safety flags on the page: whom to tell, what was done, and what came of it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.pages import main_of, printed_text_of, text_of
from tests.support.people import Crew, refer
from wellbeing_app.model import SafetyFlag, ServiceUser
from wellbeing_app.services import safety, settings
from wellbeing_app.services.settings import ServiceSettings

CONCERN = "Said that she cannot go on"


@pytest.fixture
def grace(client: Client, crew: Crew, db: Session) -> ServiceUser:
    """On the caseload of Asha, who is signed in."""
    client.sign_in(crew.asha)
    return refer(db, crew.asha).service_user


@pytest.fixture
def flag(crew: Crew, db: Session, grace: ServiceUser) -> SafetyFlag:
    return safety.raise_flag(db, crew.asha, grace.reference, CONCERN, "Mandy")


def path_of(grace: ServiceUser, flag: SafetyFlag) -> str:
    return f"/people/{grace.reference}/safety/{flag.id}"


def test_a_flag_is_raised_followed_through_and_closed(client: Client, grace: ServiceUser) -> None:
    new = f"/people/{grace.reference}/safety/new"
    page = client.submit(new, {"concern": CONCERN, "told": "Mandy"}, follow_redirects=True)
    here = page.request.path
    client.submit(here, {"what": "Rang the GP"})
    told = text_of(client.get(here).text)
    assert f"Raised by Asha {CONCERN} Told: Mandy" in told
    assert "Done by Asha Rang the GP" in told
    page = client.submit(here, {"do": "close", "outcome": "Seen daily"}, follow_redirects=True)
    assert "Closed by Asha Seen daily" in text_of(page.text)
    assert "<form" not in main_of(page.text)
    assert grace.safety_flags[0].outcome == "Seen daily"


@pytest.mark.parametrize(
    ("fields", "said", "target"),
    [
        ({"what": " "}, "Say what was done.", "what"),
        ({"do": "close", "outcome": ""}, "Say what came of it. Only then is the flag closed.", "outcome"),
    ],
)
def test_a_flag_is_not_closed_without_words(
    client: Client, grace: ServiceUser, flag: SafetyFlag, fields: dict[str, str], said: str, target: str
) -> None:
    response = client.submit(path_of(grace, flag), fields)
    assert response.status_code == 422
    assert f'<a href="#{target}">{said}</a>' in response.text
    assert flag.closed_at is None
    assert flag.actions == []


def test_a_flag_is_not_raised_without_words(client: Client, grace: ServiceUser) -> None:
    response = client.submit(f"/people/{grace.reference}/safety/new", {"concern": "", "told": "Mandy"})
    assert response.status_code == 422
    assert "Say in a few words what worries you." in response.text
    assert 'value="Mandy"' in response.text
    assert grace.safety_flags == []


def test_whom_to_tell_is_what_the_service_says(
    client: Client, crew: Crew, db: Session, grace: ServiceUser, flag: SafetyFlag
) -> None:
    paths = (f"/people/{grace.reference}/safety/new", path_of(grace, flag))
    assert all("Then tell your manager." in client.get(path).text for path in paths)
    settings.change(db, crew.adam, ServiceSettings(safety_contact="Mandy Lowe, 01709 555 0199"))
    assert all("Then tell: Mandy Lowe, 01709 555 0199" in text_of(client.get(path).text) for path in paths)


def test_the_open_flags_of_those_in_reach_are_listed(
    client: Client, crew: Crew, db: Session, grace: ServiceUser, flag: SafetyFlag
) -> None:
    of_carol = refer(db, crew.carol, "Zenobia").service_user
    safety.raise_flag(db, crew.carol, of_carol.reference, "Another worry")
    for who, seen, unseen in ((crew.asha, "Grace", "Zenobia"), (crew.carol, "Zenobia", "Grace")):
        client.sign_in(who)
        page = client.get("/safety").text
        assert seen in page
        assert unseen not in page
    client.sign_in(crew.mandy)
    assert "2 flags are open" in client.get("/safety").text


def test_without_an_open_flag_the_list_says_so(client: Client, grace: ServiceUser) -> None:
    assert "No safety flag is open" in client.get("/safety").text


def test_nothing_about_a_flag_is_printed(client: Client, grace: ServiceUser, flag: SafetyFlag) -> None:
    paths = ("/caseload", f"/people/{grace.reference}", path_of(grace, flag), "/safety")
    for path in paths:
        printed = printed_text_of(client.get(path).text)
        assert "Safety flags are never printed." in printed or path in paths[:2]
        assert "safety flag" not in printed.casefold().replace("safety flags are never", "")
        assert CONCERN not in printed


def test_another_persons_flag_is_not_found(
    client: Client, crew: Crew, db: Session, grace: ServiceUser, flag: SafetyFlag
) -> None:
    tom = refer(db, crew.asha, "Tom").service_user
    assert client.get(path_of(tom, flag)).status_code == 404
    assert client.submit(path_of(tom, flag), {"what": "X"}, page="/find").status_code == 404


def test_a_flag_sent_twice_is_raised_once(client: Client, crew: Crew, grace: ServiceUser) -> None:
    path = f"/people/{grace.reference}/safety/new"
    first, again = (client.submit(path, {"concern": CONCERN}) for _ in range(2))
    assert first.location == again.location
    client.submit(path, {"concern": CONCERN + " again"})
    client.sign_in(crew.mandy)
    client.submit(path, {"concern": CONCERN})
    assert len(grace.safety_flags) == 3
