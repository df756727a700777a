"""Which template, macro and static file is used by which: read out of the sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import nodes

from tests.support.literals import TEMPLATES as JINJA

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "wellbeing_app"
STATIC = PACKAGE / "static"
FILE = re.compile(r"[\w/.-]+\.html")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SCRIPT_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


@cache
def templates() -> dict[str, str]:
    """Each template's source, by its name."""
    for_paper = _sources(PROJECT / "printable", "html")
    return _sources(PACKAGE / "templates", "html") | {
        f"printable/{name}": text for name, text in for_paper.items()
    }


@cache
def modules() -> dict[str, str]:
    """Each Python module's source, by its path in the package."""
    return _sources(PACKAGE, "py")


def _sources(root: Path, ending: str) -> dict[str, str]:
    files = sorted(root.rglob(f"*.{ending}"))
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}


@cache
def tree(name: str) -> nodes.Template:
    return JINJA.parse(templates()[name])


def rendered_by_name() -> Iterator[re.Pattern[str]]:
    """The templates named in Python; one that an f-string puts together, as a pattern."""
    for source in modules().values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.JoinedStr):
                yield from _put_together(node)
            elif isinstance(node, ast.Constant) and FILE.fullmatch(str(node.value)):
                yield re.compile(re.escape(str(node.value)))


def _put_together(node: ast.JoinedStr) -> Iterator[re.Pattern[str]]:
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w-]+" for part in node.values
    ]
    if "".join(parts).endswith(r"\.html"):
        yield re.compile("".join(parts))


def referred_to(name: str) -> set[str]:
    """The templates that this one extends, includes, imports from, or has drawn by `kept`."""
    kinds = (nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)
    named = [getattr(node, "template", None) for node in tree(name).find_all(kinds)]
    calls = tree(name).find_all(nodes.Call)
    named += [
        call.args[0] for call in calls if isinstance(call.node, nodes.Name) and call.node.name == "kept"
    ]
    return {str(template.value) for template in named if isinstance(template, nodes.Const)}


def reached() -> set[str]:
    """The templates that a page can be made of."""
    patterns = list(rendered_by_name())
    waiting = [name for name in templates() if any(pattern.fullmatch(name) for pattern in patterns)]
    found = set(waiting)
    while waiting:
        more = referred_to(waiting.pop()) - found
        found |= more
        waiting += more
    return found


def macros() -> Iterator[tuple[str, nodes.Macro]]:
    for name in templates():
        for macro in tree(name).find_all(nodes.Macro):
            yield name, macro


def imports(name: str) -> Iterator[tuple[str, str, str]]:
    """From which template, what, and under which name."""
    for node in tree(name).find_all(nodes.FromImport):
        assert isinstance(node.template, nodes.Const)
        for given in node.names:
            what, alias = (given, given) if isinstance(given, str) else given
            yield node.template.value, what, alias


def loads(node: nodes.Node, name: str) -> int:
    """How often this part of a template uses a name."""
    return sum(found.name == name and found.ctx == "load" for found in node.find_all(nodes.Name))


def is_used(home: str, macro: nodes.Macro) -> bool:
    """Whether anything calls the macro but itself: its own template, one that imports it, or a module."""
    by_a_template = loads(tree(home), macro.name) > loads(macro, macro.name) or any(
        (source, name) == (home, macro.name) and loads(tree(other), alias)
        for other in templates()
        for source, name, alias in imports(other)
    )
    return by_a_template or any(f'"{home}", "{macro.name}"' in source for source in modules().values())


def static_files() -> set[str]:
    return {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}


def static_files_named() -> set[str]:
    """Those that templates link to, those that scripts import, and those that Python names."""
    by_templates = {file for name in templates() for file in _linked(name)}
    by_python = {
        file for file in static_files() if any(f'"{file}"' in source for source in modules().values())
    }
    return by_templates | set(_imported_by_scripts()) | by_python


def _linked(name: str) -> Iterator[str]:
    for keyword in tree(name).find_all(nodes.Keyword):
        if keyword.key == "filename" and isinstance(keyword.value, nodes.Const):
            yield str(keyword.value.value)
        elif keyword.key == "filename" and isinstance(keyword.value, nodes.Concat):
            yield from _linked_in_a_loop(name, keyword.value)


def _linked_in_a_loop(name: str, address: nodes.Concat) -> set[str]:
    """An address such as "css/" ~ sheet ~ ".css": one for each constant of the template that makes a file."""
    before, _sheet, after = address.nodes
    assert isinstance(before, nodes.Const)
    assert isinstance(after, nodes.Const)
    constants = [node.value for node in tree(name).find_all(nodes.Const)]
    return {f"{before.value}{constant}{after.value}" for constant in constants} & static_files()


def _imported_by_scripts() -> Iterator[str]:
    for path in STATIC.rglob("*.js"):
        for found in SCRIPT_IMPORT.findall(path.read_text("utf-8")):
            yield (path.parent / found).resolve().relative_to(STATIC).as_posix()


def classes_styled() -> set[str]:
    """The classes that the style sheets speak of."""
    sheets = [path.read_text("utf-8") for path in STATIC.rglob("*.css")]
    rules = [rule for sheet in sheets for rule in re.findall(r"([^{}]+)\{", COMMENT.sub("", sheet))]
    return {name for rule in rules for name in re.findall(r"\.([a-z][\w-]+)", rule)}


def is_worn(name: str, markup: str) -> bool:
    """Whether the markup holds this class; or its beginning, with the rest put in by Jinja."""
    beginnings = [re.escape(name[: place + 1]) for place, letter in enumerate(name) if letter == "-"]
    put_together = "|".join(rf"{beginning}(?:\{{\{{|[\"'] ~)" for beginning in beginnings)
    whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    return re.search("|".join(filter(None, (whole, put_together))), markup) is not None
