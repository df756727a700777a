"""What stands around a page is drawn once and kept: but each page has its own token and its own address."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew
from tests.support.surveying import planned
from wellbeing_app.web import blanks

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NEXT = re.compile(r'name="next" value="([^"]*)"')


def test_two_browsers_get_tokens_of_their_own(client: Client, crew: Crew) -> None:
    client.sign_in(crew.asha)
    first = TOKEN.findall(client.get("/caseload").text)
    client.delete_cookie("form")
    second = TOKEN.findall(client.get("/caseload").text)
    assert first
    assert second
    assert not set(first) & set(second)


def test_each_page_leads_back_to_itself(client: Client, crew: Crew) -> None:
    client.sign_in(crew.asha)
    assert NEXT.findall(client.get("/caseload").text) == ["/caseload"]
    assert NEXT.findall(client.get("/find?q=%22%3E%3Cb%3E&r=1").text) == ["/find?q=%22%3E%3Cb%3E&amp;r=1"]


def test_what_an_administrator_changes_is_on_the_next_page(client: Client, crew: Crew) -> None:
    client.sign_in(crew.adam)
    assert "Hilltop" not in client.get("/settings").text
    chosen = {"name": "Hilltop", "default_language": "en", "version": "0"}
    assert client.submit("/settings", chosen).status_code == 302
    assert "Hilltop" in client.get("/staff").text


def test_who_signed_out_leaves_nothing_of_theirs_in_the_frame(client: Client, crew: Crew) -> None:
    client.sign_in(crew.asha)
    assert "Sign out" in client.get("/help").text
    client.submit("/sign-out", page="/help")
    assert "Sign out" not in client.get("/help").text


def test_a_kept_page_filled_in_is_the_page_as_it_would_be_drawn(
    client: Client, db: Session, crew: Crew
) -> None:
    grace, bo = planned(db, crew), planned(db, crew)
    bo.episode.service_user.first_name = "<Bo> & Co"
    db.commit()
    client.sign_in(crew.asha)
    client.get(f"/surveys/{grace.id}")
    filled = client.get(f"/surveys/{bo.id}?from=<b>").text
    blanks._drawn.cache_clear()
    fresh = client.get(f"/surveys/{bo.id}?from=<b>").text
    only_once = re.compile(r'name="page" value="[0-9a-f]+"')
    assert only_once.sub("", filled) == only_once.sub("", fresh)
    assert (filled.count("&lt;Bo&gt; &amp; Co"), filled.count(str(bo.id))) == (1, 4)
    assert str(grace.id) not in filled
