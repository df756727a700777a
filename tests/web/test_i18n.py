"""Which language a page speaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, Response

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.web import i18n
from wellbeing_app.web.i18n import LANGUAGES, current_language, prompts_of, sentences, use_language, words

URDU_TITLE = "پیسے"
MONEY = INSTRUMENT.measure("money")


@pytest.fixture
def reviewed_urdu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Urdu, once somebody has reviewed it."""
    reviewed = replace(LANGUAGES["ur"], review="reviewed by A Person on 2026-11-21")
    monkeypatch.setitem(LANGUAGES, "ur", reviewed)


@pytest.fixture
def in_urdu(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", headers={"Cookie": "language=ur"}):
        yield


def speaks(app: Flask, **headers: str) -> str:
    with app.test_request_context(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    ):
        return current_language().code


def test_a_page_speaks_english_where_nobody_asks_for_another_language(app: Flask) -> None:
    assert speaks(app) == "en"
    assert speaks(app, Accept_Language="pl, de;q=0.5") == "en"


def test_the_language_chosen_on_the_page_goes_first(app: Flask) -> None:
    assert speaks(app, Cookie="language=ur", Accept_Language="en") == "ur"


def test_a_cookie_with_a_language_the_app_does_not_speak_is_passed_over(app: Flask) -> None:
    assert speaks(app, Cookie="language=../../etc") == "en"


def test_a_draft_is_not_given_to_a_browser_that_asks_for_it(app: Flask) -> None:
    assert LANGUAGES["ur"].is_draft
    assert speaks(app, Accept_Language="ur") == "en"


@pytest.mark.usefixtures("reviewed_urdu")
@pytest.mark.parametrize("asks", ["ur", "ur-PK", "pl, ur;q=0.9, en;q=0.8"])
def test_a_reviewed_language_is_given_to_a_browser_that_asks_for_it(app: Flask, asks: str) -> None:
    assert speaks(app, Accept_Language=asks) == "ur"


def test_a_chosen_language_is_kept_in_a_cookie_that_scripts_cannot_read(app: Flask) -> None:
    with app.test_request_context("/"):
        response = Response()
        i18n.remember_language(response, "ur")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("language=ur;")
    assert "HttpOnly" in cookie


@pytest.mark.usefixtures("in_urdu")
def test_urdu_runs_from_right_to_left_and_names_itself() -> None:
    language = current_language()
    assert (language.direction, language.endonym) == ("rtl", "اردو")
    assert i18n.text_direction() == "rtl"
    assert i18n.text_direction("en") == "ltr"
    assert i18n.text_direction("pa-Arab") == "rtl"


@pytest.mark.usefixtures("in_urdu")
def test_the_questionnaires_words_come_in_the_language_of_the_page() -> None:
    assert words(MONEY.title) == URDU_TITLE


@pytest.mark.usefixtures("in_urdu")
def test_a_part_of_the_page_can_be_drawn_in_another_language() -> None:
    with use_language("en") as language:
        assert (language.code, words(MONEY.title)) == ("en", "Money")
    assert words(MONEY.title) == URDU_TITLE


def test_a_language_the_app_does_not_speak_is_drawn_in_english(app: Flask) -> None:
    with app.test_request_context("/"), use_language("eo") as language:
        assert (language.code, words(MONEY.title)) == ("en", "Money")


def test_a_script_is_read_out_sentence_by_sentence_with_its_blanks_filled(app: Flask) -> None:
    with app.test_request_context("/"):
        script = sentences(INSTRUMENT.words["in_person_each"], title=MONEY.title, prompts=prompts_of(MONEY))
    assert script == [
        "The next one is about Money.",
        "It can mean things like debt; paying bills; getting the benefits you have a right to; "
        "making your money last.",
        "Look at the card.",
        "Which one is most like you at the moment?",
    ]


@pytest.mark.usefixtures("in_urdu")
def test_a_telephone_number_keeps_its_order_in_a_text_from_right_to_left() -> None:
    assert "116\u00a0123" in words(INSTRUMENT.words["safety"])


def test_dates_are_written_the_british_way(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ day|dateformat }}")
    with app.test_request_context("/"):
        assert template.render(day=date(2026, 3, 9)) == "9 Mar 2026"


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of translations with one catalogue, not compiled."""
    monkeypatch.setattr(i18n, "TRANSLATIONS", tmp_path / "translations")
    catalogue = tmp_path / "translations/pl/LC_MESSAGES/messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr ""\n"X-Review-Status: reviewed by A Person on 2026-11-21\\n"\n')
    return catalogue


def test_a_catalogue_that_is_not_compiled_stops_the_start_and_says_what_to_do(catalogues: Path) -> None:
    with pytest.raises(
        i18n.StaleTranslations, match=r"translations/pl/LC_MESSAGES/messages\.po .* make translate"
    ):
        i18n.refuse_stale_catalogues()


def test_a_compiled_catalogue_does_not_stop_the_start(catalogues: Path) -> None:
    assert i18n.is_stale(catalogues)
    catalogues.with_suffix(".mo").touch()
    assert not i18n.is_stale(catalogues)
    i18n.refuse_stale_catalogues()


def test_the_header_of_a_catalogue_says_whether_it_was_reviewed(catalogues: Path) -> None:
    assert i18n.review_status(catalogues) == "reviewed by A Person on 2026-11-21"
    catalogues.write_text('msgid ""\nmsgstr ""\n\nmsgid "X-Review-Status: reviewed"\nmsgstr ""\n')
    assert i18n.review_status(catalogues) == "draft"
