"""Slows down guessing: attempts are counted in the database, so restarts and other workers know of them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wellbeing_app.model import SignInAttempt
from wellbeing_app.services import clock

WINDOW = timedelta(minutes=10)
PER_ACCOUNT = 10
PER_ADDRESS = 60


def target(key: str, kind: str, value: str) -> str:
    """What an attempt is aimed at, as a keyed hash: the table tells nobody who tried."""
    return hmac.new(key.encode(), f"{kind}:{value.casefold()}".encode(), hashlib.sha256).hexdigest()


def too_many(db: Session, limits: dict[str, int]) -> bool:
    """Count one more attempt on each target, and say whether any has had more than its limit.

    Commits, so that attempts made at the same moment by several workers all see each other.
    """
    now = clock.now()
    db.add_all(SignInAttempt(target=name, at=now) for name in limits)
    db.commit()
    counted = dict(
        db.execute(
            select(SignInAttempt.target, func.count())
            .where(SignInAttempt.target.in_(limits), SignInAttempt.at > now - WINDOW)
            .group_by(SignInAttempt.target)
        ).tuples()
    )
    db.commit()
    return any(counted.get(name, 0) > most for name, most in limits.items())


def forget(db: Session, name: str) -> None:
    """Drop the attempts on one target, after it was shown to be its owner; and all that no longer count."""
    old = SignInAttempt.at < clock.now() - WINDOW
    db.execute(delete(SignInAttempt).where((SignInAttempt.target == name) | old))
