"""Every word can be translated, is translated, and the questionnaire's words stand in one place."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import literals
from tools import translations
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.web.i18n import DOMAINS, review_status

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("wellbeing_app", "printable", "tools", "benchmarks", "deploy")
SOURCE = {".py", ".html", ".js", ".mjs", ".css", ".svg", ".json", ".webmanifest", ".toml", ".txt"}
INSTRUMENT_FILE = PROJECT / "wellbeing_app/instrument/rotherham-v1.toml"


def sources() -> Iterator[Path]:
    """Every source file in which the questionnaire's words would be a second copy."""
    for room in ROOMS:
        for path in sorted((PROJECT / room).rglob("*")):
            if path.suffix in SOURCE and path != INSTRUMENT_FILE:
                yield path


def templates() -> list[Path]:
    rooms = ("wellbeing_app/templates", "printable")
    return [path for room in rooms for path in sorted((PROJECT / room).rglob("*.html"))]


def modules_that_speak() -> list[Path]:
    rooms = [PROJECT / "wellbeing_app" / room for room in ("web", "forms", "paper")]
    return [path for room in rooms for path in sorted(room.rglob("*.py"))]


def own_words() -> list[str]:
    """The questionnaire's words that can't stand anywhere else by chance: titles, and longer texts."""
    titles = [title for one in INSTRUMENT.measures for title in (one.title, one.alias) if title]
    lines = [line for text, _ in INSTRUMENT.translatable() for line in text.splitlines()]
    return titles + [line for line in lines if line.count(" ") >= 4]


def copies_of(words: list[str], text: str) -> list[str]:
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


def report(path: Path, found: list[literals.Literal]) -> list[str]:
    return [f"{path.relative_to(PROJECT)}:{line}: {text}" for line, text in found]


def test_no_source_file_but_the_instrument_knows_the_questionnaires_words() -> None:
    words = own_words()
    copies = {
        str(path.relative_to(PROJECT)): found
        for path in sources()
        if (found := copies_of(words, path.read_text(encoding="utf-8")))
    }
    assert copies == {}, "take these from INSTRUMENT, by key"


def test_a_copied_title_would_be_found() -> None:
    assert copies_of(own_words(), 'LABELS = {"a": "Money"}') == ["Money"]
    assert copies_of(own_words(), "<p>Family and friends</p>") == ["Family and friends"]
    assert copies_of(own_words(), "the money, Moneypenny, family and friends") == []


def test_no_template_holds_text_that_cannot_be_translated() -> None:
    left = [
        line for path in templates() for line in report(path, literals.in_template(path.read_text("utf-8")))
    ]
    assert left == []


def test_no_module_of_the_pages_holds_text_that_cannot_be_translated() -> None:
    left = [
        line
        for path in modules_that_speak()
        for line in report(path, literals.in_python(path.read_text("utf-8")))
    ]
    assert left == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Save</p>",
        "<p>{{ name }} was saved</p>",
        '<a aria-label="Close" href="/"></a>',
        '<input placeholder="Name">',
        '<img alt="The star">',
        '<input type="submit" value="Save">',
        "{% trans %}Fine{% endtrans %} but this",
        '{{ field(form.name, hint="As on the letter") }}',
        '{% call banner("info", "Saved") %}{% endcall %}',
        "{% set heading = 'People' %}",
        "{{ _(heading) }}",
        "{% block content %}{% block body_class %}self{% endblock %}here{% endblock %}",
    ],
)
def test_text_left_behind_in_a_template_would_be_found(template: str) -> None:
    assert literals.in_template(template) != []


@pytest.mark.parametrize(
    "template",
    [
        '<p class="lead wide">{{ _("Saved") }} – 3</p>',
        "{% trans name=name %}{{ name }} was saved{% endtrans %}",
        "{%- trans %}Saved{% endtrans -%}",
        '{% call banner("info", _("Saved")) %}{% endcall %}',
        '<input type="hidden" name="a" value="Save">',
        '{{ when|dateformat("d MMMM y") }} {# A remark. #}',
        '<a class="button" {% if here %}aria-current="page"{% endif %} href="{{ url_for("home") }}"></a>',
        '<button aria-label="{{ _("Close") }}">×</button>',
        "{% block body_class %}self{% endblock %}",
    ],
)
def test_a_template_that_can_be_translated_passes(template: str) -> None:
    assert literals.in_template(template) == []


@pytest.mark.parametrize(
    "code",
    [
        'flash("saved")',
        'flash(f"{name} saved")',
        'name = StringField("Name")',
        'DataRequired(message="needed")',
        'raise ValidationError("no")',
        'heading = "People you work with"',
        'WORDS = {"late": "That is too late."}',
        'return "That is not possible."',
        'CHOICES = [("a", "Anybody")]',
        "_(heading)",
        '_(f"{name} saved")',
    ],
)
def test_text_left_behind_in_a_module_would_be_found(code: str) -> None:
    assert literals.in_python(code) != []


@pytest.mark.parametrize(
    "code",
    [
        'flash(_("Saved"))',
        'name = StringField(_l("Name"), validators=[DataRequired(message=_l("Write a name."))])',
        '"""What this module does."""',
        'def f():\n    """Says nothing."""',
        'OURS = {"This field is required.": _l("Please fill this in.")}',
        'raise RuntimeError("A view is not marked.")',
        'log.warning("A box was held.")',
        'app.config.update(SESSION_COOKIE_SAMESITE="Strict")',
        'response.headers["Content-Security-Policy"] = "default-src \'none\'"',
        'ngettext("%(num)d person", "%(num)d people", count)',
    ],
)
def test_a_module_that_can_be_translated_passes(code: str) -> None:
    assert literals.in_python(code) == []


def test_every_catalogue_is_whole() -> None:
    """Each text of the source is there and translated, not fuzzy, with the same placeholders."""
    assert translations.check() == []


@pytest.mark.parametrize("language", translations.languages())
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_catalogue_says_whether_a_person_has_reviewed_it(language: str, domain: str) -> None:
    status = review_status(translations.path(language, domain))
    assert re.fullmatch(r"draft|reviewed by .+ on \d{4}-\d{2}-\d{2}", status)
