"""A database of one's own, for tests of what several workers do at the same moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.people import hire
from wellbeing_app.migrations import migrate
from wellbeing_app.model.database import create_engine_for, session_factory


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database with the crew in it, that only this test uses."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
    else:
        url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    engine = create_engine_for(url)
    migrate(engine)
    with session_factory(engine).begin() as db:
        hire(db)
    engine.dispose()
    return url
