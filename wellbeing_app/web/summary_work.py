"""Drawing a batch of summaries, in a process of its own: sheet by sheet, so that it can stop anywhere.

The command `draw-summaries` calls this through the app, for the sheets are drawn from its templates. Each
sheet is a file of its own until all are there; then they become one PDF, and only that is kept.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from flask import Flask, g

from wellbeing_app.model import SummaryBatch
from wellbeing_app.services import instance, progress, summaries
from wellbeing_app.services import settings as service_settings
from wellbeing_app.services.errors import Merged, NotAllowed, NotFound, NotYours
from wellbeing_app.web.context import EXTENSION as HOUSE
from wellbeing_app.web.context import House
from wellbeing_app.web.printing import Drawn
from wellbeing_app.web.summary import Kind, Wish, sheet, usual_wish

EXTENSION: Final = "draw_summaries"
FOLDER: Final = "summaries"
OUT_OF_REACH: Final = "out_of_reach"
NO_SURVEY: Final = "no_survey"


@dataclass(frozen=True)
class Files:
    """The files of one batch, below an instance folder."""

    folder: Path
    batch_id: uuid.UUID

    @property
    def pdf(self) -> Path:
        """All of them in one."""
        return self.folder / FOLDER / f"{self.batch_id}.pdf"

    def sheet(self, number: int) -> Path:
        """One person's."""
        return self.folder / FOLDER / f"{self.batch_id}-{number}.pdf"

    def forget(self) -> None:
        """Delete them all."""
        for file in (self.folder / FOLDER).glob(f"{self.batch_id}*"):
            file.unlink(missing_ok=True)


def init_app(app: Flask) -> None:
    """Let the command find the work. Call after `context.init_app`."""
    house: House = app.extensions[HOUSE]
    app.extensions[EXTENSION] = lambda batch_id: _run(app, house, batch_id)


def _run(app: Flask, house: House, batch_id: uuid.UUID) -> bool:
    """Draw a batch to its end; whether it got there. A reason why not is kept with the batch."""
    with house.transaction() as db:
        batch = summaries.begin(db, batch_id)
    if batch is None:
        return False
    try:
        return _draw_all(app, house, batch)
    except Exception as problem:
        with house.transaction() as db:
            summaries.finish(db, batch_id, type(problem).__name__)
        raise


def _draw_all(app: Flask, house: House, batch: SummaryBatch) -> bool:
    files = Files(house.settings.instance, batch.id)
    files.pdf.parent.mkdir(mode=instance.PRIVATE_FOLDER, parents=True, exist_ok=True)
    while True:
        with app.app_context():
            further = _draw_next(house, batch, files)
        if not further:
            break
    with house.transaction() as db:
        there = [one.number for one in summaries.sheets_of(db, batch.id) if one.drawn_at]
        if db.get_one(SummaryBatch, batch.id).done < batch.total:
            return False
    _join([files.sheet(number) for number in there], files.pdf, both_sides=batch.both_sides)
    with house.transaction() as db:
        summaries.finish(db, batch.id)
    return True


def _draw_next(house: House, batch: SummaryBatch, files: Files) -> bool:
    """One more sheet; False when there is none. Nobody waits for the database while it is drawn."""
    with house.transaction() as db:
        found = summaries.next_sheet(db, batch.id)
        if found is None:
            return False
        wanted, actor = found
        g.service = service_settings.read(db)
        reference = wanted.episode.service_user.reference
        drawn: Drawn | None = None
        why = OUT_OF_REACH
        try:
            seen = progress.of_person(db, actor, reference, wanted.episode_id)
        except (Merged, NotAllowed, NotFound, NotYours):
            pass
        else:
            why = "" if seen.first else NO_SURVEY
            if seen.first:
                wish = _wish(batch, usual_wish(seen.person, drafts=batch.drafts))
                drawn = sheet(seen, wish)
                progress.note_summary(db, actor, seen.person, kind=wish.kind, language=wish.language)
    if drawn is not None:
        _write(files.sheet(wanted.number), drawn.pdf())
    with house.transaction() as db:
        summaries.note_drawn(db, wanted.id, why)
    return True


def _wish(batch: SummaryBatch, usual: Wish) -> Wish:
    return Wish(Kind(batch.kind) if batch.kind else usual.kind, usual.language, batch.initials)


def _join(sheets: list[Path], whole: Path, *, both_sides: bool) -> None:
    """All sheets in one file, for a printer. For both sides of the paper each person begins on a new leaf."""
    from pypdf import PdfWriter  # only where it is needed: a quarter of a second

    writer = PdfWriter()
    for path in sheets:
        writer.append(path, import_outline=False)
        if both_sides and len(writer.pages) % 2:
            writer.add_blank_page()
    unfinished = whole.with_suffix(".part")
    with _private(unfinished) as descriptor:
        writer.write(descriptor)
    unfinished.replace(whole)
    for path in sheets:
        path.unlink()


def _write(path: Path, content: bytes) -> None:
    with _private(path) as file:
        file.write(content)


def _private(path: Path) -> BinaryIO:
    """A file that only this user of the machine can read, empty."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, instance.PRIVATE_FILE)
    return cast(BinaryIO, os.fdopen(descriptor, "r+b"))
