"""What scripts talk to, in JSON: never a redirect, never a page, and nothing from another site.

A cached page may be older than any form's token, so these addresses want a header that other sites cannot
send.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _

HEADER = "X-Wellbeing"
PREFIX = "/sync"
Answer = tuple[dict[str, Any], int]


def is_asked() -> bool:
    """Whether this request is for one of these addresses."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def is_from_elsewhere() -> bool:
    """Whether it lacks what only this site's own scripts send."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own_site = site in (None, "same-origin")
    own_origin = origin is None or urlsplit(origin).netloc == request.host
    return not (own_site and own_origin and request.headers.get(HEADER) == "1")


def refuse(error: str, status: int) -> Answer:
    """A refusal: a word for the script and a sentence for the reader. Nothing is lost on the device by it."""
    sentences = {
        "sign_in": _("Sign in first."),
        "not_found": _("There is nothing here for you."),
        "not_enrolled": _("This tablet is not set up for you. Pack visits on it first."),
        "too_large": _("That was too much at once."),
        "malformed": _("That could not be read."),
        "slow_down": _("Too much came at once. Try again in ten minutes."),
        "elsewhere": _("That came from another site."),
        "broken": _("Something went wrong here. Try again later."),
    }
    return {"error": error, "say": sentences.get(error, sentences["malformed"])}, status


def of_status(status: int) -> Answer:
    """The refusal that goes with a status of HTTP."""
    words = {401: "sign_in", 403: "elsewhere", 404: "not_found", 413: "too_large", 429: "slow_down"}
    return refuse(words.get(status, "broken" if status >= 500 else "malformed"), status)
