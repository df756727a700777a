"""What a document may fetch while it becomes a PDF: the app's own files, by name, and nothing else.

This module imports WeasyPrint, which takes half a second: import it where it is needed, not at the top.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from weasyprint.urls import URLFetcher, URLFetcherResponse

PROJECT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = (PROJECT / "printable", PROJECT / "wellbeing_app" / "static")
KINDS: Final = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
# `.invalid` is nobody's (RFC 2606): if anything ever asked the network for it, it would get no answer.
BASE: Final = "https://own-files.invalid/"


class OwnFiles(URLFetcher):
    """WeasyPrint's fetcher with a list in place of a network: no address, no path is ever opened for it."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - its signature
        """The file of this name; ValueError for every other address, which leaves its place empty."""
        path = _files().get(url.removeprefix(BASE)) if url.startswith(BASE) else None
        if path is None:
            raise ValueError("a document asked for something that is not one of the app's own files")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": KINDS[path.suffix]})


@cache
def _files() -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.suffix in KINDS and path.is_file() and not path.is_symlink()
    }
