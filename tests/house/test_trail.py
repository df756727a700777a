"""Everything that the audit trail can say has plain words, and no words are left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from wellbeing_app.forms.labels import DONE, LABELS
from wellbeing_app.model import Word

PROJECT = Path(__file__).resolve().parents[2]
WRITES_A_ROW = {"record", "_log"}


def code() -> Iterator[str]:
    for room in ("services", "web"):
        for path in sorted((PROJECT / "wellbeing_app" / room).rglob("*.py")):
            yield path.read_text("utf-8")


def actions(source: str) -> set[str]:
    """The actions of rows: the third argument of what writes one, or what an `action` is by default."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and name_of(node.func) in WRITES_A_ROW and len(node.args) > 2:
            found |= literals(node.args[2])
        elif isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args][-len(node.args.defaults) :]
            defaults = zip(names, node.args.defaults, strict=False)
            found |= {word for name, value in defaults if name == "action" for word in literals(value)}
    return found


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def literals(node: ast.AST) -> set[str]:
    constants = [child.value for child in ast.walk(node) if isinstance(child, ast.Constant)]
    return {value for value in constants if isinstance(value, str)}


def test_every_action_of_the_trail_has_plain_words() -> None:
    used = set().union(*map(actions, code()))
    assert "opened" in used
    assert used - set(DONE) == set()


def test_no_words_are_kept_for_an_action_that_nothing_does() -> None:
    said = set().union(*(literals(ast.parse(source)) for source in code()))
    assert set(DONE) - said == set()


@pytest.mark.parametrize("kind", Word.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_word_of_a_closed_list_has_a_label(kind: type[Word]) -> None:
    assert set(LABELS.get(kind, {})) == set(kind)


@pytest.mark.parametrize(
    "source",
    [
        'audit.record(db, actor, "done")',
        '_log(db, actor, "done", survey)',
        'audit.record(db, actor, "done" if over else "begun")',
        'def end(db, action="done"): ...',
    ],
)
def test_an_action_would_be_found(source: str) -> None:
    assert "done" in actions(source)
