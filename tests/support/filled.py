"""A page's form as a browser holds it: what it would send if its button were pressed now."""

from __future__ import annotations

from html.parser import HTMLParser

NOT_SENT = ("submit", "button", "reset")

Fields = dict[str, list[str]]


def filled_in(page: str, form: str = "") -> Fields:
    """The fields of the page's own first form, or its first one whose action ends so; without the buttons."""
    reader = _Reader(form)
    reader.feed(page[page.index("<main") : page.index("</main>")])
    reader.close()
    assert reader.found, f"No form {form!r} on this page:\n{page}"
    return reader.fields


def ids(page: str) -> set[str]:
    """Every id on the page."""
    reader = _Reader("")
    reader.feed(page)
    return reader.ids


class _Reader(HTMLParser):
    """Collects the fields of one form."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.fields: Fields = {}
        self.ids: set[str] = set()
        self.found = False
        self._form = form
        self._inside = False
        self._text_of: str | None = None
        self._choice_of: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        if tag == "form":
            self._inside = (given.get("action") or "").endswith(self._form) and not self.found
            self.found = self.found or self._inside
        if not self._inside:
            return
        name = given.get("name") or ""
        if tag == "input":
            self._input(name, given)
        elif tag == "textarea":
            self._text_of = name
            self.fields[name] = [""]
        elif tag == "select":
            self._choice_of = name
        elif tag == "option" and ("selected" in given or self._choice_of not in self.fields):
            self.fields[self._choice_of or ""] = [given.get("value") or ""]

    def handle_data(self, data: str) -> None:
        if self._text_of:
            self.fields[self._text_of][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text_of:
            self.fields[self._text_of] = [self.fields[self._text_of][0].removeprefix("\n")]
            self._text_of = None
        elif tag == "select":
            self._choice_of = None
        elif tag == "form":
            self._inside = False

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type") or "text"
        if kind in NOT_SENT or (kind in ("radio", "checkbox") and "checked" not in given):
            return
        value = given.get("value") or ("on" if kind == "checkbox" else "")
        self.fields.setdefault(name, []).append(value)
