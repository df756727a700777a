"""The way in with a one-time link, and for the first administrator."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import PASSWORD, Crew
from tests.support.signing_in import FAY, OTHER, cookie, field, sign_in
from wellbeing_app.model import Role
from wellbeing_app.services import accounts, clock
from wellbeing_app.services.accounts import Details


def invited(db: Session, crew: Crew) -> str:
    details = Details(FAY["name"], FAY["email"], Role.ADVISOR)
    return accounts.invite(db, crew.adam, details)[1]


@pytest.mark.parametrize("paste", ["{}", "  {} ", "http://127.0.0.1:8080/welcome#{}", "#{}"])
def test_an_invitation_leads_to_a_password_and_into_the_app(
    client: Client, crew: Crew, db: Session, paste: str
) -> None:
    code = invited(db, crew)
    page = client.submit("/welcome", {"code": paste.format(code)})
    assert page.status_code == 200
    assert "Hello Fay Sealed." in page.text
    assert field(page, "code") == code
    response = client.submit("/welcome", {"code": code, "password": OTHER})
    assert (response.status_code, response.location) == (302, "/")
    assert "Fay Sealed" in client.get("/account").text


def test_a_link_that_was_used_says_so_plainly(client: Client, crew: Crew, db: Session) -> None:
    code = invited(db, crew)
    client.submit("/welcome", {"code": code, "password": OTHER})
    for fields in ({"code": code}, {"code": code, "password": PASSWORD}, {"code": code + "x"}):
        response = client.submit("/welcome", fields)
        assert response.status_code == 422
        assert "This link does not work any more." in response.text


def test_a_link_that_is_too_old_lets_nobody_in(client: Client, crew: Crew, db: Session) -> None:
    code = invited(db, crew)
    with time_machine.travel(clock.now() + timedelta(days=3, minutes=1)):
        response = client.submit("/welcome", {"code": code, "password": OTHER})
    assert response.status_code == 422
    assert cookie(client) is None


def test_a_weak_password_is_asked_for_again_and_the_link_still_works(
    client: Client, crew: Crew, db: Session
) -> None:
    code = invited(db, crew)
    response = client.submit("/welcome", {"code": code, "password": "fay@service.example"})
    assert response.status_code == 422
    assert "This password is easy to guess." in response.text
    assert "Hello Fay Sealed." in response.text
    assert client.submit("/welcome", {"code": field(response, "code"), "password": OTHER}).status_code == 302


def test_a_welcome_page_that_grew_old_is_shown_again(client: Client, crew: Crew, db: Session) -> None:
    code = invited(db, crew)
    for fields in ({"code": code}, {"code": code, "password": OTHER}):
        response = client.post("/welcome", data={**fields, "csrf_token": "old"})
        assert response.status_code == 422
        assert "This page was open for a long time." in response.text
        assert field(response, "code") == code


def test_the_first_administrator_says_who_they_are(client: Client, db: Session) -> None:
    code = accounts.first_administrator_link(db)
    page = client.submit("/welcome", {"code": code})
    assert "Make the first account" in page.text
    blank = client.submit("/welcome", {"code": code, "password": OTHER, "name": " ", "email": "gwen"})
    assert blank.status_code == 422
    assert "Please write a name." in blank.text
    assert "Please write an email address, such as name@example.org." in blank.text
    fields = {"code": code, "password": OTHER, "name": "Gwen", "email": "gwen@service.example"}
    assert client.submit("/welcome", fields).status_code == 302
    assert client.get("/staff").status_code == 200


def test_a_link_used_by_somebody_signed_in_makes_them_the_new_account(
    client: Client, elsewhere: Client, crew: Crew, db: Session
) -> None:
    sign_in(client, crew.adam)
    elsewhere.set_cookie("wellbeing", str(cookie(client)))
    client.submit("/welcome", {"code": invited(db, crew), "password": OTHER})
    assert "Fay Sealed" in client.get("/account").text
    assert elsewhere.get("/account").status_code == 302


def test_ones_own_link_for_a_new_password_works_while_one_is_signed_in(
    client: Client, crew: Crew, db: Session
) -> None:
    sign_in(client, crew.asha)
    _, code = accounts.new_link(db, crew.adam, crew.asha.id)
    assert client.submit("/welcome", {"code": code, "password": OTHER}).status_code == 302
    assert client.get("/account").status_code == 200
