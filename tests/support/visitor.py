"""A browser without scripts, on a server that runs: it keeps cookies and sends forms with their token."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
Fields = Mapping[str, str | Sequence[str]]

# What a browser shows as "no answer": nobody there, or gone before the answer was whole.
NoAnswer = (OSError, HTTPException)


@dataclass(frozen=True)
class Answer:
    """What came back; redirects are not followed."""

    status: int
    location: str
    text: str


class Visitor:
    """One browser. Raises one of `NoAnswer` when the server does not answer to the end."""

    def __init__(self, url: str, timeout: float = 30) -> None:
        self._address = urlsplit(url).netloc
        self._timeout = timeout
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields) -> Answer:
        """Send fields, as they are."""
        return self._ask("POST", path, urlencode(fields, doseq=True))

    def submit(self, path: str, fields: Fields, page: str | None = None) -> Answer:
        """Send a form: open its page (`path`, unless told) and send the page's token along."""
        return self.post(path, {"csrf_token": token_on(self.get(page or path)), **fields})

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        connection = HTTPConnection(self._address, timeout=self._timeout)
        try:
            connection.request(method, path, body, self._headers())
            response = connection.getresponse()
            text = response.read().decode()
            for header in response.headers.get_all("Set-Cookie") or ():
                self._keep(header)
            return Answer(response.status, response.headers.get("Location", ""), text)
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}

    def _keep(self, header: str) -> None:
        for name, morsel in SimpleCookie(header).items():
            self.cookies[name] = morsel.value


def token_on(page: Answer) -> str:
    """The token of the form on a page."""
    found = TOKEN.search(page.text)
    assert found, f"No form on this page ({page.status}):\n{page.text[:2000]}"
    return found[1]
