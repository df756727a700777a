"""Pages that a machine has read: kept until a person has looked at each row and confirmed it."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import PaperLayout, ReadPage
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import NotFound, NotYours
from wellbeing_app.services.papers import Found
from wellbeing_app.services.policy import Action

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEPT_FOR: Final = timedelta(days=30)
"""How long pictures of answers wait for somebody to confirm them."""

Verdicts = Mapping[int, tuple[str, int | None]]
"""By row of the form: "value" with its value, "blank" or "unsure"."""


def known_layouts(db: Session) -> Sequence[dict[str, Any]]:
    """The layouts of all forms that were ever printed here."""
    return db.scalars(select(PaperLayout.layout)).all()


def take(db: Session, actor: Actor, found: Found, rows: Verdicts, pictures: bytes) -> ReadPage:
    """Keep what was read from a page, for the actor to confirm. `pictures` are sealed already."""
    access.require(actor, Action.OPEN_FORM_BY_CODE)
    page = ReadPage(
        copy_id=found.copy.id if found.copy else None,
        ticket_id=found.ticket.id if found.ticket else None,
        why=found.why,
        answers=_sure(rows),
        pictures=pictures,
        read_at=clock.now(),
        read_by_id=actor.id,
    )
    db.add(page)
    db.flush()
    person = found.ticket.episode.service_user_id if found.ticket else None
    audit.record(db, actor, "page_read", person=person, subject=f"page:{page.id}", sure=len(page.answers))
    return page


def begun_form(db: Session, actor: Actor, found: Found) -> ReadPage | None:
    """What was read of other pages of the same copy, and waits for the same person."""
    if found.copy is None:
        return None
    of_copy = (ReadPage.copy_id == found.copy.id) & (ReadPage.read_by_id == actor.id)
    query = select(ReadPage).where(of_copy, ReadPage.settled_at.is_(None)).order_by(ReadPage.read_at.desc())
    return db.scalars(query).first()


def join(begun: ReadPage, rows: Verdicts, pictures: bytes) -> ReadPage:
    """Another page of a form whose first pages are kept; `pictures` are all of them."""
    begun.answers, begun.pictures = {**begun.answers, **_sure(rows)}, pictures
    return begun


def waiting(db: Session, actor: Actor) -> Sequence[ReadPage]:
    """The pages that the actor has had read and has not confirmed, oldest first. Old pictures are let go."""
    access.require(actor, Action.OPEN_FORM_BY_CODE)
    _forget_old(db)
    of_actor = (ReadPage.read_by_id == actor.id) & ReadPage.settled_at.is_(None)
    return db.scalars(select(ReadPage).where(of_actor).order_by(ReadPage.read_at)).all()


def page(db: Session, actor: Actor, page_id: uuid.UUID) -> ReadPage:
    """One of them, its person opened through the one door; raises `NotFound` or `NotYours`."""
    access.require(actor, Action.OPEN_FORM_BY_CODE)
    found = db.get(ReadPage, page_id)
    if found is None or found.settled_at is not None:
        raise NotFound(str(page_id))
    if found.read_by_id != actor.id:
        raise _not_yours(found)
    if found.ticket is not None:
        access.open_form(db, actor, found.ticket.code)
    return found


def _not_yours(found: ReadPage) -> NotFound:
    if found.ticket is None:
        return NotFound(str(found.id))
    return NotYours(found.ticket.episode.service_user_id, Action.OPEN_FORM_BY_CODE)


def settle(db: Session, actor: Actor, page_id: uuid.UUID, outcome: str) -> None:
    """It was saved, held or put aside: its pictures go."""
    found = page(db, actor, page_id)
    found.settled_at, found.outcome, found.pictures = clock.now(), outcome, None
    person = found.ticket.episode.service_user_id if found.ticket else None
    audit.record(db, actor, "page_settled", person=person, subject=f"page:{found.id}", outcome=outcome)


def sealed(pictures: Mapping[int, bytes], key: str) -> bytes:
    """Pictures of rows (PNG), by row, so that only this machine's key opens them."""
    plain = {row: base64.b64encode(png).decode() for row, png in pictures.items()}
    return box(key).encrypt(json.dumps(plain).encode())


def unsealed(kept: ReadPage, key: str) -> dict[int, bytes]:
    """The pictures again; none where another machine's key sealed them: the paper is still there."""
    from cryptography.fernet import InvalidToken

    try:
        plain = json.loads(box(key).decrypt(kept.pictures or b""))
    except InvalidToken:
        return {}
    return {int(row): base64.b64decode(png) for row, png in plain.items()}


def box(key: str) -> Fernet:
    """What seals pictures with this machine's key."""
    from cryptography.fernet import Fernet  # takes 7 MB of memory, and few requests seal anything

    material = hashlib.sha256(b"pictures of answers:" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(material))


def _sure(rows: Verdicts) -> dict[str, str]:
    """Stated scores, by measure. A blank is for a person to confirm, so it is left open."""
    stated = {row: str(value) for row, (status, value) in rows.items() if status == "value"}
    return {key: stated[row] for row, key in enumerate(INSTRUMENT.keys, start=1) if row in stated}


def _forget_old(db: Session) -> None:
    too_old = (ReadPage.read_at < clock.now() - KEPT_FOR) & ReadPage.settled_at.is_(None)
    db.execute(
        update(ReadPage)
        .where(too_old)
        .values(pictures=None, settled_at=clock.now(), outcome="too_old")
        .execution_options(synchronize_session=False)
    )
