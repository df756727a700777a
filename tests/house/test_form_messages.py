"""WTForms' own English never reaches a page."""

import ast
from pathlib import Path

import pytest
import wtforms

from wellbeing_app.forms.messages import OURS, Messages

MEANT_FOR_PROGRAMMERS = {"Invalid field name '%s'.", "Choices cannot be None."}


def messages_of_wtforms() -> set[str]:
    """The first argument of every gettext and ngettext in WTForms."""
    sources = [path.read_text(encoding="utf-8") for path in Path(wtforms.__file__).parent.rglob("*.py")]
    calls = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        str(call.args[0].value)
        for call in calls
        if is_gettext(call) and isinstance(call.args[0], ast.Constant)
    }


def is_gettext(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in {"gettext", "ngettext"}


def test_every_message_of_wtforms_is_said_in_our_words() -> None:
    assert messages_of_wtforms() - MEANT_FOR_PROGRAMMERS == set(OURS)


def test_our_words_hold_only_placeholders_that_wtforms_fills() -> None:
    values = {
        "min": 1,
        "max": 2,
        "values": "a",
        "value": "a",
        "other_name": "a",
        "other_label": "a",
        "length": 3,
    }
    for theirs, ours in OURS.items():
        named = {name for name in values if f"%({name})" in theirs}
        assert str(ours) % {name: values[name] for name in named}


@pytest.mark.parametrize("count", [1, 2])
def test_a_counted_message_is_said_in_our_words(count: int) -> None:
    singular = "Field cannot be longer than %(max)d character."
    assert Messages().ngettext(singular, "…", count) % {"max": 5} == "Please use 5 characters or fewer."
