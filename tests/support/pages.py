"""A page as a reader meets it."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser


def main_of(page: str) -> str:
    """The page's own part, without what stands around every page."""
    return page[page.index("<main") : page.index("</main>")]


def text_of(page: str) -> str:
    """What a reader sees there, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main_of(page))).split())


def buttons_of(page: str) -> list[str]:
    """The buttons there, and the links that look like one, in order."""
    found = re.findall(r'<(?:button|a) class="button[^>]*>(.*?)</(?:button|a)>', main_of(page), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", label).split()) for label in found]


def printed_text_of(page: str) -> str:
    """What of it comes out of a printer."""
    reader = _Printer()
    reader.feed(main_of(page))
    reader.close()
    return " ".join(" ".join(reader.printed).split())


class _Printer(HTMLParser):
    """Leaves out whatever stands inside an element of class no-print."""

    EMPTY = ("input", "br", "img", "hr", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.printed: list[str] = []
        self._hides: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY:
            self._hides.append("no-print" in (dict(attrs).get("class") or "").split())

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY and self._hides:
            self._hides.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._hides):
            self.printed.append(data)
