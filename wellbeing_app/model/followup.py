"""What keeps a follow-up in sight: what is due, days that were moved, tries to reach somebody, calendars."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, LongText, Word, word_column
from wellbeing_app.model.pathway import Pathway
from wellbeing_app.model.staff import Staff
from wellbeing_app.model.surveys import Mode


class Stage(Word):
    """How far an open episode is with its surveys; what day it is does not matter here."""

    CHOOSE_BASELINE = "choose_baseline"
    BASELINE = "baseline"
    FOLLOW_UP = "follow_up"
    DONE = "done"
    DECLINED = "declined"
    LOST = "lost"


class DueRow(Base):
    """What is due for an open episode; it can be counted again from the rest at any time.

    `opens` and `closes`: the first and last day meant for follow-up number `number`. `sort_on`: its place in
    a list. Advisor and pathway are the episode's.
    """

    __tablename__ = "due"
    episode_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("episode.id", ondelete="CASCADE"), primary_key=True
    )
    advisor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    pathway: Mapped[Pathway] = mapped_column(word_column(Pathway))
    stage: Mapped[Stage] = mapped_column(word_column(Stage))
    sort_on: Mapped[date]
    opens: Mapped[date | None]
    closes: Mapped[date | None]
    early_on: Mapped[date | None]
    number: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("ix_due_advisor", "advisor_id", "stage", "sort_on", "episode_id"),
        Index("ix_due_sort_on", "stage", "sort_on", "episode_id"),
        Index("ix_due_opens", "stage", "opens", "episode_id"),
    )


class MovedDate(Base):
    """A day of an episode that was moved, and why. `moved_to` None: back to the usual day."""

    __tablename__ = "moved_date"
    id: Mapped[Key]
    episode_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("episode.id", ondelete="CASCADE"), index=True)
    which: Mapped[str] = mapped_column(String(24))
    was: Mapped[date | None]
    moved_to: Mapped[date | None]
    reason: Mapped[LongText] = mapped_column(String(500))
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    by: Mapped[Staff] = relationship()


class ContactOutcome(Word):
    """What came of trying to reach somebody."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    WRONG_NUMBER = "wrong_number"
    CALL_BACK = "call_back"
    DECLINED = "declined"
    SAFEGUARDING = "safeguarding"


class ContactAttempt(Base):
    """A try to reach somebody about an episode. `ring_at`: when to try next; `undone_at`: it was a slip."""

    __tablename__ = "contact_attempt"
    id: Mapped[Key]
    episode_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("episode.id", ondelete="CASCADE"))
    outcome: Mapped[ContactOutcome] = mapped_column(word_column(ContactOutcome))
    note: Mapped[LongText] = mapped_column(String(2000), default="")
    ring_at: Mapped[datetime | None]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    by: Mapped[Staff] = relationship()

    __table_args__ = (Index("ix_contact_attempt_episode_at", "episode_id", "at"),)


class ModeChange(Base):
    """A survey that was begun in one way and went on in another.

    `mode`: how it was done until then; `answered`: how many measures had an answer by then.
    """

    __tablename__ = "mode_change"
    id: Mapped[Key]
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    mode: Mapped[Mode] = mapped_column(word_column(Mode))
    answered: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))


class CalendarTitles(Word):
    """What stands in a calendar in place of a name."""

    INITIALS = "initials"
    REFERENCE = "reference"


class CalendarFeed(Base):
    """A secret address that shows an advisor's own days to their calendar. Only a hash of it is kept."""

    __tablename__ = "calendar_feed"
    id: Mapped[Key]
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    titles: Mapped[CalendarTitles] = mapped_column(word_column(CalendarTitles))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    staff: Mapped[Staff] = relationship()
