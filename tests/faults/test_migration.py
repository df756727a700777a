"""A migration that fails half-way leaves schema and data as they were, whichever statement it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, event, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.support.people import CHEAP, hire, record_survey, refer
from wellbeing_app import migrations
from wellbeing_app.config import Settings
from wellbeing_app.migrations import current, migrate
from wellbeing_app.model import Occasion
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import backup, upkeep

# The kind that goes wrong most easily on SQLite: a table that others point at is made anew, and data change.
HEAD = migrations.head()
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "HEAD"


def upgrade() -> None:
    op.create_table("place", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("survey", schema=None) as survey:
        survey.alter_column("helper", existing_type=sa.String(200), type_=sa.String(400))
        survey.add_column(sa.Column("place_id", sa.Integer(), nullable=True))
        survey.create_index("ix_survey_place_id", ["place_id"])
    op.execute("UPDATE survey SET notes = '{}'")
    op.execute("DELETE FROM audit_entry")
""".replace("HEAD", HEAD)


class OutOfOrder(Exception):
    """What the database says when it fails."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'wellbeing.sqlite'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine_for(url)
    yield engine
    engine.dispose()


@pytest.fixture
def inhabited(engine: Engine) -> Engine:
    """A database of today's version, with two surveys in it."""
    migrate(engine)
    with session_factory(engine).begin() as db:
        asha = hire(db).asha
        episode = refer(db, asha)
        record_survey(db, asha, episode, notes={"lifestyle": "walks"})
        record_survey(db, asha, episode, Occasion.FOLLOW_UP)
    return engine


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the code is a version further."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_next.py").write_text(NEXT)
    monkeypatch.setattr(migrations, "HERE", folder)


def fail_at(number: int) -> Callable[..., None]:
    """Fails at the given statement of those that change something, counted from 1."""
    sent = 0

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal sent
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
            sent += 1
        if sent == number:
            raise OutOfOrder(statement)

    return count


def contents(engine: Engine) -> dict[str, Any]:
    """Every table's columns, indexes and rows."""
    found = inspect(engine)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = {name: sorted(map(repr, connection.execute(select(t)))) for name, t in tables.tables.items()}
    return {
        name: (str(found.get_columns(name)), str(found.get_indexes(name)), rows[name])
        for name in found.get_table_names()
    }


def migrate_with_failures(engine: Engine, step: int = 1) -> int:
    """Migrate, failing at the first statement, then `step` further, until none is left; returns how many."""
    before = contents(engine)
    number = 1
    while True:
        listener = fail_at(number)
        event.listen(engine, "before_cursor_execute", listener)
        try:
            migrate(engine)
            return number - 1
        except OutOfOrder:
            pass
        finally:
            event.remove(engine, "before_cursor_execute", listener)
        assert contents(engine) == before, f"Statement {number} left something behind."
        number += step


def test_the_first_tables_come_all_or_none(engine: Engine, kills: int) -> None:
    """Broken off at every statement in `make soak`, at every tenth otherwise."""
    assert migrate_with_failures(engine, step=max(1, 100 // kills)) > 30
    assert current(engine) == migrations.head()


def test_a_migration_that_fails_changes_nothing(inhabited: Engine, next_version: None) -> None:
    assert migrate_with_failures(inhabited) >= 5
    assert current(inhabited) == "9999"
    after = contents(inhabited)
    assert "place_id" in after["survey"][0]
    assert len(after["survey"][2]) == 2
    assert len(after["survey_revision"][2]) == 2


def test_what_points_at_a_table_that_is_made_anew_still_points_at_it(
    inhabited: Engine, next_version: None
) -> None:
    migrate(inhabited)
    keys = inspect(inhabited).get_foreign_keys("survey_revision")
    assert "survey" in {key["referred_table"] for key in keys}


def test_foreign_keys_are_minded_again_after_a_migration(inhabited: Engine, next_version: None) -> None:
    migrate(inhabited)
    with pytest.raises(IntegrityError), inhabited.begin() as connection:
        connection.execute(text("DELETE FROM service_user"))


def test_a_migration_that_leaves_rows_pointing_at_nothing_is_undone(
    inhabited: Engine, tmp_path: Path, next_version: None
) -> None:
    spoilt = NEXT.replace("DELETE FROM audit_entry", "DELETE FROM ticket")
    (tmp_path / "migrations" / "versions" / "9999_next.py").write_text(spoilt)
    before = contents(inhabited)
    with pytest.raises((RuntimeError, IntegrityError)):
        migrate(inhabited)
    assert contents(inhabited) == before


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(folder, url, "a key that is only for tests, and long enough", password_cost=CHEAP)


def test_before_a_migration_the_database_is_copied_as_it_was_and_after_it_what_is_due_is_counted(
    inhabited: Engine, url: str, tmp_path: Path, next_version: None
) -> None:
    with inhabited.begin() as connection:
        connection.execute(text("DELETE FROM due"))
    copy = upkeep.bring_up_to_date(inhabited, settings_for(url, tmp_path))
    assert current(inhabited) == "9999"
    assert copy is not None
    if copy.suffix == ".sqlite":
        assert backup.verify(copy) == backup.Contents(HEAD, people=1, surveys=2)
    assert upkeep.bring_up_to_date(inhabited, settings_for(url, tmp_path)) is None
    with inhabited.connect() as connection:
        assert connection.execute(text("SELECT stage FROM due")).scalars().all() == ["follow_up"]


def test_without_a_copy_nothing_is_migrated(
    inhabited: Engine, url: str, tmp_path: Path, next_version: None
) -> None:
    (tmp_path / "backups").write_text("a file in the way")
    with pytest.raises(backup.BackupFailed):
        upkeep.bring_up_to_date(inhabited, settings_for(url, tmp_path))
    assert current(inhabited) == HEAD
    upkeep.bring_up_to_date(inhabited, settings_for(url, tmp_path), copy_first=False)
    assert current(inhabited) == "9999"
