"""What the strict policy refuses in a page, and what a form must not forget."""

from __future__ import annotations

import re
from html.parser import HTMLParser

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
ADDRESSES = {"href", "src", "action", "formaction"}
Attributes = list[tuple[str, str | None]]


def without_jinja(template: str) -> str:
    """A template's HTML alone, on the same lines."""
    return JINJA.sub(lambda found: "\n" * found[0].count("\n"), template)


def inline(html: str) -> list[str]:
    """Scripts, styles and handlers that stand in the page itself."""
    reader = _Inline()
    reader.feed(html)
    return reader.found


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        names = {name for name, _value in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self._keep(f"<{tag}>")
        for name, value in attrs:
            if name in ("style", "srcdoc") or name.startswith("on"):
                self._keep(f"{name} on <{tag}>")
            if name in ADDRESSES and (value or "").strip().lower().startswith(("javascript:", "data:")):
                self._keep(f"{value} on <{tag}>")

    def _keep(self, what: str) -> None:
        self.found.append(f"line {self.getpos()[0]}: {what}")


def forms_without_token(html: str) -> list[str]:
    """The forms that post and don't bring the token."""
    reader = _Forms()
    reader.feed(html)
    return [place for place, has_token in reader.posting if not has_token]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.posting: list[tuple[str, bool]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = (given.get("method") or "get").lower() == "post"
            if self._inside:
                self.posting.append((f"line {self.getpos()[0]}: {given.get('action') or 'here'}", False))
        elif tag == "input" and given.get("name") == "csrf_token" and given.get("value") and self._inside:
            self.posting[-1] = (self.posting[-1][0], True)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
