"""How SQLite keeps its journal: by write-ahead only where that is free of the WAL-reset fault."""

from __future__ import annotations

import pytest

from wellbeing_app.model.sqlite import journal_mode


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 50, 7), (3, 50, 9), (3, 44, 6), (3, 53, 4), (4, 0, 0)])
def test_a_version_free_of_the_fault_writes_ahead(version: tuple[int, ...]) -> None:
    assert journal_mode(version) == "WAL"


@pytest.mark.parametrize("version", [(3, 51, 2), (3, 50, 6), (3, 44, 5), (3, 45, 9), (3, 40, 1)])
def test_a_version_with_the_fault_truncates_its_journal(version: tuple[int, ...]) -> None:
    assert journal_mode(version) == "TRUNCATE"
