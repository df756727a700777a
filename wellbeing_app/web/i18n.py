"""Which language a page speaks, and the questionnaire's own words in that language.

A language is a folder below `translations/`, with two catalogues: `messages` (the screens) and `instrument`
(the questionnaire). Both say in their header whether a person who speaks the language has reviewed them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, Response, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, Domain, force_locale, get_locale, get_translations
from flask_babel import gettext as _

from wellbeing_app.config import UnsafeSettings
from wellbeing_app.instrument import INSTRUMENT, Measure
from wellbeing_app.web.context import house, service, signed_in

TRANSLATIONS: Final = Path(__file__).resolve().parents[2] / "translations"
DOMAINS: Final = ("messages", "instrument")
COOKIE: Final = "language"
PERSONS_LANGUAGE: Final = "persons_language"
A_YEAR: Final = 365 * 24 * 60 * 60
BRITISH: Final = Locale("en", "GB")
SOURCE: Final = "en"

Direction = Literal["ltr", "rtl"]


class StaleTranslations(UnsafeSettings):
    """A catalogue was not compiled since it was changed; the message names it and says what to do."""


@dataclass(frozen=True)
class Language:
    """A language the app can speak: `code` for HTML and settings, `locale` for dates and plurals."""

    code: str
    locale: str
    endonym: str
    direction: Direction
    review: str

    @property
    def is_draft(self) -> bool:
        """True until a person has reviewed the screens and the questionnaire in this language."""
        return not self.review.startswith("reviewed")


def review_status(catalogue: Path) -> str:
    """What the header of a .po file says in X-Review-Status; "draft" if it says nothing."""
    header = catalogue.read_text(encoding="utf-8").split("\n\n", 1)[0]
    found = re.search(r'^"X-Review-Status: (.+?)\\n"$', header, re.MULTILINE)
    return found[1] if found else "draft"


def _speaks(folder: Path) -> Language:
    """The language of one folder of catalogues. It is reviewed when both its catalogues are."""
    reviews = [review_status(folder / "LC_MESSAGES" / f"{domain}.po") for domain in DOMAINS]
    draft = [review for review in reviews if not review.startswith("reviewed")]
    return _language(Locale.parse(folder.name), (draft or reviews)[-1])


def _language(locale: Locale, review: str) -> Language:
    code = locale.language if locale == BRITISH else str(locale).replace("_", "-")
    endonym = locale.get_language_name(locale) or code
    return Language(code, str(locale), endonym, _direction(locale), review)


def _direction(locale: Locale) -> Direction:
    return "rtl" if locale.text_direction == "rtl" else "ltr"


def _languages() -> Iterator[Language]:
    yield _language(BRITISH, "reviewed")
    for folder in sorted(TRANSLATIONS.iterdir()):
        if folder.is_dir():
            yield _speaks(folder)


LANGUAGES: Final = {language.code: language for language in _languages()}
"""Every language the app can speak, by its code, English first."""

_BY_LOCALE = {language.locale: language for language in LANGUAGES.values()}
_questionnaire = Domain(domain="instrument")
KEPT_CATALOGUES: Final = ("catalogue", "questionnaire")


def init_app(app: Flask) -> None:
    """Gives the app its languages. Raises StaleTranslations if a catalogue is not compiled."""
    refuse_stale_catalogues()
    Babel().init_app(
        app,
        default_locale=str(BRITISH),
        default_translation_directories=str(TRANSLATIONS),
        default_timezone="Europe/London",
        locale_selector=lambda: LANGUAGES[choose_language()].locale,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda *texts: _catalogue().ugettext(*texts),
        ngettext=lambda *texts: _catalogue().ungettext(*texts),
        pgettext=lambda *texts: _catalogue().upgettext(*texts),
        npgettext=lambda *texts: _catalogue().unpgettext(*texts),
        newstyle=True,
    )
    app.jinja_env.globals.update(
        INSTRUMENT=INSTRUMENT,
        words=words,
        sentences=sentences,
        prompts_of=prompts_of,
        current_language=current_language,
        text_direction=text_direction,
        LANGUAGES=tuple(LANGUAGES.values()),
    )


def is_stale(catalogue: Path) -> bool:
    """Whether this .po file has no compiled .mo beside it, or one that is older."""
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime


def refuse_stale_catalogues() -> None:
    for catalogue in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        if is_stale(catalogue):
            name = catalogue.relative_to(TRANSLATIONS.parent)
            raise StaleTranslations(f"{name} is not compiled since it was changed. Run: make translate")


def choose_language() -> str:
    """The code of the language for this request.

    While a person has the tablet, theirs. Else one chosen on the page goes first; then staff get the
    service's own, and anybody else what the browser asks for. A draft is only ever shown to somebody who
    chose it.
    """
    if not has_request_context():
        return SOURCE
    asking = signed_in()
    if asking and asking.handed_over_ticket_id and session.get(PERSONS_LANGUAGE) in LANGUAGES:
        return str(session[PERSONS_LANGUAGE])
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return (None if asking else _asked_for_by_browser()) or service_language()


def _asked_for_by_browser() -> str | None:
    reviewed = [code for code, language in LANGUAGES.items() if not language.is_draft]
    return request.accept_languages.best_match(reviewed)


def service_language() -> str:
    """What the service chose for those who have not chosen."""
    return service.default_language if service.default_language in LANGUAGES else SOURCE


def language_choices() -> list[tuple[str, str]]:
    """Each language by its code, as a list of choices names it."""
    return [(code, name_of(language)) for code, language in LANGUAGES.items()]


def name_of(language: Language) -> str:
    """What its speakers call it, and that it is a draft if it is one."""
    return _("%(language)s (draft)", language=language.endonym) if language.is_draft else language.endonym


def remember_language(response: Response, code: str) -> None:
    """Keeps the choice on this device for a year. KeyError if the app doesn't speak the language."""
    response.set_cookie(
        COOKIE,
        LANGUAGES[code].code,
        max_age=A_YEAR,
        secure=house().settings.secure,
        httponly=True,
        samesite="Lax",
    )


def current_language() -> Language:
    """The language that this part of the page is being drawn in."""
    return _BY_LOCALE.get(str(get_locale()), LANGUAGES[SOURCE])


@contextmanager
def use_language(code: str) -> Iterator[Language]:
    """Draws what is inside in another language than the page's; in English if the app doesn't speak it."""
    language = LANGUAGES.get(code, LANGUAGES[SOURCE])
    outer = {name: g.pop(name, None) for name in KEPT_CATALOGUES}
    try:
        with force_locale(language.locale):
            yield language
    finally:
        for name, catalogue in outer.items():
            setattr(g, name, catalogue)


def _catalogue() -> NullTranslations:
    """What this part of the page is translated with; a page asks for it a thousand times."""
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def _of_questionnaire() -> NullTranslations:
    """The same for the questionnaire's words."""
    found = g.get("questionnaire") if has_app_context() else _questionnaire.get_translations()
    if found is None:
        found = g.questionnaire = _questionnaire.get_translations()
    return found


def text_direction(code: str | None = None) -> Direction:
    """Which way the page's language runs, or that of a text somebody wrote in another."""
    if code is None:
        return current_language().direction
    return _direction(Locale.parse(code, sep="-"))


def words(text: str, **values: object) -> str:
    """A text of the questionnaire in the current language, with its {placeholders} filled."""
    return str(_of_questionnaire().ugettext(text)).format(**values)


def sentences(text: str, **values: object) -> list[str]:
    """The same, one sentence at a time: the questionnaire writes each on a line of its own."""
    return words(text, **values).splitlines()


def prompts_of(measure: Measure) -> str:
    """A measure's prompts as one text, for {prompts} in a script."""
    return words(INSTRUMENT.words["between_prompts"]).join(words(prompt.text) for prompt in measure.prompts)
