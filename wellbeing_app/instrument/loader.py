"""Reads a questionnaire from TOML, and refuses one that is not whole with a sentence that says where."""

import tomllib
from types import MappingProxyType
from typing import Final

from wellbeing_app.instrument.table import InstrumentError, Table
from wellbeing_app.instrument.types import Instrument, Measure, OfferedTo, Point, Prompt, Reason

REASON_KEYS: Final = ("dont_know", "declined", "not_applicable", "not_asked", "unreadable")

WORDS: Final[dict[str, frozenset[str]]] = {
    "between_prompts": frozenset(),
    "self_opening": frozenset(),
    "each_measure_prompts": frozenset(),
    "each_measure": frozenset(),
    "each_measure_note": frozenset(),
    "in_person_opening": frozenset(),
    "in_person_each": frozenset({"title", "prompts"}),
    "in_person_after": frozenset(),
    "in_person_read_back": frozenset({"number", "label"}),
    "telephone_hello": frozenset({"name", "service"}),
    "telephone_check": frozenset(),
    "telephone_opening": frozenset(),
    "telephone_opening_first": frozenset(),
    "telephone_each": frozenset({"title", "prompts"}),
    "telephone_answer": frozenset({"number", "label"}),
    "telephone_again": frozenset(),
    "telephone_read_back": frozenset({"number", "label"}),
    "telephone_end": frozenset(),
    "telephone_compare": frozenset({"title", "before", "before_label", "after", "after_label"}),
    "telephone_compare_same": frozenset({"title", "number", "label"}),
    "telephone_compare_one": frozenset({"title"}),
    "telephone_thanks": frozenset(),
    "safety": frozenset(),
}
"""The texts the app uses by name, each with the placeholders it may hold."""


def parse(toml_text: str) -> Instrument:
    """The questionnaire written in this TOML. Raises InstrumentError."""
    try:
        data = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise InstrumentError(f"The instrument file is not valid TOML: {error}.") from error
    return _instrument(Table(data, "the instrument"))


def _unique(keys: list[str], places: list[Table]) -> None:
    for number, (key, place) in enumerate(zip(keys, places, strict=True)):
        if key in keys[:number]:
            raise place.fault(f'the key "{key}" is used twice')


def _instrument(table: Table) -> Instrument:
    table.only("id", "version", "title", "notice", "points", "reasons", "measures", "words")
    return Instrument(
        id=table.text("id"),
        version=table.text("version"),
        title=table.text("title"),
        notice=table.text("notice"),
        points=_points(table),
        reasons=_reasons(table),
        measures=_measures(table),
        words=MappingProxyType(_words(table.table("words"))),
    )


def _points(table: Table) -> tuple[Point, ...]:
    tables = table.tables("points", "point")
    if len(tables) < 2:
        raise table.fault("a scale needs at least two points")
    return tuple(_point(item, number) for number, item in enumerate(tables, 1))


def _point(table: Table, number: int) -> Point:
    table.only("value", "number", "label", "spoken")
    value = table.value("value", int, "a whole number")
    if value != number:
        raise table.fault(f'"value" is {value}, but the points are numbered 1, 2, 3 and so on, in order')
    return Point(value, table.text("number"), table.text("label"), table.text("spoken"))


def _reasons(table: Table) -> tuple[Reason, ...]:
    tables = table.tables("reasons", "reason")
    reasons = tuple(_reason(item) for item in tables)
    keys = [reason.key for reason in reasons]
    _unique(keys, tables)
    for key in REASON_KEYS:
        if key not in keys:
            raise table.fault(f'the reason "{key}" is missing')
    return reasons


def _reason(table: Table) -> Reason:
    table.only("key", "label", "offered_to")
    offered_to: OfferedTo = (
        "person" if table.choice("offered_to", ("person", "staff")) == "person" else "staff"
    )
    return Reason(table.choice("key", REASON_KEYS), table.text("label"), offered_to)


def _measures(table: Table) -> tuple[Measure, ...]:
    tables = table.tables("measures", "measure")
    measures = tuple(_measure(item) for item in tables)
    _unique([measure.key for measure in measures], tables)
    return measures


def _measure(table: Table) -> Measure:
    table.only("key", "title", "alias", "line", "prompts")
    alias = table.text("alias") if "alias" in table else None
    return Measure(table.key(), table.text("title"), alias, table.text("line"), _prompts(table))


def _prompts(table: Table) -> tuple[Prompt, ...]:
    tables = table.tables("prompts", "prompt")
    for item in tables:
        item.only("key", "text", "source")
    prompts = tuple(Prompt(item.key(), item.text("text"), item.text("source")) for item in tables)
    _unique([prompt.key for prompt in prompts], tables)
    return prompts


def _words(table: Table) -> dict[str, str]:
    table.only(*WORDS)
    return {name: table.text(name, placeholders) for name, placeholders in WORDS.items()}
