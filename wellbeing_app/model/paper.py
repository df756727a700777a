"""Paper: what was printed, where its boxes are, and what came back that somebody has to look at."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, Word, word_column
from wellbeing_app.model.staff import Staff
from wellbeing_app.model.surveys import Survey, Ticket


class PaperLayout(Base):
    """Where everything is on one version of a form in one language. Never changed: paper is out there."""

    __tablename__ = "paper_layout"
    id: Mapped[Key]
    form: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    fingerprint: Mapped[str] = mapped_column(String(64))
    layout: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("form", "version", "language"),)


class BatchState(Word):
    WAITING = "waiting"
    PRINTING = "printing"
    CANCELLED = "cancelled"
    FAILED = "failed"
    READY = "ready"
    GONE = "gone"


class PrintBatch(Base):
    """Many copies of one form made at once. `touched_at`: when its worker last showed that it lives."""

    __tablename__ = "print_batch"
    id: Mapped[Key]
    form: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    state: Mapped[BatchState] = mapped_column(word_column(BatchState), default=BatchState.WAITING)
    problem: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime] = mapped_column(index=True)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    touched_at: Mapped[datetime]
    made_by: Mapped[Staff] = relationship()


class PrintedCopy(Base):
    """One copy of a form on paper, for a ticket or (blank) for nobody yet.

    The token in its code is kept as its SHA-256 only, and not before the copy is printed. `used_at`: when its
    answers were saved; `voided_at`: when another copy took its place.
    """

    __tablename__ = "printed_copy"
    id: Mapped[Key]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    human_id: Mapped[str] = mapped_column(String(8), unique=True)
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("print_batch.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    form: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    printed_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    ticket: Mapped[Ticket | None] = relationship()


class HeldPaper(Base):
    """Answers from paper that could not be saved as they were: nothing is lost, and somebody decides.

    `reason`: why; `outcome`: what was decided. `fields` are the form's own, unchecked.
    """

    __tablename__ = "held_paper"
    id: Mapped[Key]
    copy_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("printed_copy.id"))
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ticket.id"))
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(24))
    fields: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(500), default="")
    held_at: Mapped[datetime]
    held_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str] = mapped_column(String(24), default="")
    copy: Mapped[PrintedCopy | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    held_by: Mapped[Staff] = relationship(foreign_keys=[held_by_id])


class Retyping(Base):
    """A form that somebody else types in again, without seeing the first entry.

    `asked_for`: because the service has each form typed twice, or because chance chose this one, to measure
    how often a slip happens. `differing`: the measures that the two entries disagree about.
    """

    __tablename__ = "retyping"
    id: Mapped[Key]
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), unique=True)
    asked_for: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    first_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    first: Mapped[dict[str, str]]
    second: Mapped[dict[str, str] | None]
    differing: Mapped[int | None]
    typed_at: Mapped[datetime | None]
    typed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    survey: Mapped[Survey] = relationship()


class ReadingState(Word):
    WAITING = "waiting"
    READING = "reading"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"
    GONE = "gone"


class Reading(Base):
    """Files that were sent to be read, one after another; until then they lie sealed in the instance folder.

    `files`: the `name` of each, and its number of `pages` as far as it is known. `file` is the one at hand,
    `page` the last of its pages that is done. `refused`: `name`, `page` and `reason` of what was not read.
    """

    __tablename__ = "reading"
    id: Mapped[Key]
    files: Mapped[list[dict[str, Any]]]
    file: Mapped[int] = mapped_column(default=0)
    page: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[dict[str, Any]]]
    state: Mapped[ReadingState] = mapped_column(word_column(ReadingState), default=ReadingState.WAITING)
    problem: Mapped[str] = mapped_column(String(24), default="")
    made_at: Mapped[datetime] = mapped_column(index=True)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    touched_at: Mapped[datetime]
    made_by: Mapped[Staff] = relationship()

    @property
    def total(self) -> int:
        """Pages in all."""
        return sum(int(file["pages"]) for file in self.files)


class ReadPage(Base):
    """A page that a machine has read, until a person has confirmed it.

    `answers`: what the machine is sure of, by measure; the others wait for a person. `pictures`: of its
    rows, sealed; the picture that was sent is not kept. `why`: as `papers.Found` tells.
    """

    __tablename__ = "read_page"
    id: Mapped[Key]
    copy_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("printed_copy.id"))
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ticket.id"))
    why: Mapped[str] = mapped_column(String(24), default="")
    answers: Mapped[dict[str, str]]
    pictures: Mapped[bytes | None] = mapped_column(LargeBinary)
    read_at: Mapped[datetime] = mapped_column(index=True)
    read_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(24), default="")
    copy: Mapped[PrintedCopy | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
