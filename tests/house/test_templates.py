"""Templates hold nothing inline, nothing unescaped without a reason, and nothing that nobody uses."""

import re

import pytest

from tests.house.markup import forms_without_token, inline, without_jinja
from tests.house.templates import (
    STATIC,
    classes_styled,
    imports,
    is_used,
    is_worn,
    loads,
    macros,
    modules,
    reached,
    referred_to,
    rendered_by_name,
    static_files,
    static_files_named,
    templates,
    tree,
)

# Where something goes into a page unescaped, and why that is sound.
UNESCAPED = {
    ("macros/measure.html", '"/<wbr>"|safe'): "a constant; the words on both sides of it are escaped",
    (
        "web/caseload.py",
        "Markup(put_in(_row(_anybodys(row), closed, with_advisor, language, root), _own(row)))  # noqa: S704",
    ): "a template of ours; what is put into its blanks is escaped",
    ("web/drawn.py", "Markup().join(parts)"): "nothing, which escapes what it joins if it must",
    ("web/frame.py", "Markup(blanks.fill(drawn, {}))  # noqa: S704"): "a template of ours; what is put into "
    "its blanks is escaped",
    ("web/held.py", "Markup(fragment),  # noqa: S704"): "a template of ours, drawn in another language",
}
GOES_UNESCAPED = re.compile(r"[^\s{(|]+\s*\|\s*safe\b|\bMarkup\(.*|autoescape false|\|\s*tojson\b")


@pytest.mark.parametrize("name", templates())
def test_a_template_holds_nothing_inline(name: str) -> None:
    assert inline(without_jinja(templates()[name])) == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>go()</script>",
        "<style>p{}</style>",
        '<p style="color: red">',
        '<p onclick="go()">',
        '<a href="javascript:go()">',
        '<img src="data:image/png;base64,AA">',
        '<iframe srcdoc="<p>">',
    ],
)
def test_something_inline_would_be_found(html: str) -> None:
    assert len(inline(html)) == 1


def test_what_a_page_may_hold_is_left_alone() -> None:
    assert inline('<script type="module" src="/a.js"></script><link rel="stylesheet" href="/a.css">') == []


def test_a_form_that_posts_without_a_token_would_be_found() -> None:
    form = '<form method="post"><input name="csrf_token" value="{}"></form>'
    assert forms_without_token(form.format("abc")) == []
    assert forms_without_token(form.format("")) == ["line 1: here"]
    assert forms_without_token('<form method="get"></form>' + form.format("abc")) == []
    assert forms_without_token('<form method="post"></form><input name="csrf_token" value="abc">') != []


def test_something_goes_into_a_page_unescaped_only_for_a_reason() -> None:
    sources = {**templates(), **modules()}.items()
    found = {(name, where[0]) for name, source in sources for where in GOES_UNESCAPED.finditer(source)}
    assert found == set(UNESCAPED)


def test_every_template_is_reached() -> None:
    assert set(templates()) - reached() == set()


def test_every_template_that_is_asked_for_is_there() -> None:
    missing = [one.pattern for one in rendered_by_name() if not any(map(one.fullmatch, templates()))]
    missing += [other for name in templates() for other in referred_to(name) - set(templates())]
    assert missing == []


def test_every_macro_is_used() -> None:
    assert [f"{home}: {macro.name}" for home, macro in macros() if not is_used(home, macro)] == []


@pytest.mark.parametrize("name", templates())
def test_a_template_imports_what_is_there_and_what_it_uses(name: str) -> None:
    there = {(home, macro.name) for home, macro in macros()}
    assert [macro for home, macro, _alias in imports(name) if (home, macro) not in there] == []
    assert [alias for _home, _macro, alias in imports(name) if not loads(tree(name), alias)] == []


def test_every_static_file_is_used_and_every_one_used_is_there() -> None:
    assert static_files_named() == static_files()


def test_every_class_of_the_style_sheets_is_worn() -> None:
    scripts = [path.read_text("utf-8") for path in STATIC.rglob("*.js")]
    markup = "\n".join([*templates().values(), *modules().values(), *scripts])
    assert [name for name in sorted(classes_styled()) if not is_worn(name, markup)] == []


@pytest.mark.parametrize("markup", ['<p class="tag">', '<p class="tag-{{ tone }}">', "{{ 'tag-' ~ tone }}"])
def test_a_class_that_is_worn_is_found(markup: str) -> None:
    assert is_worn("tag" if "tag-" not in markup else "tag-quiet", markup)
    assert not is_worn("other-quiet", markup)
