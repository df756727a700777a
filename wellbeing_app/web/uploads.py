"""How much a view takes: a megabyte, unless it says more. Known before anything of a request is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
MARK = "takes_up_to"


def takes_up_to(size: int) -> Callable[[View], View]:
    """This view may be sent files, together as large as this (bytes)."""

    def mark(view: View) -> View:
        setattr(view, MARK, size)
        return view

    return mark


def init_app(app: Flask) -> None:
    """Must come before whatever looks into forms."""
    app.before_request(_allow)


def _allow() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    size = getattr(view, MARK, None)
    if size is not None and request.method == "POST":
        request.max_content_length = size
