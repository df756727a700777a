"""The catalogues below translations/: one folder a language, `messages` for the screens, `instrument` for
the questionnaire.

    python -m tools.translations update     collect the words of the source into every catalogue
    python -m tools.translations compile    make the .mo files that the app reads
    python -m tools.translations check      say what is missing or wrong; ends with 1 if anything is
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from typing import BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
TRANSLATIONS = PROJECT / "translations"
SOURCES = ("wellbeing_app", "printable")
DOMAINS = ("messages", "instrument")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
COMMENTS = ("Translators:",)
STATUS = re.compile(r'^"X-Review-Status: .+\\n"\n', re.MULTILINE)
DRAFT = '"X-Review-Status: draft\\n"\n'
PERCENT = re.compile(r"%\(\w+\)[a-z]")

Extracted = tuple[int, str, str, list[str]]


def extract_instrument(file: BinaryIO, *_words: object, **_options: object) -> Iterator[Extracted]:
    """Babel's extractor for the questionnaire's TOML: every text, with a note that says where it stands."""
    from wellbeing_app.instrument import parse

    source = file.read().decode()
    for text, comment in parse(source).translatable():
        yield 0, "", text, [comment]


def extract() -> dict[str, Catalog]:
    """What there is to translate today, by domain."""
    found = {domain: _empty(None) for domain in DOMAINS}
    with (PROJECT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    words = extract_from_dir(
        PROJECT, methods, options, keywords=KEYWORDS, comment_tags=COMMENTS, directory_filter=_is_source
    )
    for name, _line, text, comments, context in words:
        domain = "instrument" if name.endswith(".toml") else "messages"
        found[domain].add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def _is_source(folder: str | os.PathLike[str]) -> bool:
    return Path(folder).relative_to(PROJECT).parts[0] in SOURCES


def _empty(language: str | None) -> Catalog:
    header = (
        "# The words of the app, and of the questionnaire, in another language. See docs/languages.md.\n#"
    )
    return Catalog(locale=language, project="Wellbeing", version="1", header_comment=header, fuzzy=False)


def languages() -> list[str]:
    return sorted(folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir())


def path(language: str, domain: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> Catalog:
    """The catalogue as it is on the disk; an empty one if the language is new."""
    place = path(language, domain)
    if not place.exists():
        return _empty(language)
    with place.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def update() -> None:
    """Adds new words, keeps the translations of those that stayed, and sets aside those that went."""
    for domain, template in extract().items():
        for language in languages():
            catalogue = read(language, domain)
            catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
            _write(path(language, domain), catalogue)


def _write(place: Path, catalogue: Catalog) -> None:
    """Writes what changed only. The review status is put back by hand, for Babel drops such a header."""
    before = place.read_text(encoding="utf-8") if place.exists() else ""
    status = STATUS.search(before)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False)
    end_of_header = '"Generated-By:'
    after = (
        buffer.getvalue().decode().replace(end_of_header, (status[0] if status else DRAFT) + end_of_header, 1)
    )
    if after != before:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(after, encoding="utf-8")


def compile_all() -> None:
    """Makes every .mo; in one step each, so that a server that is reading one never sees half of it."""
    for language in languages():
        for domain in DOMAINS:
            place = path(language, domain).with_suffix(".mo")
            half_written = place.with_suffix(f".{os.getpid()}.mo")
            with half_written.open("wb") as file:
                write_mo(file, read(language, domain))
            half_written.replace(place)


def check() -> list[str]:
    """What is missing or wrong in the catalogues, a sentence each; nothing if they are whole."""
    return [
        f"{path(language, domain).relative_to(TRANSLATIONS.parent)}: {fault}"
        for domain, template in extract().items()
        for language in languages()
        for fault in faults(template, read(language, domain))
    ]


def faults(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What is missing or wrong in one catalogue, for each text that the template wants."""
    for wanted in template:
        if wanted.id:
            fault = _fault(wanted, catalogue.get(wanted.id, wanted.context), catalogue.num_plurals)
            if fault:
                yield f"{_short(wanted)} {fault}"


def _short(message: Message) -> str:
    text = _forms(message.id)[0].splitlines()[0]
    return f'"{text}"' if len(text) < 60 else f'"{text[:57]}…"'


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _fault(wanted: Message, found: Message | None, plurals: int) -> str:
    """What is wrong with one translation; empty if it is whole."""
    if found is None:
        return "is not there: run make translate"
    forms = _forms(found.string)
    if not forms or not all(forms):
        return "is not translated"
    if found.fuzzy:
        return "is marked fuzzy: look at it and take the mark away"
    if wanted.pluralizable and len(forms) != plurals:
        return f"needs {plurals} forms"
    return _difference(_forms(wanted.id), forms)


def _difference(source: list[str], forms: list[str]) -> str:
    placeholders = set().union(*map(_placeholders, source))
    for form in forms:
        if not _may_stand(_placeholders(form), placeholders, one_of_many=len(forms) > 1):
            return f"must hold the same placeholders: {', '.join(sorted(placeholders)) or 'none'}"
        if len(source) == 1 and form.count("\n") != source[0].count("\n"):
            return "must have one line for each sentence of the source"
    return ""


def _may_stand(found: set[str], wanted: set[str], one_of_many: bool) -> bool:
    """A plural form may say the number in words ("one person"), so it may leave a placeholder out."""
    return found <= wanted if one_of_many else found == wanted


def _placeholders(text: str) -> set[str]:
    try:
        braces = {f"{{{name}}}" for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        braces = {"a brace without its partner"}
    return braces | set(PERCENT.findall(text))


def _report() -> int:
    found = check()
    print("\n".join(found) or "The catalogues are whole.")
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Runs one command; what it ends with is the exit status."""
    commands: dict[str, Callable[[], int | None]] = {
        "update": update,
        "compile": compile_all,
        "check": _report,
    }
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__)
        return 2
    return commands[arguments[0]]() or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
