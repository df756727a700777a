"""Signing in by the form, as a person does, and what the browser holds then."""

from __future__ import annotations

import html
import re

from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.people import PASSWORD, email
from wellbeing_app.services.access import Actor

OTHER = "nine herons mend a quiet gate"
FAY = {"name": "Fay Sealed", "email": "fay@service.example", "role": "advisor"}


def sign_in(client: Client, actor: Actor, password: str = PASSWORD, **fields: str) -> TestResponse:
    return client.submit("/sign-in", {"email": email(actor), "password": password, **fields})


def cookie(client: Client) -> str | None:
    found = client.get_cookie("wellbeing")
    return found.value if found else None


def field(response: TestResponse, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', response.text)
    assert found, f"No {name} in {response.text}"
    return html.unescape(found[1])


def token(client: Client, path: str = "/account") -> str:
    return field(client.get(path), "csrf_token")
