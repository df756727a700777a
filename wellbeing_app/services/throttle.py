"""Slows down guessing: attempts are counted in the database, so restarts and other workers know of them."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wellbeing_app.model import SignInAttempt
from wellbeing_app.services import clock

WINDOW = timedelta(minutes=10)
PER_ACCOUNT = 10
PER_ADDRESS = 60
IPV6_NETWORK_BITS = 64


def target(key: str, kind: str, value: str) -> str:
    """What an attempt is aimed at, as a keyed hash: the table tells nobody who tried."""
    return hmac.new(key.encode(), f"{kind}:{value.casefold()}".encode(), hashlib.sha256).hexdigest()


def network(address: str) -> str:
    """The address; of IPv6 the network's part, for one customer has 2^64 of them."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(int(parsed) >> (128 - IPV6_NETWORK_BITS))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def too_many(db: Session, limits: Mapping[str, int]) -> bool:
    """Count one more attempt on each target, and say whether any has had more than its limit.

    An attempt that is refused does not count: who waits as long as `WINDOW` may always try again.
    Commits, so that attempts made at the same moment by several workers all see each other.
    """
    now = clock.now()
    attempts = [SignInAttempt(id=uuid.uuid4(), target=name, at=now) for name in limits]
    db.add_all(attempts)
    db.commit()
    counted = _counted(db, limits, now)
    refused = any(counted.get(name, 0) > most for name, most in limits.items())
    if refused:
        db.execute(delete(SignInAttempt).where(SignInAttempt.id.in_([attempt.id for attempt in attempts])))
    db.commit()
    return refused


def forget(db: Session, name: str) -> None:
    """Drop the attempts on one target, after it was shown to be its owner; and all that no longer count."""
    old = SignInAttempt.at < clock.now() - WINDOW
    db.execute(delete(SignInAttempt).where((SignInAttempt.target == name) | old))


def _counted(db: Session, names: Mapping[str, int], now: datetime) -> dict[str, int]:
    query = (
        select(SignInAttempt.target, func.count())
        .where(SignInAttempt.target.in_(names), SignInAttempt.at > now - WINDOW)
        .group_by(SignInAttempt.target)
    )
    return dict(db.execute(query).all())
