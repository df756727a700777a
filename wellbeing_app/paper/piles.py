"""Printing a batch, in a process of its own: a bounded child that the app starts, or `print-batch` by hand.

What each copy has of its own goes to a journal, some fifty at a time; the database says how many of them
count. So a batch can be stopped at any moment, by a person or by a power cut, and taken up where it was. When
all are drawn, the journal becomes the PDF.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.orm import Session, sessionmaker

from wellbeing_app.config import PREFIX, PROJECT, Settings
from wellbeing_app.model import PrintBatch, PrintedCopy
from wellbeing_app.paper import sheets, stamp
from wellbeing_app.paper.codes import AddressTooLong
from wellbeing_app.paper.layout import LayoutBroken
from wellbeing_app.paper.press import Copy
from wellbeing_app.paper.print import Unavailable
from wellbeing_app.paper.stamp import Blank
from wellbeing_app.services import codes, instance, layouts, piles
from wellbeing_app.services.layouts import LayoutDrifted
from wellbeing_app.services.patience import Busy, patiently

FOLDER: Final = "printing"
AT_ONCE: Final = 50
MOST_MEMORY: Final = 1_000_000_000
MOST_SECONDS: Final = 900
LENGTH: Final = struct.Struct(">I")
PROBLEMS: Final[dict[type[Exception], str]] = {
    Busy: "busy",
    LayoutDrifted: "drifted",
    LayoutBroken: "drifted",
    AddressTooLong: "address",
    Unavailable: "unavailable",
}
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Place:
    """The files of one batch."""

    journal: Path
    pdf: Path

    @classmethod
    def of(cls, folder: Path, batch_id: uuid.UUID) -> Place:
        """Below this instance folder."""
        return cls(folder / FOLDER / f"{batch_id}.drawn", folder / FOLDER / f"{batch_id}.pdf")

    def forget(self) -> None:
        """Delete them."""
        self.journal.unlink(missing_ok=True)
        self.pdf.unlink(missing_ok=True)


def start(settings: Settings, *command: str) -> None:
    """Have a child process do this command's work; returns at once."""
    _started[:] = [child for child in _started if child.poll() is None]
    environ = {
        **os.environ,
        PREFIX + "INSTANCE": str(settings.instance),
        PREFIX + "PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url,
    }
    line = [sys.executable, "-m", "wellbeing_app", *command]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    _started.append(subprocess.Popen(line, cwd=PROJECT, env=environ, **quiet))  # type: ignore[call-overload]  # noqa: S603


def bound() -> None:
    """Have the system end this process if it takes too much memory or time."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    os.nice(5)


def run(sessions: sessionmaker[Session], settings: Settings, batch_id: uuid.UUID) -> bool:
    """Print a batch to its end; whether it got there. A reason why not is kept with the batch."""
    begun = patiently(sessions, lambda db: piles.begin(db, batch_id))
    if begun is None:
        return False
    try:
        return _Job(sessions, settings, begun).run()
    except Exception as problem:
        word = why_not(problem)
        patiently(sessions, lambda db: piles.finish(db, batch_id, word))
        raise


def why_not(problem: Exception) -> str:
    """The word for what kept a form from being printed, which the page explains."""
    return next((word for kind, word in PROBLEMS.items() if isinstance(problem, kind)), "failed")


class _Job:
    """One batch at work."""

    def __init__(self, sessions: sessionmaker[Session], settings: Settings, begun: PrintBatch) -> None:
        self.sessions, self.settings, self.id = sessions, settings, begun.id
        self.sheet, self.language, self.done = sheets.FORMS[begun.form], begun.language, begun.done
        self.place = Place.of(settings.instance, begun.id)

    def run(self) -> bool:
        first = patiently(self.sessions, lambda db: piles.next_copies(db, self.id, 1))
        for_nobody = bool(first) and first[0].ticket_id is None
        form = stamp.blank(self.sheet, self.language, for_nobody=for_nobody)  # takes seconds: nobody waits
        patiently(self.sessions, lambda db: layouts.keep(db, form.layout.as_dict()))
        self.place.journal.parent.mkdir(mode=instance.PRIVATE_FOLDER, parents=True, exist_ok=True)
        with instance.private(self.place.journal) as journal:
            _keep_first(journal, self.done, form.layout.pages)
            if not self._draw_all(form, journal):
                return False
            journal.seek(0)
            self._write(form, journal)
        self.place.journal.unlink()
        patiently(self.sessions, lambda db: piles.finish(db, self.id))
        return True

    def _draw_all(self, form: Blank, journal: BinaryIO) -> bool:
        while copies := patiently(self.sessions, lambda db: piles.next_copies(db, self.id, AT_ONCE)):
            tokens = [codes.new_token() for _ in copies]
            for copy, token in zip(copies, tokens, strict=True):
                own = Copy(token, copy.human_id)
                _append(journal, stamp.stamps(form, self.sheet, self.language, own, self.settings.public_url))
            journal.flush()
            os.fsync(journal.fileno())
            if not self._note(copies, tokens):
                return False
        return True

    def _note(self, copies: Sequence[PrintedCopy], tokens: Sequence[str]) -> bool:
        return patiently(self.sessions, lambda db: piles.note_printed(db, self.id, copies, tokens))

    def _write(self, form: Blank, journal: BinaryIO) -> None:
        unfinished = self.place.pdf.with_suffix(".part")
        with instance.private(unfinished) as out:
            out.truncate()
            stamp.write(form, _records(journal, form.layout.pages), out)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(self.place.pdf)


def _append(journal: BinaryIO, drawn: list[bytes]) -> None:
    journal.writelines(LENGTH.pack(len(page)) + page for page in drawn)


def _keep_first(journal: BinaryIO, copies: int, pages: int) -> None:
    """Keep the copies that count; what a worker wrote after the last that was noted never happened."""
    for _ in range(copies * pages):
        (length,) = LENGTH.unpack(journal.read(LENGTH.size))
        journal.seek(length, os.SEEK_CUR)
    journal.truncate(journal.tell())


def _records(journal: BinaryIO, pages: int) -> Iterator[list[bytes]]:
    while head := journal.read(LENGTH.size):
        copy = [journal.read(*LENGTH.unpack(head))]
        copy += [journal.read(*LENGTH.unpack(journal.read(LENGTH.size))) for _ in range(pages - 1)]
        yield copy
