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
from functools import cache
from pathlib import Path

from flask import Flask, current_app

from wellbeing_app.web.assets import STATIC
from wellbeing_app.web.i18n import LANGUAGES, use_language

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
ALL_SHEETS = "css/all.css"  # one request instead of eight
SCRIPTS = ("js/shell.js", "js/handover.js")
# What is loaded with a connection only, from the same version: the script has the same modules below it.
ONLINE = ("js/pack.js", "icon-180.png", "icon-192.png", "icon-512.png", "icon-maskable.png")
PICTURES = ("icon.svg",)
DOCUMENTS = {"": "visit/shell.html", "self/": "visit/self.html", "no-connection/": "visit/no_connection.html"}
WORKER = STATIC / "sw.js"
VERSION_LENGTH = 16
# Whole lines and blocks of comment, and the space that a line begins with: no text of ours goes over lines.
FOR_READERS = re.compile(r"^[ \t]*//[^\n]*\n|^[ \t]*/\*\*[\s\S]*?\*/\n|^[ \t]+", re.MULTILINE)
IMPORTED = re.compile(r'from "\./([\w-]+\.js)"')


@dataclass(frozen=True)
class Kept:
    """One file: as it is, packed for the way, and what it is."""

    body: bytes
    packed: bytes
    media_type: str
    digest: str

    @classmethod
    def of(cls, body: bytes, name: str = "") -> Kept:
        """The name says the kind; without one it is a document."""
        kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "text/html"
        return cls(body, gzip.compress(body, 9, mtime=0), kind, hashlib.sha256(body).hexdigest())


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
    files = {name: Kept.of(_content(name), name) for name in names()}
    version = _version(files.values(), _documents("").values())
    documents = _documents(version)
    return Shell(version, files, documents, _worker(version, files, documents))


def names() -> list[str]:
    """The files that the documents need, each once."""
    return [ALL_SHEETS, *PICTURES, *sorted(_with_imports((*SCRIPTS, ONLINE[0]))), *ONLINE[1:]]


def address(version: str, name: str) -> str:
    """Where a tablet finds a file of this version."""
    return f"/visit/at/{version}/{name}"


def init_app(app: Flask) -> None:
    """Let online pages link a script that shares the tablet's modules: `shell_file(filename=…)`."""
    app.jinja_env.globals["shell_file"] = lambda filename: address(shell().version, filename)


def _content(name: str) -> bytes:
    if name == ALL_SHEETS:
        return b"".join((STATIC / sheet).read_bytes() for sheet in SHEETS)
    return bare(STATIC / name)


def bare(path: Path) -> bytes:
    """A file as it travels: scripts without comments and indentation, a quarter of their weight."""
    if path.suffix != ".js":
        return path.read_bytes()
    return FOR_READERS.sub("", path.read_text("utf-8")).encode()


def _with_imports(scripts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(scripts)
    while waiting:
        script = waiting.pop()
        found.add(script)
        named = {f"js/{name}" for name in IMPORTED.findall((STATIC / script).read_text("utf-8"))}
        waiting += named - found
    return found


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
            scripts=sorted(_with_imports(SCRIPTS[:1])),
            sheet=ALL_SHEETS,
        )
    return Kept.of(drawn.encode())


def _version(*groups: Iterable[Kept]) -> str:
    digests = [WORKER.read_text("utf-8"), *(kept.digest for group in groups for kept in group)]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:VERSION_LENGTH]


def _worker(version: str, files: Mapping[str, Kept], documents: Mapping[str, Kept]) -> Kept:
    """The service worker, which begins with the list of what it keeps and the hash of each."""
    listed = {address(version, name): kept.digest for name, kept in files.items() if name not in ONLINE}
    listed |= {where: kept.digest for where, kept in documents.items()}
    head = f"const SHELL = {json.dumps({'version': version, 'files': listed}, indent=1)};\n"
    return Kept.of(head.encode() + bare(WORKER), "sw.js")
