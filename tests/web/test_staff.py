"""The administrator's pages: links shown once, races told, and nothing about anybody's well-being."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import PASSWORD, Crew, email, refer, staff_of
from wellbeing_app.model import Role, Staff
from wellbeing_app.services import access, accounts
from wellbeing_app.services.policy import Action

FAY = {"name": "Fay", "email": "fay@service.example", "role": "advisor", "team": "West"}
LINK = re.compile(r"(http://127\.0\.0\.1:8080/welcome)#([\w-]{43})")


@pytest.fixture(autouse=True)
def _adam_is_signed_in(client: Client, crew: Crew) -> None:
    client.sign_in(crew.adam)


def fay(db: Session) -> Staff | None:
    return db.scalar(select(Staff).where(Staff.email == FAY["email"]))


def of(staff: Staff, **changes: str) -> dict[str, str]:
    fields = {"name": staff.name, "email": staff.email, "role": staff.role, "version": str(staff.version)}
    given = {"team": staff.team.name if staff.team else "", "active": "y", **fields, **changes}
    return {name: value for name, value in given.items() if value}


def test_the_list_says_who_has_not_signed_in_and_who_left(client: Client, crew: Crew, db: Session) -> None:
    staff_of(db, crew.ben).active = False
    staff_of(db, crew.carol).password_hash = None
    page = client.get("/staff").text
    rows = {
        name: row for row in page.split("<tr>") for name in ("Asha", "Ben", "Carol") if f">{name}<" in row
    }
    assert "In use" in rows["Asha"]
    assert "North" in rows["Asha"]
    assert "Left" in rows["Ben"]
    assert "Has not signed in yet" in rows["Carol"]


def test_an_invitation_shows_its_link_once(client: Client, db: Session) -> None:
    response = client.submit("/staff/new", FAY)
    assert response.status_code == 201
    found = LINK.search(response.text)
    assert found
    staff = fay(db)
    assert staff is not None
    assert (staff.name, staff.role, staff.team and staff.team.name) == ("Fay", Role.ADVISOR, "West")
    for path in ("/staff", f"/staff/{staff.id}", "/staff/log"):
        assert found[2] not in client.get(path).text
    assert accounts.whom_link_is_for(db, found[2]).name == "Fay"


def test_a_second_press_of_the_button_makes_no_second_account(client: Client, db: Session) -> None:
    client.submit("/staff/new", FAY)
    again = client.submit("/staff/new", FAY)
    assert again.status_code == 422
    assert "Somebody else already has an account with this email address." in again.text
    assert 'value="West"' in again.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "  "}, "Please write a name."),
        ({"email": "fay at service"}, "Please write an email address, such as name@example.org."),
        ({"role": ""}, "Please choose what they do here."),
        ({"role": "owner"}, "Please choose from the list."),
        ({"name": "x" * 201}, "Please use 200 characters or fewer."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(client: Client, db: Session, change, says: str) -> None:
    response = client.submit("/staff/new", {**FAY, **change})
    assert response.status_code == 422
    assert response.text.count(says) == 2  # above the form and beside the field
    assert fay(db) is None


def test_a_new_link_is_shown_once_and_the_old_one_stops(client: Client, db: Session) -> None:
    first = LINK.search(client.submit("/staff/new", FAY).text)
    staff = fay(db)
    assert first
    assert staff
    second = LINK.search(client.submit(f"/staff/{staff.id}/link", page=f"/staff/{staff.id}").text)
    assert second
    assert accounts.whom_link_is_for(db, second[2]).name == "Fay"
    assert client.submit("/welcome", {"code": first[2]}).status_code == 422


def test_there_is_no_link_for_somebody_who_left(client: Client, crew: Crew, db: Session) -> None:
    staff_of(db, crew.ben).active = False
    path = f"/staff/{crew.ben.id}"
    assert "Make a link" not in client.get(path).text
    response = client.submit(f"{path}/link", page=path)
    assert response.location == path
    assert "they cannot have a link" in client.get(path).text


def test_role_team_and_leave_are_changed(client: Client, crew: Crew, db: Session) -> None:
    changed = of(staff_of(db, crew.ben), role="manager", team="South", active="")
    assert client.submit(f"/staff/{crew.ben.id}", changed).location == "/staff"
    staff = staff_of(db, crew.ben)
    assert (staff.role, staff.team_id, staff.active) == (Role.MANAGER, crew.carol.team_id, False)
    assert staff.sees_team is False


def test_a_lost_race_shows_both_versions_and_the_next_save_decides(
    client: Client, crew: Crew, db: Session
) -> None:
    fields = of(staff_of(db, crew.ben), name="Benedict")
    accounts.edit(db, crew.adam, crew.ben.id, of_staff(staff_of(db, crew.ben), team="South"))
    lost = client.submit(f"/staff/{crew.ben.id}", fields)
    assert lost.status_code == 409
    assert "Nothing was overwritten." in lost.text
    assert "South" in lost.text
    assert 'value="Benedict"' in lost.text
    assert staff_of(db, crew.ben).name == "Ben"
    found = re.search(r'name="version"[^>]*value="(\d+)"', lost.text)
    assert found
    client.submit(f"/staff/{crew.ben.id}", {**fields, "version": found[1]})
    assert staff_of(db, crew.ben).name == "Benedict"


def of_staff(staff: Staff, **changes: str) -> accounts.Details:
    known = {"team": "", "sees_team": staff.sees_team, **changes}
    return accounts.Details(staff.name, staff.email, staff.role, version=staff.version, **known)


@pytest.mark.parametrize("change", [{"active": ""}, {"role": "manager"}])
def test_the_last_administrator_cannot_go(client: Client, crew: Crew, db: Session, change) -> None:
    response = client.submit(f"/staff/{crew.adam.id}", of(staff_of(db, crew.adam), **change))
    assert response.status_code == 422
    assert "Make somebody else an administrator first." in response.text
    assert client.get("/staff").status_code == 200


def test_somebody_who_left_is_out_at_their_next_step(
    app: Flask, client: Client, crew: Crew, db: Session
) -> None:
    asha: Client = app.test_client(db=db)  # type: ignore[assignment]
    asha.sign_in(crew.asha)
    assert asha.get("/account").status_code == 200
    client.submit(f"/staff/{crew.asha.id}", of(staff_of(db, crew.asha), active=""))
    assert asha.get("/account").status_code == 302
    refused = asha.submit("/sign-in", {"email": email(crew.asha), "password": PASSWORD})
    assert refused.status_code == 422


def test_a_form_that_grew_old_changes_nothing_and_keeps_what_was_typed(
    client: Client, crew: Crew, db: Session
) -> None:
    fields = of(staff_of(db, crew.ben), name="Benedict")
    response = client.post(f"/staff/{crew.ben.id}", data={**fields, "csrf_token": "old"})
    assert response.status_code == 422
    assert 'value="Benedict"' in response.text
    assert staff_of(db, crew.ben).name == "Ben"
    assert client.post(f"/staff/{crew.ben.id}/link").status_code == 400


def test_the_log_tells_of_accounts_and_of_nobodys_well_being(client: Client, crew: Crew, db: Session) -> None:
    episode = refer(db, crew.asha, "Grace")
    access.person(db, crew.asha, Action.SEE_PERSON, episode.service_user.reference)
    client.submit("/staff/new", FAY)
    client.submit("/sign-in", {"email": email(crew.ben), "password": "wrong"}, page="/staff/new")
    page = html.unescape(client.get("/staff/log").text)
    assert "Added somebody to the staff" in page
    assert "Fay" in page
    assert "Somebody tried to sign in" in page
    assert "Ben" in page
    assert "Grace" not in page
    assert episode.service_user.reference not in page
    assert "Opened the record" not in page


def test_the_log_goes_back_a_page_at_a_time(client: Client, crew: Crew, db: Session) -> None:
    staff = staff_of(db, crew.ben)
    for number in range(101):
        accounts.edit(db, crew.adam, staff.id, of_staff(staff, team=f"Team {number % 2}"))
    page = client.get("/staff/log").text
    assert page.count("Changed an account") == 100
    older = re.search(r'href="(/staff/log\?before=[^"]+)"', page)
    assert older
    assert client.get(html.unescape(older[1])).text.count("Changed an account") == 1


@pytest.mark.parametrize("before", ["yesterday", "2026-01-01", "", "0001-01-01T00:00:00+00:00"])
def test_the_log_understands_any_address(client: Client, before: str) -> None:
    assert client.get("/staff/log", query_string={"before": before}).status_code == 200
