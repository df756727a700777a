"""Addresses that a request brings along, trusted only as far as they stay on this site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

# Browsers read a backslash as a slash and skip tabs and line breaks, so these could lead elsewhere too.
OF_THIS_SITE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def of_this_site(address: str | None) -> str | None:
    """The address if it is a path on this site that a browser can open, else None."""
    if not address or not OF_THIS_SITE.fullmatch(address) or not _can_be_opened(address):
        return None
    return address


def next_or_home(address: str | None) -> str:
    """Where to go on: the address if it is on this site, else the first page."""
    return of_this_site(address) or url_for("caseload.home")


def came_from() -> str | None:
    """The page of this site that led here, if it was another one."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc != request.host or referrer.path == request.path:
        return None
    return of_this_site(referrer.path + (f"?{referrer.query}" if referrer.query else ""))


def _can_be_opened(address: str) -> bool:
    """Whether there is a page there, and not just a place to send a form to."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        adapter.match(urlsplit(address).path, method="GET")
    except HTTPException:
        return False
    return True
