"""Who refers: practices and practitioners, each in one spelling."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellbeing_app.model import Episode

LATELY = 2_000
OFTEN = 2
"""Who referred this often is offered: a name that was typed once may be somebody's neighbour."""


def known(db: Session) -> Sequence[str]:
    """Who referred several of the last episodes, by name."""
    return _lately(db, OFTEN)


def _lately(db: Session, least: int) -> Sequence[str]:
    lately = select(Episode.referred_by).order_by(Episode.referred_on.desc()).limit(LATELY).subquery()
    name = lately.c.referred_by
    query = select(name).where(name != "").group_by(name).having(func.count() >= least)
    return db.scalars(query.order_by(name)).all()


def as_known(db: Session, typed: str, own: str = "") -> str:
    """As it was written before, where capitals and blanks are all that differ; unless it corrects `own`."""
    tidy = " ".join(typed.split())
    if not tidy or tidy.casefold() == own.casefold():
        return tidy
    return next((one for one in _lately(db, 1) if one.casefold() == tidy.casefold()), tidy)
