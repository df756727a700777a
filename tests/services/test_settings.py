"""The service's own choices: sound by default, kept whole, and never lost to a race."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.people import Crew
from tests.support.pictures import JPEG, PNG, picture
from tests.support.workers import at_once
from wellbeing_app.model import AuditEntry, Purpose, Staff
from wellbeing_app.services import accounts, settings
from wellbeing_app.services.errors import Invalid, NotAllowed, Superseded
from wellbeing_app.services.settings import HelpLine, ServiceSettings

CHOSEN = ServiceSettings(
    name="Northtown",
    help_text="We are here.",
    help_lines=(HelpLine("Duty desk", "01632 960123", "By day"),),
    agreements={Purpose.TAKE_PART: "Yes, I will."},
    safety_contact="Mandy",
    hide_earlier_scores=False,
    default_language="ur",
)


def test_a_fresh_service_has_every_choice_made(db: Session) -> None:
    assert settings.read(db) == ServiceSettings()
    assert settings.read(db).hide_earlier_scores
    assert settings.read(db).agreement(Purpose.TAKE_PART) == ""


def test_what_is_chosen_is_kept_whole(db: Session, crew: Crew) -> None:
    settings.change(db, crew.adam, CHOSEN)
    db.expire_all()
    assert settings.read(db) == replace(CHOSEN, version=1)
    assert settings.read(db).agreement(Purpose.TAKE_PART) == "Yes, I will."


def test_whoever_saves_second_is_shown_what_stands(db: Session, crew: Crew) -> None:
    settings.change(db, crew.adam, CHOSEN)
    with pytest.raises(Superseded) as race:
        settings.change(db, crew.adam, replace(CHOSEN, name="Southtown"))
    assert race.value.theirs == replace(CHOSEN, version=1)
    settings.change(db, crew.adam, replace(CHOSEN, name="Southtown", version=1))
    assert settings.read(db).name == "Southtown"


def test_of_two_who_save_at_the_same_moment_one_is_told(own_database: str) -> None:
    at_once(own_database, save("First", over=0))
    results = at_once(own_database, save("A", over=1), save("B", over=1))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Superseded"]
    [race] = [result for result in results if isinstance(result, Superseded)]
    assert isinstance(race.theirs, ServiceSettings)
    assert race.theirs.name == ("A" if results[0] is None else "B")


def save(name: str, over: int):
    def task(db: Session) -> None:
        adam = accounts.actor_of(db.scalars(select(Staff).where(Staff.name == "Adam")).one())
        settings.change(db, adam, replace(CHOSEN, name=name, version=over))

    return task


def test_only_an_administrator_chooses(db: Session, crew: Crew) -> None:
    for actor in (crew.asha, crew.mandy, crew.dev, crew.eve):
        with pytest.raises(NotAllowed):
            settings.change(db, actor, CHOSEN)
        with pytest.raises(NotAllowed):
            settings.set_logo(db, actor, PNG)


def test_the_trail_says_which_choices_changed_and_not_to_what(db: Session, crew: Crew) -> None:
    settings.change(db, crew.adam, ServiceSettings(name="Northtown", safety_contact="Mandy"))
    [row] = db.scalars(select(AuditEntry))
    assert (row.action, row.detail) == ("service_settings_changed", {"fields": ["name", "safety_contact"]})


def test_a_logo_is_kept_shown_and_removed(db: Session, crew: Crew) -> None:
    assert settings.logo(db) is None
    settings.set_logo(db, crew.adam, PNG)
    assert settings.logo(db) == (PNG, "image/png")
    assert settings.read(db).has_logo
    settings.set_logo(db, crew.adam, None)
    assert settings.logo(db) is None
    assert not settings.read(db).has_logo


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "required"),
        (b"<svg onload='alert(1)'>", "not_a_picture"),
        (b"GIF89a", "not_a_picture"),
        (PNG + bytes(settings.LARGEST_LOGO), "too_large"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "broken_picture"),
        (b"\xff\xd8\xff" + bytes(40), "broken_picture"),
        (PNG[: len(PNG) // 2], "broken_picture"),
        (JPEG[: len(JPEG) // 2], "broken_picture"),
        (PNG[:40] + b"?" + PNG[41:], "broken_picture"),
        (picture("PNG", settings.WIDEST_LOGO + 1), "broken_picture"),
    ],
)
def test_a_logo_is_a_small_png_or_jpeg(db: Session, crew: Crew, content: bytes, problem: str) -> None:
    with pytest.raises(Invalid) as refusal:
        settings.set_logo(db, crew.adam, content)
    assert refusal.value.problems == {"logo": problem}
    assert settings.logo(db) is None
