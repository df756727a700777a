"""Passwords: how long, how common, and how they are kept (Argon2id)."""

from __future__ import annotations

import threading
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wellbeing_app.config import PasswordCost

SHORTEST = 12
LONGEST = 128
JUDGED = 72  # as much as zxcvbn takes; a password that is strong up to there is strong
WEAKEST_SCORE = 3
CONCURRENT_HASHES = 2

_gate = threading.BoundedSemaphore(CONCURRENT_HASHES)


class Passwords:
    """Hashes and checks. At most two at once, so that sign-ins cannot take all the memory."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = PasswordHasher(cost.time, cost.memory_kib, cost.lanes)

    @cached_property
    def _nobodys(self) -> str:
        """What a password is compared with when there is no account; made when first wanted."""
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The Argon2id hash to keep."""
        with _gate:
            return self._hasher.hash(_composed(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether `password` belongs to the hash; takes as long when there is no account to compare with."""
        with _gate:
            nobodys = self._nobodys
            try:
                self._hasher.verify(kept or nobodys, _composed(password))
                return kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made with another cost than today's."""
        return self._hasher.check_needs_rehash(kept)


def problem_with(password: str, *personal: str) -> str | None:
    """The code of what is wrong with a new password, or None. Length first, then how easily it is guessed.

    `personal` are words an attacker would try: the name, the address, the service.
    """
    composed = _composed(password)
    if len(composed) < SHORTEST:
        return "password_too_short"
    if len(composed) > LONGEST:
        return "password_too_long"
    from zxcvbn import zxcvbn  # its word lists take a while to load, and few requests need them

    strength = zxcvbn(composed[:JUDGED], user_inputs=[word for word in personal if word])
    return "password_too_common" if strength["score"] < WEAKEST_SCORE else None


def _composed(password: str) -> str:
    """The same characters however a keyboard puts them together: é is one, or e and an accent."""
    return unicodedata.normalize("NFKC", password)
