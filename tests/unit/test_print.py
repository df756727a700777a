"""HTML becomes a PDF, and nothing is fetched for it but the app's own files."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wellbeing_app.paper import print as paper
from wellbeing_app.paper.own_files import BASE, OwnFiles

# {n}: a web server on this machine, {f}: a file of this machine, neither of them the document's business.
VECTORS = {
    "image from the network": '<img src="{n}" alt="x">',
    "image from the disk": '<img src="{f}" alt="x">',
    "image without a scheme": '<img src="//{host}/x" alt="x">',
    "image up the folders": '<img src="../../../..{path}" alt="x">',
    "image up the folders, encoded": '<img src="%2e%2e/%2e%2e/%2e%2e{path}" alt="x">',
    "image by an absolute path": '<img src="{path}" alt="x">',
    "image in capitals": '<img src="FILE://{path}" alt="x">',
    "image set": '<img srcset="{n} 2x" alt="x">',
    "image by ftp": '<img src="ftp://{host}/x" alt="x">',
    "image in the address": '<img src="data:image/svg+xml,<svg xmlns=\'{svg}\'/>" alt="x">',
    "style sheet": '<link rel="stylesheet" href="{n}">',
    "style sheet from the disk": '<link rel="stylesheet" href="{f}">',
    "import": '<style>@import url("{n}");</style>',
    "import from the disk": '<style>@import "{f}";</style>',
    "background": '<p style="background: url({n})">x</p>',
    "background from the disk": '<p style="background-image: url({f})">x</p>',
    "list mark": '<ul><li style="list-style-image: url({n})">x</li></ul>',
    "generated content": "<style>p::before {{ content: url({n}) }}</style><p>x</p>",
    "border image": '<p style="border: 9px solid; border-image: url({n}) 9">x</p>',
    "font": "<style>@font-face {{ font-family: F; src: url({n}) }} p {{ font-family: F }}</style><p>x</p>",
    "font from the disk": "<style>@font-face {{ font-family: F; src: url({f}) }}"
    " p {{ font-family: F }}</style><p>x</p>",
    "object": '<object data="{n}">x</object>',
    "embed": '<embed src="{n}">',
    "attachment": '<link rel="attachment" href="{f}">',
    "attachment by a link": '<a rel="attachment" href="{f}">x</a>',
    "another base": '<base href="{n}"><img src="x.png" alt="x">',
    "picture in a picture": '<svg xmlns="{svg}"><image href="{n}" width="9" height="9"/></svg>',
    "use in a picture": '<svg xmlns="{svg}"><use href="{f}#a"/></svg>',
    "entity of a picture": '<img alt="x" src="data:image/svg+xml,<!DOCTYPE s [<!ENTITY e SYSTEM \'{f}\'>]>'
    "<svg xmlns='{svg}'><text>&e;</text></svg>\">",
}
COLOUR_PROFILE = "<style>@color-profile --p {{ src: url({n}) }}</style>"
SVG = "http://www.w3.org/2000/svg"
PAGE = '<!doctype html><html lang="en"><head><title>T</title></head><body><p>Hello</p>{}</body></html>'


@dataclass
class Watch:
    """A server on this machine, a secret file, and what came to either."""

    port: int
    secret: Path
    calls: list[object] = field(default_factory=list)

    def filled(self, vector: str) -> str:
        host = f"127.0.0.1:{self.port}"
        file = self.secret.as_uri()
        return PAGE.format(vector.format(n=f"http://{host}/x", f=file, path=self.secret, host=host, svg=SVG))


watching: list[Watch] = []


def _look(event: str, arguments: tuple[object, ...]) -> None:
    for watch in watching:
        touches_secret = event == "open" and str(arguments[0]) == str(watch.secret)
        if touches_secret or event in ("socket.connect", "socket.getaddrinfo"):
            watch.calls.append((event, arguments))


@pytest.fixture(scope="module")
def hook() -> None:
    # For good: Python takes no audit hook off again. Without a watch it does nothing.
    sys.addaudithook(_look)


@pytest.fixture
def watch(hook: None, tmp_path: Path) -> Iterator[Watch]:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"a secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Watch(server.getsockname()[1], secret)
        threading.Thread(target=_hang_up, args=(server, found), daemon=True).start()
        watching.append(found)
        yield found
        watching.remove(found)


def _hang_up(server: socket.socket, watch: Watch) -> None:
    while True:
        try:
            caller, _address = server.accept()
        except OSError:
            return
        watch.calls.append("a call")
        caller.close()


def test_nothing_is_fetched_from_the_network_or_the_disk(watch: Watch) -> None:
    assert len(VECTORS) >= 28
    reached = {}
    for name, vector in VECTORS.items():
        content = paper.pdf(watch.filled(vector))
        assert content.startswith(b"%PDF-"), name
        assert b"a secret" not in content, name
        if watch.calls:
            reached[name] = watch.calls[:]
            watch.calls.clear()
    assert reached == {}


def test_a_colour_profile_is_not_fetched_either(watch: Watch) -> None:
    """WeasyPrint draws nothing without it; no sheet of ours names one."""
    with pytest.raises(OSError, match="own files"):
        paper.pdf(watch.filled(COLOUR_PROFILE))
    assert watch.calls == []


def test_these_ways_in_do_lead_somewhere_without_the_list(watch: Watch) -> None:
    """The test above has teeth: most of its documents reach for something when they are let."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    reaching = 0
    for vector in VECTORS.values():
        HTML(string=watch.filled(vector), base_url=BASE, url_fetcher=URLFetcher(timeout=2)).write_pdf()
        reaching += bool(watch.calls)
        watch.calls.clear()
    assert reaching >= 18


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x.css",
        "../config.py",
        "css/../../config.py",
        "js/draft.js",
        "css",
        "tokens.css?x",
        "css//tokens.css",
    ],
)
def test_only_a_file_of_ours_by_its_very_name(address: str) -> None:
    assert OwnFiles().fetch(BASE + "css/tokens.css").read().startswith(b":root")
    with pytest.raises(ValueError, match="own files"):
        OwnFiles().fetch(BASE + address)


def test_a_document_is_not_a_book() -> None:
    with pytest.raises(paper.TooLarge):
        paper.pdf("x" * (paper.LARGEST + 1))


def test_without_the_systems_parts_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper.libraries, "missing", lambda: ["libpango-1.0-0"])
    with pytest.raises(paper.Unavailable, match="libpango"):
        paper.pdf(PAGE)
