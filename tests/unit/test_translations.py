"""The catalogues: collecting keeps what people wrote, and a fault in a translation is named."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.support import Translations

from tools import translations


@pytest.fixture
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's translations with one new language and nothing in it yet."""
    monkeypatch.setattr(translations, "TRANSLATIONS", tmp_path)
    folder = tmp_path / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder


def translate(catalogue: Path, text: str, translation: str) -> None:
    before = catalogue.read_text("utf-8")
    after = before.replace(f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{translation}"')
    assert after != before
    catalogue.write_text(after, "utf-8")


def test_a_new_language_gets_both_catalogues_as_drafts(polish: Path) -> None:
    translations.update()
    for name in ("messages.po", "instrument.po"):
        assert '"X-Review-Status: draft\\n"' in (polish / name).read_text("utf-8")
    assert 'msgid "Money"' in (polish / "instrument.po").read_text("utf-8")
    assert 'msgid "Money"' not in (polish / "messages.po").read_text("utf-8")


def test_collecting_again_changes_nothing(polish: Path) -> None:
    translations.update()
    before = (polish / "messages.po").read_bytes()
    translations.update()
    assert (polish / "messages.po").read_bytes() == before


def test_collecting_keeps_translations_and_the_review(polish: Path) -> None:
    translations.update()
    catalogue = polish / "instrument.po"
    translate(catalogue, "Money", "Pieniądze")
    reviewed = catalogue.read_text("utf-8").replace("Status: draft", "Status: reviewed by Ola on 2026-11-21")
    catalogue.write_text(reviewed + '\nmsgid "Gone"\nmsgstr "Nie ma"\n', "utf-8")
    translations.update()
    kept = catalogue.read_text("utf-8")
    assert 'msgstr "Pieniądze"' in kept
    assert "reviewed by Ola on 2026-11-21" in kept
    assert '#~ msgid "Gone"' in kept


def test_a_compiled_catalogue_gives_the_translation(polish: Path) -> None:
    translations.update()
    translate(polish / "instrument.po", "Money", "Pieniądze")
    translations.compile_all()
    assert Translations.load(polish.parents[1], ["pl"], "instrument").gettext("Money") == "Pieniądze"
    assert sorted(path.name for path in polish.iterdir()) == [
        "instrument.mo",
        "instrument.po",
        "messages.mo",
        "messages.po",
    ]


def test_what_is_not_translated_is_named_with_its_catalogue(polish: Path) -> None:
    translations.update()
    assert translations.main(["check"]) == 1
    assert 'instrument.po: "Money" is not translated' in "\n".join(translations.check())


Text = str | tuple[str, ...]


def faults(source: Text, translation: Text | None, fuzzy: bool = False) -> list[str]:
    template, catalogue = Catalog(), Catalog(locale="ur")
    template.add(source)
    if translation is not None:
        catalogue.add(source, translation, flags={"fuzzy"} if fuzzy else set())
    return list(translations.faults(template, catalogue))


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("Save", None, '"Save" is not there: run make translate'),
        ("Save", "", '"Save" is not translated'),
        (("%(num)d day", "%(num)d days"), ("%(num)d دن", ""), '"%(num)d day" is not translated'),
        ("Hello %(name)s", "سلام", '"Hello %(name)s" must hold the same placeholders: %(name)s'),
        ("Hello %(name)s", "سلام %(nam)s", '"Hello %(name)s" must hold the same placeholders: %(name)s'),
        ("Save", "محفوظ {now}", '"Save" must hold the same placeholders: none'),
        ("About {title}.", "بارے میں {title", '"About {title}." must hold the same placeholders: {title}'),
        ("One.\nTwo.", "ایک۔ دو۔", '"One." must have one line for each sentence of the source'),
        (("%(num)d day", "%(num)d days"), ("%(num)d دن",), '"%(num)d day" needs 2 forms'),
        ("x" * 70, "", f'"{"x" * 57}…" is not translated'),
    ],
)
def test_a_fault_in_a_translation_is_named(source: Text, translation: Text | None, fault: str) -> None:
    assert faults(source, translation) == [fault]


def test_a_guess_must_be_looked_at() -> None:
    assert faults("Save", "محفوظ کریں", fuzzy=True) == [
        '"Save" is marked fuzzy: look at it and take the mark away'
    ]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Save", "محفوظ کریں"),
        ("Hello %(name)s", "%(name)s، سلام"),
        ("About {title}.", "بارے میں: {title}۔"),
        ("One.\nTwo.", "ایک۔\nدو۔"),
        (("%(num)d day", "%(num)d days"), ("ایک دن", "%(num)d دن")),
    ],
)
def test_a_whole_translation_passes(source: Text, translation: Text) -> None:
    assert faults(source, translation) == []


@pytest.mark.parametrize("arguments", [[], ["publish"], ["check", "ur"]])
def test_a_command_that_is_not_known_is_answered_with_the_list(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert translations.main(arguments) == 2
    assert "update" in capsys.readouterr().out
