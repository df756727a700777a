"""Only `model/sqlite.py` chooses an SQLite: of two on one file in a process, each loses the other's locks."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "wellbeing_app"
OPENS_IT_ITSELF = re.compile(r"^\s*(?:import|from) (?:py)?sqlite3\b", re.MULTILINE)


def test_only_one_module_chooses_an_sqlite() -> None:
    modules = sorted(PACKAGE.rglob("*.py"))
    assert modules
    assert [path.name for path in modules if OPENS_IT_ITSELF.search(path.read_text())] == []
