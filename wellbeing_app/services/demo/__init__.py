"""Invented data to look around in: a service of some 60 people, told from its first day by the app's verbs.

Every name, address and number is made up. The people, their answers and what happened to them are the same
each time; days count back from today; references, codes and passwords are drawn afresh.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellbeing_app.model import Staff
from wellbeing_app.services.demo import offers, tales, twists
from wellbeing_app.services.demo.crew import Crew, SignIn, hire
from wellbeing_app.services.demo.people import PEOPLE
from wellbeing_app.services.demo.stories import STORIES
from wellbeing_app.services.passwords import Passwords

SEED = 2086


def is_empty(db: Session) -> bool:
    """Whether nobody works here yet."""
    return not db.scalar(select(func.count()).select_from(Staff))


def load(db: Session, passwords: Passwords) -> Sequence[SignIn]:
    """Invent the service in an empty database; returns how each of its staff signs in. Not committed."""
    chance = random.Random(SEED)  # noqa: S311 - the same answers each time
    crew, sign_ins = hire(db, passwords)
    cases = []
    for number, (person, story) in enumerate(zip(PEOPLE, STORIES, strict=True)):
        advisor = crew.advisors[number % len(crew.advisors)]
        case = tales.tell(db, crew, advisor, person, story, chance)
        twists.add(db, case, story)
        cases.append(case)
    offers.fill(db, crew.manager, cases, random.Random(SEED))  # noqa: S311 - the same again
    return sign_ins


__all__ = ["Crew", "SignIn", "is_empty", "load"]
