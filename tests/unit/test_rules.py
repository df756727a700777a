"""The rules of the form, as the shared vectors tell them; tests/browser holds the browser's to the same."""

import pytest

from tests.support.rules import by_python, cases


@pytest.mark.parametrize(
    ("fields", "when", "problems"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_the_server_finds_what_the_vectors_say(fields: dict, when: dict, problems: dict) -> None:
    assert by_python(fields, when) == problems
