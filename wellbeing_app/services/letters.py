"""A letter to the GP or whoever referred: only while the person agrees that they may be told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wellbeing_app.model import Agreement, Purpose
from wellbeing_app.services import agreements, audit, progress
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.progress import Progress


@dataclass(frozen=True)
class Letter:
    """What a letter can tell, and the agreement that it rests on; None while there is none."""

    seen: Progress
    agreement: Agreement | None


def prepare(db: Session, actor: Actor, reference: str, episode_id: uuid.UUID | None = None) -> Letter:
    """What there is to write about; raises as `progress.of_person`."""
    seen = progress.of_person(db, actor, reference, episode_id)
    return Letter(seen, agreements.standing(seen.person).get(Purpose.SHARE_WITH_GP))


def send(db: Session, actor: Actor, letter: Letter, terms: list[str]) -> None:
    """Say on the person's trail that a letter was made; raises `Invalid` without agreement or answers."""
    if letter.agreement is None:
        raise Invalid({"agreement": "not_agreed"})
    if letter.seen.first is None:
        raise Invalid({"surveys": "no_survey"})
    person = letter.seen.person.id
    audit.record(db, actor, "letter_made", person=person, agreement=str(letter.agreement.id), terms=terms)
