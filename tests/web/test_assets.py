"""A static file's address names its content, so that a browser keeps it for good and never an old one."""

from __future__ import annotations

import hashlib
import re

import pytest

from tests.support.client import Client
from tests.support.people import Crew
from wellbeing_app.web import assets

FOR_GOOD = "public, max-age=31536000, immutable"
SHEET = "css/tokens.css"


def linked(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_every_file_a_page_links_may_be_kept_for_good(client: Client, crew: Crew) -> None:
    client.sign_in(crew.asha)
    found = linked(client.get("/find").text)
    assert len(found) > 8
    for address in found:
        response = client.get(address, buffered=True)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == FOR_GOOD
        named = re.fullmatch(r"/static/[\w./-]+\?v=([0-9a-f]{12})", address)
        assert named
        assert hashlib.sha256(response.data).hexdigest().startswith(named[1])


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000"])
def test_under_any_other_address_it_is_asked_for_again(client: Client, query: str) -> None:
    response = client.get(f"/static/{SHEET}{query}", buffered=True)
    assert response.headers["Cache-Control"] == "no-cache"
    again = client.get(
        f"/static/{SHEET}{query}", headers={"If-None-Match": response.headers["ETag"]}, buffered=True
    )
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")


def test_nothing_outside_the_folder_and_nothing_missing_has_a_version() -> None:
    assert assets.version(SHEET)
    for name in ("../config.py", "css", "css/nothing.css", "../../pyproject.toml"):
        assert assets.version(name) is None


def test_a_file_that_is_not_there_is_not_kept(client: Client) -> None:
    response = client.get("/static/css/nothing.css?v=000000000000")
    assert response.status_code == 404
    assert "max-age" not in response.headers.get("Cache-Control", "")
