"""A TOML table that knows its place in the file, so that a complaint about it can name the place."""

import re
from collections.abc import Iterable
from string import Formatter
from typing import Any, TypeVar

Kind = TypeVar("Kind", str, int, list[Any], dict[str, Any])


class InstrumentError(ValueError):
    """The data file is not a questionnaire this app can ask; the message says what to mend and where."""


class Table:
    """One table; every reader below raises InstrumentError when the entry is missing or wrong."""

    def __init__(self, data: dict[str, Any], where: str) -> None:
        self._data = data
        self.where = where

    def fault(self, complaint: str) -> InstrumentError:
        return InstrumentError(f"In {self.where}: {complaint}.")

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def only(self, *names: str) -> None:
        """Refuses an entry that nobody would read, such as a misspelt one."""
        for name in self._data:
            if name not in names:
                raise self.fault(f'the entry "{name}" is not known')

    def value(self, name: str, kind: type[Kind], noun: str) -> Kind:
        if name not in self._data:
            raise self.fault(f'"{name}" is missing')
        value = self._data[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.fault(f'"{name}" must be {noun}')
        return value

    def text(self, name: str, placeholders: frozenset[str] = frozenset()) -> str:
        text = self.value(name, str, "a text")
        if not text.strip():
            raise self.fault(f'"{name}" is empty')
        for found in self._placeholders(name, text):
            if found not in placeholders:
                raise self.fault(f'"{name}" holds the placeholder {{{found}}}, which nothing fills')
        return text.strip("\n")

    def _placeholders(self, name: str, text: str) -> list[str]:
        try:
            fields = list(Formatter().parse(text))
        except ValueError as error:
            raise self.fault(f'"{name}" has a brace without its partner') from error
        return [_placeholder(field, form, how) for _, field, form, how in fields if field is not None]

    def key(self) -> str:
        key = self.text("key")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            raise self.fault(f'the key "{key}" must be small letters, digits and "_", with a letter first')
        return key

    def choice(self, name: str, choices: Iterable[str]) -> str:
        chosen = self.text(name)
        if chosen not in choices:
            raise self.fault(f'"{name}" is "{chosen}", but must be one of: {", ".join(choices)}')
        return chosen

    def tables(self, name: str, noun: str) -> list["Table"]:
        """The tables of a list that holds at least one, each knowing its number or key."""
        items = self.value(name, list, "a list of tables")
        if not items:
            raise self.fault(f'"{name}" is empty')
        if not all(isinstance(item, dict) for item in items):
            raise self.fault(f'"{name}" must be a list of tables')
        return [Table(item, _place(item, number, noun, self.where)) for number, item in enumerate(items, 1)]

    def table(self, name: str) -> "Table":
        return Table(self.value(name, dict, "a table"), f"[{name}]")


def _placeholder(name: str, form: str | None, conversion: str | None) -> str:
    """The placeholder as it is written, so that {title!r} or {title:9} is not taken for {title}."""
    return name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")


def _place(item: dict[str, Any], number: int, noun: str, within: str) -> str:
    key = item.get("key")
    own = f'{noun} {number} ("{key}")' if isinstance(key, str) and key else f"{noun} {number}"
    return own if within == "the instrument" else f"{within}, {own}"
