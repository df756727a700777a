"""A browser without scripts, on a server that runs: it keeps cookies and sends forms with their token."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

Fields = Mapping[str, str | Sequence[str]]

# What a browser shows as "no answer": nobody there, or gone before the answer was whole.
NoAnswer = (OSError, HTTPException)


@dataclass(frozen=True)
class Answer:
    """What came back; redirects are not followed."""

    path: str
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

    def submit(self, path: str, fields: Fields) -> Answer:
        """Open a page and send its form, filled in with these fields."""
        return self.post(path, {**hidden_in(self.get(path)), **fields})

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        connection = HTTPConnection(self._address, timeout=self._timeout)
        try:
            connection.request(method, path, body, self._headers())
            response = connection.getresponse()
            text = response.read().decode()
            for header in response.headers.get_all("Set-Cookie") or ():
                self._keep(header)
            return Answer(path, response.status, response.headers.get("Location", ""), text)
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}

    def _keep(self, header: str) -> None:
        for name, morsel in SimpleCookie(header).items():
            self.cookies[name] = morsel.value


class _OwnForm(HTMLParser):
    """Reads the hidden fields of the form that a page sends to its own address."""

    def __init__(self, page: Answer) -> None:
        super().__init__()
        self.hidden: dict[str, list[str]] = defaultdict(list)
        self._address = urlsplit(page.path).path
        self._inside = False
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            action = urlsplit(given.get("action") or self._address).path
            self._inside = given.get("method") == "post" and action == self._address
        elif self._inside and tag == "input" and given.get("type") == "hidden":
            self.hidden[str(given["name"])].append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def hidden_in(page: Answer) -> dict[str, list[str]]:
    """What a page sends along with its form without anybody typing it, its token among them."""
    hidden = _OwnForm(page).hidden
    assert "csrf_token" in hidden, f"{page.path} has no form ({page.status}):\n{page.text[:2000]}"
    return dict(hidden)
