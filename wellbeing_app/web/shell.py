"""What a tablet keeps of the app to work without a connection: documents, scripts, sheets and icons.

Nothing in it is about anybody, and nothing depends on who asks: it is made once, from the code alone. Every
file's address holds the version of the whole, so that a document never meets a script of another version.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import brotli
from flask import Flask, current_app

from wellbeing_app.web.assets import STATIC
from wellbeing_app.web.i18n import LANGUAGES, use_language
from wellbeing_app.web.joining import joined, small

SHEETS = (
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/page.css",
    "css/tables.css",
    "css/forms.css",
    "css/survey.css",
    "css/progress.css",
    "css/visit.css",
)
ALL_SHEETS = "css/all.css"  # one request instead of nine
ALL_SCRIPTS = "js/tablet.js"  # and instead of thirty
BEGINNINGS = {ALL_SCRIPTS: ("js/shell.js", "js/handover.js"), "js/pack.js": ("js/pack.js",)}
ICONS = ("icon-180.png", "icon-192.png", "icon-512.png", "icon-maskable.png")
ONLINE = ("js/pack.js", *ICONS)  # what is loaded with a connection only
PICTURES = ("icon.svg",)
DOCUMENTS = {"": "visit/shell.html", "self/": "visit/self.html", "no-connection/": "visit/no_connection.html"}
WORKER = STATIC / "sw.js"
VERSION_LENGTH = 16  # and that of the beginning of a file's hash
JAVASCRIPT = "text/javascript"
INDENTED = re.compile(rb"\n\s+")
WINDOW = 18  # nothing here is longer than 2 to the power of it


@dataclass(frozen=True)
class Kept:
    """One file: as it is, packed for the way, and what it is."""

    body: bytes
    media_type: str
    digest: str

    @classmethod
    def of(cls, body: bytes, name: str = "") -> Kept:
        """The name says the kind; without one it is a document."""
        kind = JAVASCRIPT if name.endswith(".js") else mimetypes.guess_type(name)[0] or "text/html"
        return cls(body, kind, hashlib.sha256(body).hexdigest())

    @cached_property
    def packed(self) -> Mapping[str, bytes]:
        """By the name that a browser knows the packing by, the smallest first."""
        packed = brotli.compress(self.body, lgwin=WINDOW)
        return {"br": packed, "gzip": gzip.compress(self.body, 9, mtime=0)}


@dataclass(frozen=True)
class Shell:
    """All of it. `files` by their name below `static`, `documents` by their address."""

    version: str
    files: Mapping[str, Kept]
    documents: Mapping[str, Kept]
    worker: Kept


@cache
def shell() -> Shell:
    """The shell of this version of the app. Wants an app context the first time."""
    files = _files()
    worker = small([(JAVASCRIPT, WORKER.read_text("utf-8"))])[0].encode()
    version = _version(worker, files.values(), _documents("").values())
    documents = _documents(version)
    return Shell(version, files, documents, _worker(worker, version, files, documents))


def address(version: str, name: str) -> str:
    """Where a tablet finds a file of this version."""
    return f"/visit/at/{version}/{name}"


def init_app(app: Flask) -> None:
    """Let online pages link the tablet's scripts: `shell_file(filename=…)`."""
    app.jinja_env.globals["shell_file"] = lambda filename: address(shell().version, filename)


def _files() -> dict[str, Kept]:
    sheets = "".join((STATIC / sheet).read_text("utf-8") for sheet in SHEETS)
    texts = {ALL_SHEETS: ("text/css", sheets)}
    texts |= {
        name: (JAVASCRIPT, joined(*(STATIC / one for one in first))) for name, first in BEGINNINGS.items()
    }
    files = {name: text.encode() for name, text in zip(texts, small(texts.values()), strict=True)}
    files |= {name: (STATIC / name).read_bytes() for name in (*PICTURES, *ICONS)}
    return {name: Kept.of(body, name) for name, body in files.items()}


def _documents(version: str) -> dict[str, Kept]:
    return {
        f"/visit/{code}/{place}": _draw(template, code, version)
        for code in LANGUAGES
        for place, template in DOCUMENTS.items()
    }


def _draw(template: str, code: str, version: str) -> Kept:
    with use_language(code) as language:
        drawn = current_app.jinja_env.get_template(template).render(
            language=language,
            version=version,
            file=lambda filename: address(version, filename),
            script=ALL_SCRIPTS,
            sheet=ALL_SHEETS,
        )
    return Kept.of(INDENTED.sub(b"\n", drawn.encode()))


def _version(worker: bytes, *groups: Iterable[Kept]) -> str:
    digests = [hashlib.sha256(worker).hexdigest(), *(kept.digest for group in groups for kept in group)]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:VERSION_LENGTH]


def _worker(worker: bytes, version: str, files: Mapping[str, Kept], documents: Mapping[str, Kept]) -> Kept:
    """The service worker, which begins with the list of what it keeps and the hash of each."""
    kept = {address(version, name): one for name, one in files.items() if name not in ONLINE} | {**documents}
    listed = {where: one.digest[:VERSION_LENGTH] for where, one in kept.items()}
    head = json.dumps({"version": version, "files": listed})
    return Kept.of(f"const SHELL = {head};\n".encode() + worker, "sw.js")
