"""The database as this code wants it: there, private, copied before it is changed, at the newest version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from wellbeing_app import migrations
from wellbeing_app.config import Settings
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import backup, due, instance


def open_database(settings: Settings) -> Engine:
    """An engine for the service's database. A file of SQLite is made first, so that it is private."""
    file = instance.sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        instance.create_private(file)
    return create_engine_for(settings.database_url)


def is_behind(engine: Engine) -> bool:
    """Whether there is something to migrate; raises `NewerDatabase`."""
    migrations.refuse_newer(engine)
    return migrations.current(engine) != migrations.head()


def bring_up_to_date(engine: Engine, settings: Settings, *, copy_first: bool = True) -> Path | None:
    """Migrate the database, whole or not at all, after a copy of what was there; returns the copy.

    What is due is counted again then: the rows of it may be new, or another way of counting.

    Raises `BackupFailed`, and then nothing was changed, or `NewerDatabase`.
    """
    if not is_behind(engine):
        return None
    is_new = migrations.current(engine) is None
    copy = None
    if copy_first and not is_new:
        copy = backup.make(settings.database_url, settings.instance / instance.BACKUPS)
    migrations.migrate(engine)
    if not is_new:
        with session_factory(engine).begin() as db:
            due.rebuild(db)
    return copy
