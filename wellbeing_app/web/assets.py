"""Static files under addresses that name their content, so that a browser asks for each of them once.

`url_for("static", …)` adds `v`, the beginning of the file's SHA-256. An address whose `v` is today's may be
kept for a year; any other must be asked for again, so that no browser keeps a new file under an old name. The
files are read once: after changing one, start the app again.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, get_template_attribute, request
from markupsafe import Markup

STATIC = Path(__file__).resolve().parents[1] / "static"
VERSION_LENGTH = 12
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"


def init_app(app: Flask) -> None:
    """Add versions to the addresses, and say how long an answer may be kept."""
    app.url_defaults(_add_version)
    app.jinja_env.globals["head_links"] = lambda: _head_links(request.script_root)
    app.after_request(_say_how_long)


@cache
def version(filename: str) -> str | None:
    """What an address of this file carries; None if there is no such file."""
    path = (STATIC / filename).resolve()
    if not path.is_relative_to(STATIC) or not path.is_file():
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest()[:VERSION_LENGTH]


@cache
def _head_links(_where_the_app_is: str) -> Markup:
    return cast(Markup, get_template_attribute("_head.html", "links")())


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values and (current := version(values["filename"])):
        values["v"] = current


def _say_how_long(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 304):
        asked = request.args.get("v")
        is_current = asked is not None and asked == version((request.view_args or {})["filename"])
        response.headers["Cache-Control"] = FOR_GOOD if is_current else ASK_FIRST
    return response
