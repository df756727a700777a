"""The documents for visits without a connection, and what makes a tablet keep them.

They hold nothing about anybody: people come into them on the tablet, out of its own sealed store.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from wellbeing_app.web.assets import ASK_FIRST, FOR_GOOD
from wellbeing_app.web.guard import public
from wellbeing_app.web.i18n import choose_language
from wellbeing_app.web.shell import Kept, address, shell

blueprint = Blueprint("visit", __name__)
PACKINGS = ("br", "gzip")  # the smaller first
ACCENT = "#00504b"
PAPER = "#f4f8f7"
ICONS = (
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
)


@blueprint.get("/visit/")
@public
def choose() -> AnyResponse:
    """The document in the language of this browser."""
    return redirect(url_for("visit.document", spoken=choose_language()))


@blueprint.get("/visit/<spoken>/")
@public
def document(spoken: str) -> Response:
    """Where an advisor unlocks the tablet and finds the visits."""
    return _document(f"/visit/{spoken}/")


@blueprint.get("/visit/<spoken>/<place>/")
@public
def page(spoken: str, place: str) -> Response:
    """What else a tablet keeps: the person's own document, and what is shown without a connection."""
    return _document(f"/visit/{spoken}/{place}/")


@blueprint.get("/visit/at/<shell_version>/<path:filename>")
@public
def file(shell_version: str, filename: str) -> Response:
    """A script, sheet or picture. Of any version but this one it must be asked for again."""
    kept = shell().files.get(filename) or abort(404)
    return _answer(kept, FOR_GOOD if shell_version == shell().version else ASK_FIRST)


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The service worker, for the whole site."""
    return _answer(shell().worker, ASK_FIRST)


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a tablet needs to know to install the app."""
    answer = jsonify(
        id="/visit/",
        name=_("Well-being survey"),
        short_name=_("Visits"),
        start_url="/visit/",
        scope="/",
        display="standalone",
        background_color=PAPER,
        theme_color=ACCENT,
        icons=[_icon(*one) for one in ICONS],
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = ASK_FIRST
    return answer


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kept = shell().files[name]
    where = address(shell().version, name)
    return {"src": where, "sizes": sizes, "type": kept.media_type, "purpose": purpose}


def _document(where: str) -> Response:
    return _answer(shell().documents.get(where) or abort(404), ASK_FIRST)


def _answer(kept: Kept, how_long: str) -> Response:
    """The file, packed if the browser can unpack it: it holds no secret that its size could tell of."""
    how = next((name for name in PACKINGS if request.accept_encodings[name]), None)
    answer = Response(kept.packed[how] if how else kept.body, content_type=_content_type(kept))
    if how:
        answer.headers["Content-Encoding"] = how
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = how_long
    answer.set_etag(kept.digest)
    answer.make_conditional(request)
    return answer


def _content_type(kept: Kept) -> str:
    is_text = kept.media_type.startswith("text/") or kept.media_type == "image/svg+xml"
    return f"{kept.media_type}; charset=utf-8" if is_text else kept.media_type
