"""Tablets are updated when they can be: the present schema and the two before it are read."""

from __future__ import annotations

import pytest

from tests.support.people import answers
from wellbeing_app.model import Mode, Respondent
from wellbeing_app.services import contents
from wellbeing_app.services.contents import NotUnderstood

PLAIN = {
    "schema": 1,
    "id": "an item",
    "kind": "survey",
    "answers": {**answers().scores},
    "completed_on": "2026-11-20",
    "mode": Mode.SELF_TABLET.value,
    "respondent": Respondent.SELF.value,
}


def test_there_is_a_reader_for_each_schema_that_must_be_read() -> None:
    assert set(contents.READERS) == set(range(contents.OLDEST_SCHEMA, contents.SCHEMA + 1))
    assert max(1, contents.SCHEMA - 2) == contents.OLDEST_SCHEMA


@pytest.mark.parametrize(("present", "is_read"), [(1, True), (2, True), (3, True), (4, False)])
def test_a_schema_is_read_until_it_is_three_behind(
    monkeypatch: pytest.MonkeyPatch, present: int, is_read: bool
) -> None:
    monkeypatch.setattr(contents, "SCHEMA", present)
    monkeypatch.setattr(contents, "OLDEST_SCHEMA", max(1, present - 2))
    if is_read:
        assert contents.read(PLAIN).given == contents.read({**PLAIN, "helper": "", "notes": None}).given
    else:
        with pytest.raises(NotUnderstood, match="other_schema"):
            contents.read(PLAIN)


@pytest.mark.parametrize(
    "odd", [None, "x", {}, [3], [{"mode": "by_crow", "answered": 2}], [{"mode": "telephone", "answered": 8}]]
)
def test_odd_changes_of_mode_hold_no_answers_up(odd: object) -> None:
    at = "2026-11-20T10:00:00+00:00"
    right = {"mode": "in_person", "answered": 2, "at": at}
    told = [*odd, right] if isinstance(odd, list) else odd
    read = contents.read({**PLAIN, "modes": told})
    assert read.given == contents.read(PLAIN).given
    changes = [(one.mode, one.answered, one.at.isoformat()) for one in read.modes]
    assert changes == ([(Mode.IN_PERSON, 2, at)] if isinstance(odd, list) else [])


@pytest.mark.parametrize("missing", ["kind", "answers", "completed_on", "mode", "respondent"])
def test_what_is_missing_is_not_made_up(missing: str) -> None:
    with pytest.raises(NotUnderstood, match="not_understood"):
        contents.read({name: value for name, value in PLAIN.items() if name != missing})


def test_what_is_nested_without_end_is_cut_off() -> None:
    deep: object = "end"
    for _ in range(500):
        deep = [deep]
    assert "end" not in str(contents.tidy(deep))
    assert contents.tidy({"a": ["x\0y"]}) == {"a": ["xy"]}
