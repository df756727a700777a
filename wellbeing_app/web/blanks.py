"""Pages that are drawn once of each kind, and kept, with blanks for what is each page's own.

Most of a page is the same for everybody: a name, a few addresses, a token and the answers are not. So it is
drawn with blanks in their places, kept, and each request only fills them in. A kept page cannot give away
anybody's words, because nobody's were there when it was drawn.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from flask import g, render_template, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from wellbeing_app.web.navigation import kind_of_visitor

KEPT = 200  # of some 8 kB
TOKEN, HERE = "csrf_token", "here"
# No page can have this in it by chance, and nobody can write it on purpose.
_MARK = secrets.token_hex(12)
_BLANK = re.compile(f"{_MARK}-([a-z_]+)-")

Kept = tuple[str, ...]
"""What is the same, and by turns the name of a blank."""


def page(template: str, kind: Mapping[str, Hashable], own: Mapping[str, str]) -> str:
    """The page. The template may decide by `kind`, and only write down what is in `own`.

    Markup in `own` is put in as it is, other text escaped. Nobody's `actor` is there to draw it with.
    """
    # What was to be said once is said on this page, and not on one that is kept.
    draw = _drawn.__wrapped__ if "_flashes" in session else _drawn
    return fill(draw(template, tuple(kind.items()), tuple(own), kind_of_visitor()), own)


def fill(drawn: Kept, own: Mapping[str, str]) -> str:
    """The kept page or part with this request's own values in it."""
    return put_in(drawn, {**own, TOKEN: csrf_token(), HERE: here()})


def put_in(drawn: Kept, own: Mapping[str, str]) -> str:
    """The same for what has no form and leads nowhere back."""
    parts = list(drawn)
    parts[1::2] = [escape(own[name]) for name in drawn[1::2]]
    return "".join(parts)


def keep(text: str) -> Kept:
    """What was drawn with blanks, ready to be filled."""
    return tuple(_BLANK.split(text))


def blank(name: str) -> str:
    """What stands for it while it is drawn."""
    return f"{_MARK}-{name}-"


def csrf_token() -> str:
    """This request's token for its forms; a blank while something is drawn to be kept."""
    return blank(TOKEN) if "blanks" in g else generate_csrf()


def here() -> str:
    """The address to come back to; likewise."""
    if "blanks" in g:
        return blank(HERE)
    return request.full_path if request.query_string else request.path


@contextmanager
def drawing() -> Iterator[None]:
    """What is drawn meanwhile has blanks for what only this request knows."""
    g.blanks = True
    try:
        yield
    finally:
        g.pop("blanks")


@lru_cache(KEPT)
def _drawn(
    template: str, kind: tuple[tuple[str, Hashable], ...], own: tuple[str, ...], _visitor: Hashable
) -> Kept:
    with drawing():
        return keep(
            render_template(template, **dict(kind), **{name: blank(name) for name in own}, actor=None)
        )
