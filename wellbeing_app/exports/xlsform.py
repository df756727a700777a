"""The questionnaire as an XLSForm, in every language there is: for ODK, Kobo or Enketo.

The names of the questions are those of the wide file, so what is collected there can be taken in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from babel import Locale
from babel.messages.pofile import read_po

from wellbeing_app.exports import workbook
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
SOURCE = "en"
PROMPTS, NOTE = INSTRUMENT.words["each_measure_prompts"], INSTRUMENT.words["each_measure_note"]

Words = Mapping[str, str]


def languages() -> dict[str, Words]:
    """From language code to the instrument's words in it, as far as they are translated."""
    found: dict[str, Words] = {SOURCE: {}}
    for file in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/instrument.po")):
        with file.open("rb") as opened:
            catalogue = read_po(opened)
        said = {str(one.id): str(one.string) for one in catalogue if one.id and one.string and not one.fuzzy}
        found[file.parts[-3]] = said
    return found


def write(out: IO[bytes]) -> None:
    """The workbook."""
    spoken = languages()
    labels = [f"label::{_name(code)}" for code in spoken]
    workbook.sheets(
        out,
        {
            "survey": (["type", "name", "required", *labels], list(_survey(spoken))),
            "choices": (["list_name", "name", *labels], list(_choices(spoken))),
            "settings": (
                ["form_title", "form_id", "version", "default_language"],
                [[INSTRUMENT.title, INSTRUMENT.id.replace("-", "_"), INSTRUMENT.version, _name(SOURCE)]],
            ),
        },
    )


def _name(code: str) -> str:
    """A language as XLSForm wants it: its name, and its code in brackets."""
    return f"{Locale.parse(code, sep='_').get_display_name('en')} ({code.replace('_', '-')})"


def _survey(spoken: Mapping[str, Words]) -> Iterator[Sequence[str]]:
    yield ["text", "person", "yes", *_same("Reference", spoken)]
    yield ["select_one occasions", "occasion", "yes", *_same("Occasion", spoken)]
    yield ["date", "completed_on", "yes", *_same("Day", spoken)]
    yield ["note", "opening", "", *_told(INSTRUMENT.words["self_opening"], spoken)]
    for measure in INSTRUMENT.measures:
        yield ["begin_group", f"{measure.key}_group", "", *_told(measure.title, spoken)]
        yield ["select_one answers", measure.key, "", *_told(measure.line, spoken)]
        prompts = f"{measure.key}_prompts"
        yield [f"select_multiple {prompts}", prompts, "", *_told(PROMPTS, spoken)]
        yield ["text", f"{measure.key}_note", "", *_told(NOTE, spoken)]
        yield ["end_group", "", "", *_same("", spoken)]


def _choices(spoken: Mapping[str, Words]) -> Iterator[Sequence[str]]:
    for occasion in Occasion:
        yield ["occasions", occasion.value, *_same(occasion.value.replace("_", "-"), spoken)]
    for point in INSTRUMENT.points:
        yield ["answers", str(point.value), *_told(point.label, spoken)]
    for reason in INSTRUMENT.offered_to("person"):
        yield ["answers", reason.key, *_told(reason.label, spoken)]
    for measure in INSTRUMENT.measures:
        for prompt in measure.prompts:
            yield [f"{measure.key}_prompts", prompt.key, *_told(prompt.text, spoken)]


def _told(text: str, spoken: Mapping[str, Words]) -> list[str]:
    return [words.get(text) or text for words in spoken.values()]


def _same(text: str, spoken: Mapping[str, Words]) -> list[str]:
    return [text for _ in spoken]
