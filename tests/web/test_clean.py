"""What nobody can read never gets as far as the database, wherever in a request it stands."""

from __future__ import annotations

import pytest

from tests.support.client import Client
from tests.support.people import Crew

UNREADABLE = ["\x00", "a\x00b", "\x1b[31m", "\x7f", "\ufffe"]


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_search_leaves_it_out(client: Client, crew: Crew, text: str) -> None:
    client.sign_in(crew.asha)
    assert client.get("/find", query_string={"q": text}).status_code == 200


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_sign_in_leaves_it_out(client: Client, text: str) -> None:
    response = client.submit("/sign-in", {"email": f"{text}asha@service.example", "password": "wrong"})
    assert response.status_code == 422


@pytest.mark.parametrize("address", ["/people/R-%00", "/people/%00", "/%1b", "/forms/%7f"])
def test_no_address_has_it(client: Client, crew: Crew, address: str) -> None:
    client.sign_in(crew.asha)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
def test_a_query_in_no_known_script_breaks_nothing(client: Client, path: str) -> None:
    response = client.get(path, environ_overrides={"QUERY_STRING": "next=\xff"})
    assert response.status_code in (200, 404)
