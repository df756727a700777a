"""Passwords: long rather than odd, not easily guessed, kept as Argon2id."""

from __future__ import annotations

import unicodedata

import pytest

from tests.support.people import CHEAP, PASSWORD
from wellbeing_app.config import PasswordCost
from wellbeing_app.services.passwords import LONGEST, Passwords, problem_with


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short otter", "password_too_short"),
        ("", "password_too_short"),
        ("password1234", "password_too_common"),
        ("qwertyuiop12", "password_too_common"),
        ("aaaaaaaaaaaaaaaa", "password_too_common"),
        ("x" * (LONGEST + 1), "password_too_long"),
        (PASSWORD, None),
        ("brass otter lamp fig", None),
        ("سات اودبلاؤ پیتل کا دروازہ", None),
        (PASSWORD * 3, None),
    ],
)
def test_a_new_password_must_be_long_and_hard_to_guess(password: str, problem: str | None) -> None:
    assert problem_with(password) == problem


def test_as_long_as_allowed_is_judged_whole() -> None:
    assert problem_with((PASSWORD * 5)[:LONGEST]) is None


def test_what_others_know_of_a_person_does_not_make_a_password() -> None:
    assert problem_with("rumpelstiltskin") is None
    assert problem_with("rumpelstiltskin", "Rumpelstiltskin") == "password_too_common"


def test_a_hash_is_argon2id_with_the_cost_that_was_set() -> None:
    assert "$argon2id$" in Passwords(CHEAP).hash(PASSWORD)
    assert "m=47104,t=1,p=1" in Passwords(PasswordCost()).hash(PASSWORD)


def test_only_the_password_itself_matches() -> None:
    kept = Passwords(CHEAP)
    hashed = kept.hash(PASSWORD)
    assert kept.matches(hashed, PASSWORD)
    assert not kept.matches(hashed, PASSWORD.title())
    assert not kept.matches(None, PASSWORD)
    assert not kept.matches("no hash at all", PASSWORD)
    assert not kept.matches(None, "nobody has this password")


def test_a_password_matches_whichever_keyboard_composed_it() -> None:
    kept = Passwords(CHEAP)
    password = "sieben Äpfel für Zoé im Café"
    decomposed = unicodedata.normalize("NFD", password)
    assert decomposed != password
    assert kept.matches(kept.hash(decomposed), password)


def test_a_hash_of_another_cost_is_outdated() -> None:
    hashed = Passwords(CHEAP).hash(PASSWORD)
    assert not Passwords(CHEAP).is_outdated(hashed)
    assert Passwords(PasswordCost(time=2, memory_kib=8, lanes=1)).is_outdated(hashed)
