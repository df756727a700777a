"""Pages for paper: drawn from `printable/` in the reader's own language, and sent as a PDF."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, render_template
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from wellbeing_app.config import PROJECT
from wellbeing_app.paper import print as paper
from wellbeing_app.web.i18n import use_language

PREFIX = "printable"


def init_app(app: Flask) -> None:
    """Let templates named `printable/…` come from the folder of that name. Call before any is drawn."""
    own = app.jinja_loader
    sheets = PrefixLoader({PREFIX: FileSystemLoader(PROJECT / PREFIX)})
    app.jinja_loader = ChoiceLoader([own, sheets] if own else [sheets])


def draw(template: str, language: str, *, tagged: bool = True, **values: Any) -> bytes:
    """A template of `printable/` as a PDF in this language; raises as `paper.pdf`."""
    with use_language(language):
        return paper.pdf(render_template(template, **values), tagged=tagged)


def draw_on_one_page(template: str, **values: Any) -> bytes:
    """The same in the language of now, with `tight` set where it would else not fit on one page."""
    drawn = [render_template(template, tight=tight, **values) for tight in (False, True)]
    return paper.pdf(*drawn, pages=1)


def as_file(content: bytes, name: str) -> Response:
    """A PDF for the browser to show. `name` is for who saves it: no person's name belongs there."""
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response
