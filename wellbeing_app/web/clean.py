"""What a request brings along, without what nobody can read: PostgreSQL would fail on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import NotFound

from wellbeing_app.services.text import readable


class CleanFields(ImmutableMultiDict[str, Any]):
    """The fields of a form or an address; also with one kind of line break only."""

    def __init__(self, sent: Any = None) -> None:
        super().__init__(_clean(sent.items(multi=True) if isinstance(sent, ImmutableMultiDict) else sent))


class CleanRequest(Request):
    """A request whose fields are clean, and whose query can be decoded."""

    parameter_storage_class = CleanFields

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.query_string = self.query_string.decode(errors="replace").encode()


def init_app(app: Flask) -> None:
    """Clean every request's fields. No address has anything unreadable in it, so such a one is not there."""
    app.request_class = CleanRequest
    app.before_request(_refuse_unreadable_address)


def _refuse_unreadable_address() -> None:
    if readable(request.path) != request.path:
        raise NotFound


def _clean(pairs: Iterable[tuple[str, Any]] | None) -> list[tuple[str, Any]]:
    return [
        (readable(name), readable(value) if isinstance(value, str) else value) for name, value in pairs or ()
    ]
