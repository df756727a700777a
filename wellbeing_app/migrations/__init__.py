"""The database's versions: where it stands, where it should stand, and the way up.

Alembic is loaded to go up, not to look: most starts find the database where it should stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).resolve().parent


class NewerDatabase(Exception):
    """The database was written by a newer version of the app than this one."""


def known() -> list[str]:
    """Every revision this code knows, oldest first: a file is named by its revision."""
    return sorted(file.name.partition("_")[0] for file in (HERE / "versions").glob("[0-9]*.py"))


def head() -> str:
    """The revision this code is written for."""
    return known()[-1]


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def migrate(engine: Engine) -> None:
    """Bring the database up to `head()`, whole or not at all; raises `NewerDatabase`."""
    from alembic import command

    refuse_newer(engine)
    with engine.connect() as connection, _tables_can_be_made_anew(connection), connection.begin():
        command.upgrade(_config(connection), "head")
        _refuse_broken_keys(connection)


@contextmanager
def _tables_can_be_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which its foreign keys would forbid while others point at it.

    They can't be switched inside a transaction, so this is said to the driver, before there is one.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _refuse_broken_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"The migration leaves rows that point at nothing: {broken[:5]}")


def refuse_newer(engine: Engine) -> None:
    """Raise `NewerDatabase` for one that this code does not know."""
    at = current(engine)
    if at is not None and at not in known():
        raise NewerDatabase(
            f"The database is at version {at}, which this copy of the app does not know. "
            "Install the newer version of the app again, or restore the backup made before the update."
        )


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
