"""Signing in and out: one wrong try tells nothing, nothing is fixed, and one sees where one is signed in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.people import PASSWORD, Crew, email, staff_of
from tests.support.signing_in import OTHER, cookie, field, sign_in, token
from wellbeing_app import create_app
from wellbeing_app.config import Settings
from wellbeing_app.model import SignInAttempt, StaffSession
from wellbeing_app.services import clock, throttle

# the right and the wrong password


def test_the_right_password_lets_in_and_leads_home(client: Client, crew: Crew) -> None:
    response = sign_in(client, crew.adam)
    assert (response.status_code, response.location) == (302, "/")
    assert "Adam" in client.get("/account").text


@pytest.mark.parametrize("address", ["adam@service.example", "nobody@service.example"])
def test_a_wrong_try_does_not_tell_what_was_wrong(client: Client, crew: Crew, address: str) -> None:
    response = client.submit("/sign-in", {"email": address, "password": "wrong wrong wrong"})
    assert response.status_code == 422
    assert "The email address or the password is not right." in response.text
    other = client.submit("/sign-in", {"email": "somebody@service.example", "password": "x"})
    assert apart_from(address, response) == apart_from("somebody@service.example", other)
    assert field(response, "email") == address
    assert "wrong wrong wrong" not in response.text
    assert cookie(client) is None


def apart_from(address: str, response: TestResponse) -> str:
    return response.text.replace(address, "").replace(field(response, "csrf_token"), "")


@pytest.mark.parametrize("who", ["adam", "nobody", "left", "invited"])
def test_every_try_costs_one_check_whoever_it_is_for(
    client: Client, crew: Crew, db: Session, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    staff_of(db, crew.ben).active = False
    staff_of(db, crew.carol).password_hash = None
    address = {"left": email(crew.ben), "invited": email(crew.carol)}.get(who, f"{who}@service.example")
    checked: list[str] = []
    check = PasswordHasher.verify

    def counting(hasher: PasswordHasher, kept: str, password: str) -> bool:
        checked.append(kept.rpartition("$")[0].rpartition("$")[0])
        return check(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    response = client.submit("/sign-in", {"email": address, "password": "wrong wrong wrong"})
    assert response.status_code == 422
    assert checked == ["$argon2id$v=19$m=8,t=1,p=1"]


def test_too_many_tries_are_held_off_and_say_how_long(client: Client, crew: Crew) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(throttle.PER_ACCOUNT):
            assert sign_in(client, crew.adam, "wrong").status_code == 422
        response = sign_in(client, crew.adam)
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "600"
        assert "wait ten minutes" in response.text
        time.shift(timedelta(minutes=10, seconds=1))
        assert sign_in(client, crew.adam).status_code == 302


def test_a_blank_form_says_what_is_missing(client: Client) -> None:
    response = client.submit("/sign-in")
    assert response.status_code == 422
    assert "Please write your email address." in response.text
    assert "Please write your password." in response.text


def test_a_form_that_grew_old_is_shown_again_and_counts_as_no_try(
    client: Client, crew: Crew, db: Session
) -> None:
    fields = {
        "email": email(crew.adam),
        "password": PASSWORD,
        "csrf_token": "old",
        "held": "",
        "next": "/staff",
    }
    response = client.post("/sign-in", data=fields)
    assert response.status_code == 422
    assert "This page was open for a long time." in response.text
    assert field(response, "email") == email(crew.adam)
    assert field(response, "next") == "/staff"
    assert cookie(client) is None
    assert db.scalar(select(func.count()).select_from(SignInAttempt)) == 0


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_a_form_from_another_site_is_refused(client: Client, crew: Crew, headers: dict[str, str]) -> None:
    fields = {"email": email(crew.adam), "password": PASSWORD}
    response = client.submit("/sign-in", fields, headers=headers)
    assert response.status_code == 403
    assert cookie(client) is None


# where it leads


def test_signing_in_leads_on_to_the_page_that_was_asked_for(client: Client, crew: Crew) -> None:
    asked = client.get("/staff/log?before=2026")
    page = client.get(asked.location)
    response = sign_in(client, crew.adam, next=field(page, "next"))
    assert response.location == "/staff/log?before=2026"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "staff",
        "/nowhere/at/all",
        "/sign-out",
    ],
)
def test_signing_in_leads_nowhere_else(client: Client, crew: Crew, address: str) -> None:
    assert sign_in(client, crew.adam, next=address).location == "/"
    assert client.get("/sign-in", query_string={"next": address}).location == "/"


# the session


def test_the_cookie_is_for_this_site_and_no_script(
    app: Flask, settings: Settings, sessions: sessionmaker[Session], db: Session, crew: Crew
) -> None:
    secure = create_app(replace(settings, public_url="https://survey.example"), sessions)
    secure.test_client_class = Client
    client, here = secure.test_client(db=db), {"base_url": "https://survey.example"}
    form_token = field(client.get("/sign-in", **here), "csrf_token")
    fields = {"email": email(crew.adam), "password": PASSWORD, "csrf_token": form_token}
    response = client.post("/sign-in", data=fields, **here)
    given = [line for line in response.headers.getlist("Set-Cookie") if line.startswith("__Host-wellbeing=")]
    assert len(given) == 1
    assert set(given[0].split("; ")[1:]) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_the_session_is_a_fresh_one_at_each_sign_in_and_the_old_one_ends(
    client: Client, elsewhere: Client, crew: Crew
) -> None:
    planted = "a token that somebody else knows"
    client.set_cookie("wellbeing", planted)
    sign_in(client, crew.adam)
    first = cookie(client)
    assert first not in (None, planted)
    fields = {"email": email(crew.asha), "password": PASSWORD, "csrf_token": token(client)}
    client.post("/sign-in", data=fields)
    assert cookie(client) not in (None, planted, first)
    elsewhere.set_cookie("wellbeing", str(first))
    assert elsewhere.get("/account").status_code == 302


def test_the_forms_of_before_a_sign_in_are_old_after_it(client: Client, crew: Crew) -> None:
    before = token(client, "/sign-in")
    sign_in(client, crew.adam)
    response = client.post("/account/sessions/end-others", data={"csrf_token": before})
    assert response.status_code == 400


def test_signing_out_ends_the_session_on_the_server(client: Client, elsewhere: Client, crew: Crew) -> None:
    sign_in(client, crew.adam)
    elsewhere.set_cookie("wellbeing", str(cookie(client)))
    assert elsewhere.get("/account").status_code == 200
    response = client.submit("/sign-out", page="/account")
    assert response.location == "/sign-in"
    assert cookie(client) is None
    assert "You are signed out." in client.get("/sign-in").text
    assert elsewhere.get("/account").status_code == 302


def test_signing_out_without_the_token_does_nothing(client: Client, crew: Crew) -> None:
    sign_in(client, crew.adam)
    assert client.post("/sign-out").status_code == 400
    assert client.get("/account").status_code == 200


def test_after_half_an_hour_of_nothing_a_page_asks_to_sign_in_again(client: Client, crew: Crew) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        sign_in(client, crew.adam)
        time.shift(timedelta(minutes=29))
        assert client.get("/staff").status_code == 200
        time.shift(timedelta(minutes=31))
        assert client.get("/staff").location == "/sign-in?next=/staff"


def test_one_sees_where_one_is_signed_in_and_ends_it(client: Client, elsewhere: Client, crew: Crew) -> None:
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    elsewhere.submit(
        "/sign-in", {"email": email(crew.adam), "password": PASSWORD}, headers={"User-Agent": firefox}
    )
    sign_in(client, crew.adam)
    page = client.get("/account").text
    assert "Firefox on Windows" in page
    assert page.count("This one") == 1
    [end] = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page)
    client.submit(end, page="/account")
    assert elsewhere.get("/account").status_code == 302
    assert "Firefox on Windows" not in client.get("/account").text


def test_one_ends_all_other_sessions_at_once(client: Client, elsewhere: Client, crew: Crew) -> None:
    sign_in(elsewhere, crew.adam)
    sign_in(client, crew.adam)
    client.submit("/account/sessions/end-others", page="/account")
    assert elsewhere.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_ending_this_session_signs_out(client: Client, crew: Crew, db: Session) -> None:
    sign_in(client, crew.adam)
    [here] = db.scalars(select(StaffSession.id).where(StaffSession.ended_at.is_(None)))
    response = client.submit(f"/account/sessions/{here}/end", page="/account")
    assert response.location == "/sign-in"
    assert cookie(client) is None


def test_somebody_elses_session_is_not_there(
    client: Client, elsewhere: Client, crew: Crew, db: Session
) -> None:
    sign_in(elsewhere, crew.asha)
    [theirs] = db.scalars(select(StaffSession.id))
    sign_in(client, crew.adam)
    assert client.submit(f"/account/sessions/{theirs}/end", page="/account").status_code == 404
    assert elsewhere.get("/account").status_code == 200


def test_a_new_password_signs_out_everywhere_else(client: Client, elsewhere: Client, crew: Crew) -> None:
    sign_in(elsewhere, crew.asha)
    sign_in(client, crew.asha)
    response = client.submit("/account/password", {"old": PASSWORD, "new": OTHER})
    assert response.location == "/account"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert sign_in(elsewhere, crew.asha, OTHER).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("not my password", OTHER, "This is not your password."),
        (PASSWORD, "short", "This password is too short. Please use at least 12 characters."),
        (PASSWORD, "password1234", "This password is easy to guess."),
        (PASSWORD, "x" * 129, "This password is too long. Please use 128 characters or fewer."),
        ("", "", "Please write the password you have now."),
    ],
)
def test_a_password_that_is_refused_says_why(
    client: Client, elsewhere: Client, crew: Crew, old: str, new: str, says: str
) -> None:
    client.sign_in(crew.asha)
    response = client.submit("/account/password", {"old": old, "new": new})
    assert response.status_code == 422
    assert says in response.text
    assert client.get("/account").status_code == 200
    assert sign_in(elsewhere, crew.asha).status_code == 302
