"""Handing the screen to the person for one survey, and taking it back with one's own password."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from wellbeing_app.model import Ticket
from wellbeing_app.services import access, authentication, sessions
from wellbeing_app.services.access import Actor
from wellbeing_app.services.authentication import Refused
from wellbeing_app.services.passwords import Passwords
from wellbeing_app.services.policy import Action


def hand_over(db: Session, actor: Actor, ticket_id: uuid.UUID) -> Ticket:
    """From now on this browser opens that one survey only."""
    ticket = access.ticket(db, actor, Action.PLAN_SURVEY, ticket_id)
    sessions.hand_over(db, actor, ticket.id)
    return ticket


def take_back(db: Session, actor: Actor, kept: Passwords, key: str, password: str) -> Refused | None:
    """Give the browser back to its owner; None when done. Wrong tries are counted with those at the door."""
    refused = authentication.confirm(db, actor, kept, key, password)
    if refused is None:
        sessions.hand_over(db, actor, None)
    return refused
