"""Reading what was sent, in a process of its own: a bounded child that the app starts, or `read-waiting`.

The files lie sealed in the instance folder. A page and its place in the pile are written in one transaction.
So it can be stopped at any moment, by a person or by a power cut, and goes on with the next page.
"""

from __future__ import annotations

import os
import shutil
import struct
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from sqlalchemy.orm import Session, sessionmaker

from wellbeing_app.config import Settings
from wellbeing_app.model import Reading
from wellbeing_app.paper import codes
from wellbeing_app.paper.reader.bounded import Reader, Sheet
from wellbeing_app.services import accounts, instance, papers, readings, scans
from wellbeing_app.services.access import Actor
from wellbeing_app.services.codes import is_specimen
from wellbeing_app.services.papers import Found
from wellbeing_app.services.patience import Busy, patiently

FOLDER: Final = "reading"
PIECE: Final = 1_000_000
LENGTH: Final = struct.Struct(">I")
ORPHANED: Final = 86_400
"""Seconds after which files that no reading knows are deleted."""
Result = TypeVar("Result")


@dataclass(frozen=True)
class Place:
    """Where the files of one reading lie."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, reading_id: uuid.UUID) -> Place:
        """Below this instance folder."""
        return cls(folder / FOLDER / str(reading_id))

    def keep(self, number: int, sent: IO[bytes], key: str) -> None:
        """Seal a file so that only this machine's key opens it, and have the disk keep it."""
        self.folder.mkdir(mode=instance.PRIVATE_FOLDER, parents=True, exist_ok=True)
        box = scans.box(key)
        with instance.private(self.folder / str(number)) as kept:
            while piece := sent.read(PIECE):
                token = box.encrypt(piece)
                kept.write(LENGTH.pack(len(token)) + token)
            kept.flush()
            os.fsync(kept.fileno())
        instance.sync_folder(self.folder)

    def content(self, number: int, key: str) -> bytes:
        """The file again; nothing of it where it is gone, or another key sealed it."""
        from cryptography.fernet import InvalidToken

        box, pieces = scans.box(key), []
        try:
            with (self.folder / str(number)).open("rb") as kept:
                while head := kept.read(LENGTH.size):
                    pieces.append(box.decrypt(kept.read(*LENGTH.unpack(head))))
        except (OSError, InvalidToken):
            return b""
        return b"".join(pieces)

    def let_go(self, number: int) -> None:
        """Delete a file that is read."""
        (self.folder / str(number)).unlink(missing_ok=True)

    def forget(self) -> None:
        """Delete what is left."""
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep(folder: Path, known: Sequence[uuid.UUID]) -> None:
    """Delete files of readings that never came to be, after a day."""
    names = {str(one) for one in known}
    for found in (folder / FOLDER).glob("*"):
        is_old = found.stat().st_mtime < time.time() - ORPHANED
        if is_old and found.name not in names:
            Place(found).forget()


def run(sessions: sessionmaker[Session], settings: Settings) -> int:
    """Read whatever waits, one after another; how many readings were taken up."""
    sweep(settings.instance, patiently(sessions, readings.known))
    taken = 0
    while (begun := patiently(sessions, readings.take_next)) is not None:
        taken += 1
        _Job(sessions, settings, begun).run()
    return taken


class _Job:
    """One reading at work."""

    def __init__(self, sessions: sessionmaker[Session], settings: Settings, begun: Reading) -> None:
        self.sessions, self.settings, self.id = sessions, settings, begun.id
        self.file, self.page, self.files = begun.file, begun.page, begun.files
        self.place = Place.of(settings.instance, begun.id)

    def run(self) -> None:
        """To its end, or until somebody stops it. A reason why it could not is kept with it."""
        try:
            with Reader(self._do(scans.known_layouts), crops=True) as reader:
                if not self._count(reader) or not all(self._read(reader) for _ in self.files[self.file :]):
                    return
            self._finish("")
        except Busy:
            self._finish("busy")
        except Exception:
            self._finish("failed")
            raise

    def _count(self, reader: Reader) -> bool:
        first = [int(file["pages"]) for file in self.files[: self.file]]
        numbers = range(self.file, len(self.files))
        pages = first + [reader.count(self._content(number)) for number in numbers]
        self.files = [{**file, "pages": some} for file, some in zip(self.files, pages, strict=True)]
        return self._do(lambda db: readings.counted(db, self.id, pages))

    def _read(self, reader: Reader) -> bool:
        pages = reader.pages(self._content(self.file), skip=self.page, of=self.files[self.file]["pages"])
        for told in pages:
            if not self._keep(Sheet.of(told)):
                pages.close()
                return False
        if not self._do(lambda db: readings.note_file(db, self.id)):
            return False
        self.place.let_go(self.file)
        self.file, self.page = self.file + 1, 0
        return True

    def _keep(self, sheet: Sheet) -> bool:
        def both(db: Session) -> bool:
            going_on = readings.note_page(db, self.id, sheet.page, _why_not(sheet))
            if going_on and sheet.rows and not _why_not(sheet):
                actor = accounts.actor_of(db.get_one(Reading, self.id).made_by)
                take(db, actor, sheet, self.settings.public_url, self.settings.secret_key)
            return going_on

        return self._do(both)

    def _finish(self, problem: str) -> None:
        self._do(lambda db: readings.finish(db, self.id, problem))
        if not problem:
            self.place.forget()

    def _content(self, number: int) -> bytes:
        return self.place.content(number, self.settings.secret_key)

    def _do(self, do: Callable[[Session], Result]) -> Result:
        return patiently(self.sessions, do)


def take(db: Session, actor: Actor, sheet: Sheet, public_url: str, key: str) -> Any:
    """Keep a page that was read, for the actor to confirm: with the other pages of the same form, if any."""
    found = of_text(db, actor, sheet.text or "", public_url)
    begun = scans.begun_form(db, actor, found)
    if begun is not None:
        before = scans.unsealed(begun, key)
        if not before.keys() & sheet.rows.keys():
            return scans.join(begun, sheet.rows, scans.sealed({**before, **sheet.crops}, key))
    return scans.take(db, actor, found, sheet.rows, scans.sealed(sheet.crops, key))


def of_text(db: Session, actor: Actor, text: str, public_url: str) -> Found:
    """What the text of a scanned code leads to; `why` is `elsewhere` where it is another service's."""
    code = codes.parse(text)
    if code is None or not (codes.is_ours(text, public_url) or is_specimen(code.token)):
        return Found(why="elsewhere")
    return papers.by_token(db, actor, code.token)


def _why_not(sheet: Sheet) -> str:
    if sheet.status == "refused":
        return sheet.reason
    return "" if sheet.text is not None else "no_code"
