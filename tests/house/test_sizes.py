"""Nothing has grown so large that nobody wants to read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LONGEST_FUNCTION = 50
LONGEST = {".py": 400, ".html": 300, ".css": 400, ".js": 400}
ROOMS = ("wellbeing_app", "tests", "tools", "benchmarks", "deploy", "printable")
LISTS_OF_STEPS = "wellbeing_app/migrations/versions"


def sources() -> list[Path]:
    found = [path for room in ROOMS for path in sorted((PROJECT / room).rglob("*")) if path.suffix in LONGEST]
    return [path for path in found if not path.is_relative_to(PROJECT / LISTS_OF_STEPS)]


def functions_longer_than(most: int, code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > most:
                yield f"{node.name}: {lines} lines"


def test_there_is_something_to_measure() -> None:
    assert {path.suffix for path in sources()} == set(LONGEST)


def test_no_file_is_too_long() -> None:
    too_long = [
        f"{path.relative_to(PROJECT)}: {lines} lines"
        for path in sources()
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST[path.suffix]
    ]
    assert too_long == [], "it wants to be two"


def test_no_function_is_too_long() -> None:
    found = [
        f"{path.relative_to(PROJECT)}: {function}"
        for path in sources()
        if path.suffix == ".py"
        for function in functions_longer_than(LONGEST_FUNCTION, path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(("lines", "found"), [(3, []), (4, ["f: 4 lines"])])
def test_a_long_function_would_be_found(lines: int, found: list[str]) -> None:
    code = "def f():\n" + "    pass\n" * (lines - 1)
    assert list(functions_longer_than(3, code)) == found
