"""Asks an app for pages just as a server would, without one: so that only the app's own work is measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from tests.support.visitor import Answer, Fields, hidden_in

Environ = dict[str, Any]

# What a browser sends along with everything.
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.9",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Sec-Fetch-Site": "same-origin",
}
SET_COOKIE = re.compile(r"([^=]+)=([^;]*)")


class Unexpected(RuntimeError):
    """A page did not answer as it should; a fast error must not count as a fast page."""


class Door:
    """A browser's side of the app: it keeps cookies, and remembers nothing else."""

    def __init__(self, app: Flask, cookies: Mapping[str, str] | None = None) -> None:
        self.app = app
        self.cookies = dict(cookies or {})

    def request(self, path: str, fields: Fields | None = None) -> Environ:
        """What a server would hand to the app: GET, or POST with these fields."""
        headers = Headers([*HEADERS.items(), ("Cookie", self.cookie())])
        builder = EnvironBuilder(
            path=path,
            method="GET" if fields is None else "POST",
            headers=headers,
            content_type=None if fields is None else "application/x-www-form-urlencoded",
            data=None if fields is None else urlencode(fields, doseq=True),
        )
        return builder.get_environ()

    def script(self, path: str, body: str, headers: Mapping[str, str]) -> Environ:
        """What a server would hand to the app of a script's request: JSON, and headers of its own."""
        sent = Headers([*{**HEADERS, **headers}.items(), ("Cookie", self.cookie())])
        builder = EnvironBuilder(
            path=path, method="POST", headers=sent, content_type="application/json", data=body
        )
        return builder.get_environ()

    def as_sent(self, path: str, fields: Fields | None = None) -> str:
        """The same as it goes over the network."""
        body = "" if fields is None else urlencode(fields, doseq=True)
        headers = {
            "Host": "127.0.0.1",
            **HEADERS,
            "Cookie": self.cookie(),
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
        method = "GET" if fields is None else "POST"
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}"

    def cookie(self) -> str:
        """The header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, environ: Environ, status: int = 200) -> str:
        """The page's text. The same request may be asked again, as long as it is a GET."""
        return self.fetch(environ, status).decode()

    def fetch(self, environ: Environ, status: int = 200) -> bytes:
        """The same of what is no text."""
        return self._ask(environ, status)[0]

    def open(self, path: str) -> str:
        """The page's text; the cookies that it sets are kept."""
        page, headers = self._ask(self.request(path), 200)
        for name, value in headers:
            if name == "Set-Cookie" and (found := SET_COOKIE.match(value)):
                self.cookies[found[1]] = found[2]
        return page.decode()

    def hidden_fields(self, path: str) -> Fields:
        """What the page's form sends along without anybody typing it."""
        return hidden_in(Answer(path, 200, "", self.open(path)))

    def _ask(self, environ: Environ, status: int) -> tuple[bytes, list[tuple[str, str]]]:
        answered: list[Any] = []

        def start_response(*arguments: Any) -> Any:
            answered.extend(arguments)

        if "wsgi.input" in environ:
            environ["wsgi.input"].seek(0)
        chunks = self.app({**environ}, start_response)
        answer = b"".join(chunks)
        if not answered[0].startswith(str(status)):
            raise Unexpected(f"{environ['PATH_INFO']} answered {answered[0]}, not {status}")
        getattr(chunks, "close", lambda: None)()
        return answer, answered[1]
