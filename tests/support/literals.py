"""Finds text that people would read and that nobody can translate, in templates and in Python."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from jinja2 import Environment, nodes

TRANSLATES = {"_", "_l", "gettext", "ngettext", "pgettext", "npgettext", "lazy_gettext", "lazy_ngettext"}
SPOKEN_ATTRIBUTES = {
    "placeholder",
    "aria-label",
    "title",
    "alt",
    "aria-description",
    "aria-valuetext",
    "label",
}
BUTTON_TYPES = {"submit", "button", "reset"}
SHOWN_KEYWORDS = {"message", "label", "description", "heading", "hint"}
SHOWS_FIRST_ARGUMENT = re.compile(r"flash|ValidationError|StopValidation|\w+Field")
LOGS = {"debug", "info", "warning", "error", "exception", "critical"}

LETTERS = re.compile(r"[^\W\d_]")
# A capital and then more words, or words up to a full stop; in a list of choices, one word is enough.
SENTENCE = re.compile(
    r"[A-Z][a-z’']*[,:]? [\w%(“‘][\s\S]*[a-z]|[\s\S]*[a-z] [\s\S]*[a-z][.?!]$|[A-Z][a-z]+[.?!]$"
)
PROSE = re.compile(rf"{SENTENCE.pattern}|[A-Z][a-z]+$")

TEMPLATES = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


class Literal(NamedTuple):
    """A text left behind, and its line."""

    line: int
    text: str


def in_template(source: str) -> list[Literal]:
    """The text left behind in a template: between the tags, in spoken attributes, and handed to macros."""
    reader = _Reader()
    reader.feed(_without_jinja(source))
    reader.close()
    return sorted({*reader.found, *_in_expressions(TEMPLATES.parse(source))})


def _without_jinja(source: str) -> str:
    """The template's HTML alone, on the same lines; what stands in {% trans %} is left out."""
    html: list[str] = []
    hidden = False
    tag: list[str] = []
    for _, kind, value in TEMPLATES.lex(source):
        tag = [] if kind == "block_begin" else [*tag, value] if kind == "name" else tag
        if kind == "block_end":
            hidden = _hides(tag) or (hidden and tag[0] not in {"endtrans", "endblock"})
        html.append(value if kind == "data" and not hidden else "\n" * value.count("\n"))
    return "".join(html)


def _hides(tag: list[str]) -> bool:
    """Whether a tag begins what no reader sees untranslated: a translation, or a block of CSS classes."""
    return tag[0] == "trans" or (tag[0] == "block" and tag[1].endswith("_class"))


class _Reader(HTMLParser):
    """Collects what a reader of the page would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Literal] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        shown = set(SPOKEN_ATTRIBUTES)
        if tag == "input" and given.get("type") in BUTTON_TYPES:
            shown.add("value")
        for name, value in attrs:
            if name in shown:
                self._keep(value or "")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def _keep(self, text: str) -> None:
        if LETTERS.search(text):
            self.found.append(Literal(self.getpos()[0], " ".join(text.split())))


def _in_expressions(node: nodes.Node) -> Iterator[Literal]:
    if _is_translation(node):
        assert isinstance(node, nodes.Call)
        if not isinstance(node.args[0], nodes.Const):
            yield Literal(node.lineno, "a translation of something that is not a literal text")
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and PROSE.match(node.value):
        yield Literal(node.lineno, node.value)
    for child in node.iter_child_nodes():
        yield from _in_expressions(child)


def _is_translation(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATES


def in_python(source: str) -> list[Literal]:
    """The text left behind in a module: whatever reads like a sentence, and any text in a shown place."""
    return sorted(set(_in_statement(ast.parse(source))))


def _in_statement(node: ast.AST) -> Iterator[Literal]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATES:
        yield from _not_literal(node)
        return
    if isinstance(node, ast.Call) and _called(node) in LOGS:
        return
    yield from _in_node(node)
    for child in _readable(node):
        yield from _in_statement(child)


def _in_node(node: ast.AST) -> Iterator[Literal]:
    if isinstance(node, ast.Call):
        yield from _in_shown_places(node)
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        label = node.elts[1]  # what a list of choices shows
        yield from [Literal(label.lineno, _text_of(label))] if PROSE.match(_text_of(label)) else []
    if isinstance(node, ast.Constant) and SENTENCE.match(_text_of(node)):
        yield Literal(node.lineno, _text_of(node))


def _text_of(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _readable(node: ast.AST) -> Iterator[ast.AST]:
    """The parts that may reach a person: not docstrings, annotations, keys, or errors for programmers."""
    for child in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
        is_docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        is_error = isinstance(child, ast.Raise) and not _is_shown_error(child)
        if not (is_docstring or is_error or child is getattr(node, "annotation", None)):
            yield child


def _is_shown_error(statement: ast.Raise) -> bool:
    return isinstance(statement.exc, ast.Call) and bool(
        SHOWS_FIRST_ARGUMENT.fullmatch(_called(statement.exc))
    )


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _not_literal(call: ast.Call) -> Iterator[Literal]:
    if call.args and not isinstance(call.args[0], ast.Constant):
        yield Literal(call.lineno, "a translation of something that is not a literal text")


def _in_shown_places(call: ast.Call) -> Iterator[Literal]:
    shown = [keyword.value for keyword in call.keywords if keyword.arg in SHOWN_KEYWORDS]
    if SHOWS_FIRST_ARGUMENT.fullmatch(_called(call)):
        shown += call.args[:1]
    for place in shown:
        text = ast.unparse(place) if isinstance(place, ast.JoinedStr) else _text_of(place)
        if LETTERS.search(text):
            yield Literal(place.lineno, text)
