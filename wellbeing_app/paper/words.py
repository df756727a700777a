"""The words on paper, in any language the app has: drawn from `printable/` without a web request.

Forms are printed by commands and by child processes too, where there is no app and no page. So their
templates have an environment of their own, with the same catalogues: `_` for the sheet's words, `words` and
`sentences` for the questionnaire's.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from wellbeing_app.instrument import INSTRUMENT, Measure
from wellbeing_app.paper import marks

PROJECT: Final = Path(__file__).resolve().parents[2]
TRANSLATIONS: Final = PROJECT / "translations"
PRINTABLE: Final = PROJECT / "printable"
SOURCE: Final = "en"


class UnknownLanguage(ValueError):
    """The app has no such language; the message names those it has."""


def languages() -> tuple[str, ...]:
    """The codes of the languages that forms can be printed in, English first."""
    folders = sorted(folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir())
    return (SOURCE, *(name.replace("_", "-") for name in folders))


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    try:
        return "rtl" if Locale.parse(language, sep="-").text_direction == "rtl" else "ltr"
    except UnknownLocaleError:
        return "ltr"


@cache
def environment(language: str) -> Environment:
    """The templates of `printable/`, speaking this language; raises `UnknownLanguage`."""
    if language not in languages():
        raise UnknownLanguage(f"There is no language '{language}'. There are: {', '.join(languages())}.")
    found = Environment(
        loader=PrefixLoader({"printable": FileSystemLoader(PRINTABLE)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    found.policies["ext.i18n.trimmed"] = True
    found.install_gettext_translations(  # type: ignore[attr-defined]
        _catalogue(language, "messages"), newstyle=True
    )
    questionnaire = _catalogue(language, "instrument")

    def words(text: str, **values: object) -> str:
        return str(questionnaire.gettext(text)).format(**values)

    def sentences(text: str, **values: object) -> list[str]:
        return words(text, **values).splitlines()

    def prompts_of(measure: Measure) -> str:
        between = words(INSTRUMENT.words["between_prompts"])
        return between.join(words(prompt.text) for prompt in measure.prompts)

    found.globals.update(
        INSTRUMENT=INSTRUMENT,
        marks=marks.ALL,
        words=words,
        sentences=sentences,
        prompts_of=prompts_of,
        language=language,
        direction=direction(language),
    )
    return found


def _catalogue(language: str, domain: str) -> NullTranslations:
    if language == SOURCE:
        return NullTranslations()
    found = Translations.load(TRANSLATIONS, [language.replace("-", "_")], domain)
    if not isinstance(found, Translations):
        raise UnknownLanguage(f"The words of '{language}' are not compiled. Run: make translate")
    return found
