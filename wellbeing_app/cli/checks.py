"""What `doctor` looks at. Each check says in a sentence how it stands, and what to do."""

from __future__ import annotations

import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from wellbeing_app import migrations
from wellbeing_app.cli.setting import engine_for
from wellbeing_app.config import KEY_FILE, Settings
from wellbeing_app.model import sqlite
from wellbeing_app.model.database import session_factory
from wellbeing_app.paper import libraries
from wellbeing_app.services import backup, clock, instance, soundness, upkeep

LEAST_FREE = 500_000_000
OLDEST_BACKUP = timedelta(hours=26)
THIS_CODE_IS_FROM = 2026


class Grade(Enum):
    """How something stands."""

    WELL = "well"
    CARE = "care"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    grade: Grade
    subject: str
    sentence: str


def all_of(settings: Settings) -> Iterator[Finding]:
    """Every check, in order."""
    yield from _privacy(settings)
    yield from _database(settings)
    yield _disk(settings.instance)
    yield _pdf()
    yield _fonts()
    yield _clock()
    yield _backups(settings)
    yield _address(settings)


def _privacy(settings: Settings) -> Iterator[Finding]:
    database = instance.sqlite_file(settings.database_url)
    for file in (settings.instance, settings.instance / KEY_FILE, database):
        if file is None or not file.exists():
            continue
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield Finding(Grade.FAULT, file.name, f"others on this machine can read it. chmod go= {file}")
        else:
            yield Finding(Grade.WELL, file.name, "private")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with engine_for(settings) as engine:
            yield _version(engine)
            yield _engine(engine)
            if not upkeep.is_behind(engine):
                yield _records(engine)
    except OperationalError as problem:
        yield Finding(Grade.FAULT, "database", f"it does not answer: {problem.orig}")


def _version(engine: Engine) -> Finding:
    at, wanted = migrations.current(engine), migrations.head()
    if at == wanted:
        return Finding(Grade.WELL, "database", f"at version {at}")
    return Finding(Grade.FAULT, "database", f"at version {at}, the app wants {wanted}. Run 'migrate'.")


def _engine(engine: Engine) -> Finding:
    if engine.dialect.name != "sqlite":
        return Finding(Grade.WELL, "engine", engine.dialect.name)
    version, mode = sqlite.driver.sqlite_version, sqlite.journal_mode()
    return Finding(Grade.WELL, "engine", f"SQLite {version}, journal mode {mode}, synchronous FULL")


def _records(engine: Engine) -> Finding:
    with session_factory(engine)() as db:
        problems = soundness.problems(db)
    if problems:
        return Finding(Grade.FAULT, "records", "; ".join(problems) + ". Keep a backup and ask for help.")
    return Finding(Grade.WELL, "records", "they hold together")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    grade = Grade.WELL if free >= LEAST_FREE else Grade.CARE
    return Finding(grade, "disk", f"{free / 1e9:.1f} GB free in {folder}")


def _pdf() -> Finding:
    missing = libraries.missing()
    if missing:
        return Finding(Grade.CARE, "PDF files", f"off. For them: apt-get install {' '.join(missing)}")
    return Finding(Grade.WELL, "PDF files", "on")


def _fonts() -> Finding:
    listing = shutil.which("fc-list")
    if listing is None:
        return Finding(Grade.CARE, "fonts", "not known (apt-get install fontconfig)")
    found = subprocess.run([listing, ":lang=ur"], capture_output=True, check=False)  # noqa: S603 - fontconfig's own
    if found.stdout.strip():
        return Finding(Grade.WELL, "fonts", "letters of other scripts are there")
    return Finding(
        Grade.CARE, "fonts", "PDF files lack the letters of some languages: apt-get install fonts-noto-core"
    )


def _clock() -> Finding:
    local = clock.now().astimezone(clock.LOCAL)
    if local.year < THIS_CODE_IS_FROM:
        return Finding(
            Grade.FAULT, "clock", f"it says {local:%d %B %Y}, which is past. Set the machine's clock."
        )
    return Finding(
        Grade.WELL, "clock", f"{local:%d %B %Y %H:%M} in the UK; the machine's zone is {time.tzname[0]}"
    )


def _backups(settings: Settings) -> Finding:
    newest = backup.latest(settings.instance / instance.BACKUPS)
    if newest is None:
        return Finding(Grade.CARE, "backups", "none was made here. Run 'backup' every night.")
    age = timedelta(seconds=time.time() - newest.stat().st_mtime)
    grade = Grade.WELL if age <= OLDEST_BACKUP else Grade.CARE
    return Finding(grade, "backups", f"the newest is {age / timedelta(hours=1):.0f} h old: {newest}")


def _address(settings: Settings) -> Finding:
    if settings.secure:
        return Finding(Grade.WELL, "address", f"{settings.public_url}, with TLS")
    return Finding(Grade.WELL, "address", f"{settings.public_url}: this machine only, no TLS needed")
