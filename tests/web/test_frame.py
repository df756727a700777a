"""What stands around a page is drawn once and kept: but each page has its own token and its own address."""

from __future__ import annotations

import re

from tests.support.client import Client
from tests.support.people import Crew

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
