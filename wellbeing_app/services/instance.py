"""The instance folder: database, key, backups. It is its owner's alone, and one server's at a time."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from sqlalchemy.engine import make_url

from wellbeing_app.config import KEY_FILE

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
LOCK_FILE = "running.lock"
BACKUPS = "backups"
KEY_BYTES = 48


class InUse(Exception):
    """Another process works in this folder; the message says which."""


def prepare(folder: Path) -> None:
    """Make the folder and its secret key, where they are not there yet."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    key = folder / KEY_FILE
    if not key.exists():
        write_once(key, secrets.token_urlsafe(KEY_BYTES) + "\n")


def write_once(file: Path, text: str) -> None:
    """Write a private file whole or not at all; one that is there already stays as it is."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as draft:
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
    sync_folder(file.parent)


def create_private(file: Path) -> None:
    """Make an empty private file; raises `FileExistsError`."""
    file.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))


def private(path: Path) -> BinaryIO:
    """A private file to read and write, made where it is not there."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    return cast(BinaryIO, os.fdopen(descriptor, "r+b"))


def sync_folder(folder: Path) -> None:
    """Have the disk keep what the folder lists, so that a new name outlives a power cut."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sqlite_file(database_url: str) -> Path | None:
    """The file of an SQLite database; None for any other."""
    url = make_url(database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Be the only one who serves from this folder or exchanges its database; raises `InUse`.

    The system lets go of it when the process ends, however it ends.
    """
    with (folder / LOCK_FILE).open("a+", encoding="ascii") as file:
        if not _lock(file):
            file.seek(0)
            raise InUse(f"The app already runs in {folder} (process {file.read().strip() or 'unknown'}).")
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
