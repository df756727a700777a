"""Handing the screen to the person for one survey, and taking it back with one's own password."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from wellbeing_app.model import Staff
from wellbeing_app.services import access, sessions, throttle
from wellbeing_app.services.access import Actor
from wellbeing_app.services.accounts import Refused
from wellbeing_app.services.passwords import Passwords
from wellbeing_app.services.policy import Action


def hand_over(db: Session, actor: Actor, ticket_id: uuid.UUID) -> None:
    """From now on this browser opens that one survey only."""
    ticket = access.ticket(db, actor, Action.FILL_SURVEY, ticket_id)
    sessions.hand_over(db, actor, ticket.id)


def take_back(db: Session, actor: Actor, kept: Passwords, key: str, password: str) -> Refused | None:
    """Give the browser back to its owner; None when done. Wrong tries are counted with those at the door."""
    account = throttle.target(key, "account", str(actor.id))
    if throttle.too_many(db, {account: throttle.PER_ACCOUNT}):
        return Refused("too_many")
    staff = db.get_one(Staff, actor.id)
    if not kept.matches(staff.password_hash, password):
        return Refused("wrong")
    throttle.forget(db, account)
    sessions.hand_over(db, actor, None)
    return None
