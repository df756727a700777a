"""What a questionnaire is made of. Every text is the English source text; `web` translates it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

OfferedTo = Literal["person", "staff"]


@dataclass(frozen=True)
class Point:
    """One point of the scale: its printed label, its spoken form, and its number as a word ("One")."""

    value: int
    number: str
    label: str
    spoken: str


@dataclass(frozen=True)
class Reason:
    """Why a measure has no score. It is never counted as a score."""

    key: str
    label: str
    offered_to: OfferedTo


@dataclass(frozen=True)
class Prompt:
    """One thing a measure can mean: the plain `text` people read, and the `source` term for the codebook."""

    key: str
    text: str
    source: str


@dataclass(frozen=True)
class Measure:
    """One part of life. `alias` is the source's other name for it, for display only; most have none."""

    key: str
    title: str
    alias: str | None
    line: str
    prompts: tuple[Prompt, ...]

    @cached_property
    def prompt_keys(self) -> frozenset[str]:
        """The keys of its prompts."""
        return frozenset(prompt.key for prompt in self.prompts)

    def prompt(self, key: str) -> Prompt:
        """The prompt with this key; KeyError if there is none."""
        return _by_key(self.prompts, key)


Keyed = TypeVar("Keyed", Prompt, Measure, Reason)


@dataclass(frozen=True)
class Instrument:
    """The whole questionnaire. In `words`, each line of a text is one sentence."""

    id: str
    version: str
    title: str
    notice: str
    points: tuple[Point, ...]
    reasons: tuple[Reason, ...]
    measures: tuple[Measure, ...]
    words: Mapping[str, str]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The measures' keys, in the order they are asked."""
        return tuple(measure.key for measure in self.measures)

    @cached_property
    def values(self) -> tuple[int, ...]:
        """The scores there are, lowest first."""
        return tuple(point.value for point in self.points)

    def measure(self, key: str) -> Measure:
        """The measure with this key; KeyError if there is none."""
        return _by_key(self.measures, key)

    def reason(self, key: str) -> Reason:
        """The reason with this key; KeyError if there is none."""
        return _by_key(self.reasons, key)

    def point(self, value: int) -> Point:
        """The point with this score; KeyError if there is none."""
        for point in self.points:
            if point.value == value:
                return point
        raise KeyError(value)

    def offered_to(self, who: OfferedTo) -> tuple[Reason, ...]:
        """The reasons this reader may choose: staff may choose them all."""
        return tuple(reason for reason in self.reasons if who in ("staff", reason.offered_to))

    def translatable(self) -> Iterator[tuple[str, str]]:
        """Every text that people read, each with a note that tells a translator where it stands.

        The notice and the source terms are not among them: they are quoted as they are.
        """
        yield self.title, "title of the questionnaire"
        for point in self.points:
            yield from _point_texts(point)
        for reason in self.reasons:
            yield reason.label, f"reason {reason.key}, offered to {reason.offered_to}"
        for measure in self.measures:
            yield from _measure_texts(measure)
        for name, text in self.words.items():
            yield text, f"words {name}"


def _by_key(items: tuple[Keyed, ...], key: str) -> Keyed:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)


def _point_texts(point: Point) -> Iterator[tuple[str, str]]:
    yield point.number, f"point {point.value}: the number, spoken"
    yield point.label, f"point {point.value}: printed"
    yield point.spoken, f"point {point.value}: spoken"


def _measure_texts(measure: Measure) -> Iterator[tuple[str, str]]:
    yield measure.title, f"measure {measure.key}: title"
    if measure.alias:
        yield measure.alias, f"measure {measure.key}: its other name in reports"
    yield measure.line, f"measure {measure.key}: line below the title"
    for prompt in measure.prompts:
        yield prompt.text, f"measure {measure.key}: prompt {prompt.key}"
