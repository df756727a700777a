"""Who may sign in: staff, their teams, sessions, one-time links and sign-in attempts."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wellbeing_app.model.base import Base, Key, LongText, ShortText, Word, word_column


class Role(Word):
    ADVISOR = "advisor"
    MANAGER = "manager"
    DATA_ENTRY = "data_entry"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "administrator"


class LinkKind(Word):
    FIRST_ADMINISTRATOR = "first_administrator"
    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a kind of link


class Team(Base):
    __tablename__ = "team"
    id: Mapped[Key]
    name: Mapped[ShortText] = mapped_column(String(200), unique=True)


class Staff(Base):
    """Somebody who works for the service. `sees_team`: an advisor who also works on the team's caseload."""

    __tablename__ = "staff"
    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[ShortText]
    role: Mapped[Role] = mapped_column(word_column(Role))
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    sees_team: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    team: Mapped[Team | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class StaffSession(Base):
    """A sign-in on one browser. Only a hash of its token is kept.

    `handed_over_ticket_id`: while a person fills in their own form on this browser, nothing else opens.
    """

    __tablename__ = "staff_session"
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    browser: Mapped[ShortText]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    handed_over_ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ticket.id"))
    staff: Mapped[Staff] = relationship()


class OneTimeLink(Base):
    """A link that makes an account or a new password, once. Only a hash of its token is kept."""

    __tablename__ = "one_time_link"
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[LinkKind] = mapped_column(word_column(LinkKind))
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A failed sign-in, by what it was aimed at: an account or an address, both only as keyed hashes."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[Key]
    target: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_sign_in_attempt_target_at", "target", "at"),)


class BreakGlass(Base):
    """Leave, for a while and with a reason, to open the record of somebody else's person."""

    __tablename__ = "break_glass"
    id: Mapped[Key]
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    service_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_user.id"), index=True)
    reason: Mapped[LongText]
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    staff: Mapped[Staff] = relationship()


class FormOpening(Base):
    """Somebody opened a form by the code printed on it, and may fill it in for the rest of the day."""

    __tablename__ = "form_opening"
    id: Mapped[Key]
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
