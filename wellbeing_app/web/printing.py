"""Pages for paper: drawn from `printable/` in the reader's own language, and sent as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from wellbeing_app.config import PROJECT
from wellbeing_app.paper import print as paper

PREFIX = "printable"


def init_app(app: Flask) -> None:
    """Let templates named `printable/…` come from the folder of that name. Call before any is drawn."""
    own = app.jinja_loader
    sheets = PrefixLoader({PREFIX: FileSystemLoader(PROJECT / PREFIX)})
    app.jinja_loader = ChoiceLoader([own, sheets] if own else [sheets])


def fill(template: str, **values: Any) -> str:
    """A template as HTML in the language of now; without what stands around a page, so without a request."""
    return current_app.jinja_env.get_template(template).render(**values)


@dataclass(frozen=True)
class Drawn:
    """A sheet as HTML, its `tighter` settings after it; at most `pages` long, if one of them is."""

    html: tuple[str, ...]
    pages: int | None = None

    def pdf(self) -> bytes:
        """The PDF; raises as `paper.pdf`. It takes a while: commit first, so that nobody waits for it."""
        return paper.pdf(*self.html, pages=self.pages)


def as_file(content: bytes, name: str, *, attached: bool = False) -> Response:
    """A PDF for the browser to show, or to save. `name`: of the file; no person's belongs there."""
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment" if attached else "inline", filename=name)
    return response
