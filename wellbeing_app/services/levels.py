"""How much of the data leaves the house: four levels, and which role may have which."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from wellbeing_app.services import access, audit
from wellbeing_app.services.access import Actor
from wellbeing_app.services.policy import Action


class Level(StrEnum):
    """From everything to numbers only."""

    FULL = "full"
    NO_FREE_TEXT = "no_free_text"
    NO_IDENTIFIERS = "no_identifiers"
    AGGREGATE = "aggregate"


ACTIONS = {
    Level.FULL: Action.EXPORT_RECORDS,
    Level.NO_FREE_TEXT: Action.EXPORT_RECORDS,
    Level.NO_IDENTIFIERS: Action.EXPORT_PSEUDONYMS,
    Level.AGGREGATE: Action.SEE_FIGURES,
}
"""What somebody must be allowed, to have a level."""


def release(db: Session, actor: Actor | None, level: Level, what: str) -> None:
    """Let data go, and note it; raises `NotAllowed`. No actor: the owner of the machine, by command."""
    if actor is not None:
        access.require(actor, ACTIONS[level])
    audit.record(db, actor, "exported", level=level, what=what)
