"""The database that migrations make is the one the code is written for, on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade, upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, SmallInteger, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.support.people import Crew, record_survey, refer
from wellbeing_app import migrations
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.migrations import migrate
from wellbeing_app.model import SCORE_COLUMNS, Base, Survey, SurveyRevision
from wellbeing_app.model.database import create_engine_for

Schema = dict[str, dict[str, Any]]
Scored = type[Survey] | type[SurveyRevision]
SCORED = [Survey, SurveyRevision]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    engine = create_engine_for(url)
    yield engine
    engine.dispose()


def schema_of(engine: Engine) -> Schema:
    """All that a database says of its tables, in plain words that can be compared."""
    inspector = inspect(engine)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {name: _table(inspector, name) for name in tables}


def _table(inspector: Any, name: str) -> dict[str, Any]:
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(name)
        },
        "primary key": inspector.get_pk_constraint(name),
        "checks": {
            check["name"]: _plain(check["sqltext"]) for check in inspector.get_check_constraints(name)
        },
        "foreign keys": {
            key["name"]: (key["constrained_columns"], key["referred_table"], key["options"])
            for key in inspector.get_foreign_keys(name)
        },
        "unique": {one["name"]: one["column_names"] for one in inspector.get_unique_constraints(name)},
        "indexes": {one["name"]: (one["column_names"], one["unique"]) for one in inspector.get_indexes(name)},
    }


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def go(engine: Engine, direction: Callable[[Config, str], None], revision: str) -> None:
    """`upgrade` or `downgrade` to a revision."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        direction(config, revision)


def test_the_migrations_make_what_the_model_says(empty: Engine) -> None:
    migrate(empty)
    migrated = schema_of(empty)
    go(empty, downgrade, "base")
    Base.metadata.create_all(empty)
    assert migrated == schema_of(empty)


def test_each_migration_stands_in_a_file_named_by_its_revision() -> None:
    scripts = list(ScriptDirectory(str(migrations.HERE)).walk_revisions())
    assert [script.revision for script in reversed(scripts)] == migrations.known()
    assert all(Path(script.path).name.startswith(f"{script.revision}_") for script in scripts)


def test_alembic_has_nothing_to_add(empty: Engine) -> None:
    migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_each_migration_can_be_taken_back_and_made_again(empty: Engine) -> None:
    migrate(empty)
    first = schema_of(empty)
    go(empty, downgrade, "-1")
    go(empty, upgrade, "head")
    assert schema_of(empty) == first
    go(empty, downgrade, "base")
    assert schema_of(empty) == {}


def test_a_missing_check_would_be_found(empty: Engine) -> None:
    migrate(empty)
    before = schema_of(empty)
    with empty.begin() as connection:
        _without_check(connection, "survey", "ck_survey_money")
    assert schema_of(empty) != before


def _without_check(connection: Connection, table: str, check: str) -> None:
    """SQLite can't drop a check: the table is made again without it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {check}"))
        return
    kept = MetaData()
    kept.reflect(connection, only=[table])
    connection.execute(text("DROP TABLE survey_revision"))
    connection.execute(text(f"DROP TABLE {table}"))
    found = kept.tables[table]
    found.constraints = {one for one in found.constraints if one.name != check}
    found.create(connection)


@pytest.mark.parametrize("table", SCORED, ids=lambda table: table.__tablename__)
def test_a_survey_has_a_column_for_each_measure_and_no_other_score(table: Scored) -> None:
    scores = [column.name for column in table.__table__.columns if isinstance(column.type, SmallInteger)]
    assert scores == list(INSTRUMENT.keys) == list(SCORE_COLUMNS)


@pytest.mark.parametrize("table", SCORED, ids=lambda table: table.__tablename__)
def test_the_database_takes_the_scores_of_the_scale_and_no_others(
    db: Session, crew: Crew, table: Scored
) -> None:
    record_survey(db, crew.asha, refer(db, crew.asha))
    lowest, highest = min(INSTRUMENT.values), max(INSTRUMENT.values)
    for key in INSTRUMENT.keys:
        taken = [score for score in range(lowest - 2, highest + 3) if _takes(db, table, key, score)]
        assert taken == list(INSTRUMENT.values), key
        assert _takes(db, table, key, None), key


def _takes(db: Session, table: Scored, key: str, score: int | None) -> bool:
    changed = text(f"UPDATE {table.__tablename__} SET {key} = :score")
    try:
        with db.begin_nested():
            return bool(db.execute(changed, {"score": score}).rowcount)  # type: ignore[attr-defined]
    except IntegrityError:
        return False
