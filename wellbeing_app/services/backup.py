"""Copies of the database: made whole while the app runs, looked over, and put back.

SQLite is copied by itself (`VACUUM INTO`: one moment's state, without the remains of what was deleted).
A PostgreSQL database is copied by `pg_dump`, where that program is at hand.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from wellbeing_app import migrations
from wellbeing_app.model import ServiceUser, Survey, sqlite
from wellbeing_app.services import clock, instance, pg_dump, soundness

KEPT = 14
SIDE_FILES = ("-wal", "-shm", "-journal")


class BackupFailed(Exception):
    """No backup was made, or the one looked at is no good; the message says why."""


@dataclass(frozen=True)
class Contents:
    """What a backup that was looked over holds."""

    revision: str
    people: int
    surveys: int


def make(database_url: str, folder: Path, to: Path | None = None) -> Path:
    """Copy the database to a new file and look the copy over; raises `BackupFailed`.

    Unless told where `to`, into the folder of backups, where the last `KEPT` stay.
    """
    database = instance.sqlite_file(database_url)
    ending = "sqlite" if database else "dump"
    file = to or folder / f"wellbeing-{clock.now():%Y%m%d-%H%M%S-%f}.{ending}"
    draft = file.with_name(f".{file.name}.partial")
    try:
        _copy(database, database_url, file, draft)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    instance.sync_folder(file.parent)
    if to is None:
        _drop_oldest(folder)
    return file


def verify(file: Path) -> Contents:
    """Look over a copy of an SQLite database, down to whether its records hold together.

    Raises `BackupFailed`, or `NewerDatabase` for one that a newer version of the app wrote.
    """
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.")
    engine = _open_untouched(file)
    try:
        return _look_over(engine)
    except DatabaseError as problem:
        raise BackupFailed(
            f"{file} is damaged, or no SQLite database of this app: {problem.orig}. "
            "(A dump of PostgreSQL is looked over with pg_restore --list.)"
        ) from problem
    finally:
        engine.dispose()


def restore(file: Path, database: Path, folder: Path) -> Path | None:
    """Put a looked-over copy in the database's place; what was there goes into `folder`, and is returned.

    Nobody may have the database open: call it inside `instance.hold`.
    """
    verify(file)
    draft = database.with_name(f".{database.name}.partial")
    draft.unlink(missing_ok=True)
    instance.create_private(draft)
    shutil.copyfile(file, draft)
    _sync(draft)
    aside = _set_aside(database, folder) if database.exists() else None
    draft.replace(database)
    instance.sync_folder(database.parent)
    return aside


def latest(folder: Path) -> Path | None:
    """The newest of the backups made here."""
    return max(_own(folder), default=None)


def _copy(database: Path | None, database_url: str, file: Path, draft: Path) -> None:
    if file.exists():
        raise BackupFailed(f"{file} is there already. Choose another name.")
    try:
        draft.unlink(missing_ok=True)
        instance.create_private(draft)
        if database is None:
            pg_dump.dump(database_url, draft)
        else:
            _vacuum_into(database, draft)
            verify(draft)
        _sync(draft)
        draft.rename(file)
    except (OSError, sqlite.Error, pg_dump.Unavailable) as problem:
        raise BackupFailed(f"No backup was made: {problem}") from problem


def _vacuum_into(database: Path, draft: Path) -> None:
    connection = sqlite.driver.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
    try:
        connection.execute("VACUUM INTO ?", (str(draft),))
    finally:
        connection.close()


def _open_untouched(file: Path) -> Engine:
    """An engine that leaves no trace on the file."""
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    return create_engine(
        "sqlite://",
        module=sqlite.driver,
        creator=lambda: sqlite.driver.connect(address, uri=True, check_same_thread=False),
    )


def _look_over(engine: Engine) -> Contents:
    revision = migrations.current(engine)
    if revision is None:
        raise BackupFailed("This is no database of this app.")
    migrations.refuse_newer(engine)
    with Session(engine) as db:
        found = [line for (line,) in db.execute(text("PRAGMA integrity_check")) if line != "ok"]
        found += [f"{row[0]} points at nothing" for row in db.execute(text("PRAGMA foreign_key_check"))]
        if not found and revision == migrations.head():
            found = soundness.problems(db)
        if found:
            raise BackupFailed("The copy is damaged: " + "; ".join(found[:5]))
        people, surveys = (db.scalar(select(func.count()).select_from(of)) for of in (ServiceUser, Survey))
    return Contents(revision, people or 0, surveys or 0)


def _set_aside(database: Path, folder: Path) -> Path:
    _settle(database)
    folder.mkdir(mode=instance.PRIVATE_FOLDER, parents=True, exist_ok=True)
    aside = folder / f"replaced-{clock.now():%Y%m%d-%H%M%S-%f}.sqlite"
    # What belongs to the old database goes first: left behind, it would be taken for the new one's.
    for ending in SIDE_FILES:
        beside = database.with_name(database.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    database.rename(aside)
    instance.sync_folder(folder)
    return aside


def _settle(database: Path) -> None:
    """Have SQLite finish or undo what a killed process began, so that the file is whole by itself."""
    try:
        connection = sqlite.driver.connect(database)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("SELECT count(*) FROM sqlite_master")
        connection.close()
    except sqlite.Error:
        return  # damaged: then it is set aside as it is, with all that belongs to it


def _sync(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def _own(folder: Path) -> list[Path]:
    return [*folder.glob("wellbeing-*.sqlite"), *folder.glob("wellbeing-*.dump")]


def _drop_oldest(folder: Path) -> None:
    for old in sorted(_own(folder))[:-KEPT]:
        old.unlink()
