"""The tablet's modules as one small file, made from the sources: one request instead of thirty.

Each module becomes a function that is called when it is first used, so that one file serves several pages:
`<script type="module" data-begin="shell">` says with which module it begins. `use(name)` is what one exports.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

IMPORT = re.compile(r'^import (?:\* as (\w+)|(\{[^}]*\})) from "\./([\w-]+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# Whole lines and blocks of comment, and the space that a line begins with: no text of ours goes over lines.
FOR_READERS = re.compile(r"^[ \t]*//[^\n]*\n|^[ \t]*/\*\*[\s\S]*?\*/\n|^[ \t]+", re.MULTILINE)
WHOLE = """const modules = {{
{modules}}};
const made = {{}};
export const use = (name) => (made[name] ??= modules[name]());
use(document.querySelector("script[data-begin]").dataset.begin);
"""
# In a process of its own: what makes it small brings a runtime along that the server has no other use for.
MAKE_SMALL = (
    "import json, sys, minify; json.dump([minify.string(*one) for one in json.load(sys.stdin)], sys.stdout)"
)


class CannotJoin(Exception):
    """A module imports or exports in a way that this does not know."""


def joined(*beginnings: Path) -> str:
    """These modules of one folder, and all that they import, as one."""
    sources = {path.stem: path.read_text("utf-8") for path in _with_imports(beginnings)}
    return WHOLE.format(modules="".join(_as_function(name, source) for name, source in sources.items()))


def small(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Texts, each after its media type, without what is there for readers; names inside become short.

    Where the package that does it can't be had, scripts lose their comments and indentation, and no more.
    """
    found = list(texts)
    if find_spec("minify") is None:
        return [FOR_READERS.sub("", text) if kind == "text/javascript" else text for kind, text in found]
    child = [sys.executable, "-c", MAKE_SMALL]
    done = subprocess.run(child, input=json.dumps(found), stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - ours
    made: list[str] = json.loads(done.stdout)
    return made


def _with_imports(beginnings: Sequence[Path]) -> list[Path]:
    found: set[Path] = set()
    waiting = list(beginnings)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            named = [name for *_, name in IMPORT.findall(path.read_text("utf-8"))]
            waiting += [path.with_stem(name) for name in named]
    return sorted(found)


def _as_function(name: str, source: str) -> str:
    exported = EXPORT.findall(source)
    body = EXPORT.sub("", IMPORT.sub(_use, source))
    if unknown := LEFT_OVER.search(body):
        raise CannotJoin(f"{name}.js: {unknown[0]}")
    return f"{name}() {{\n{body}return {{ {', '.join(exported)} }};\n}},\n"


def _use(found: re.Match[str]) -> str:
    whole, some, name = found.groups()
    return f'const {whole or some.replace(" as ", ": ")} = use("{name}");'
