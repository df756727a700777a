"""A service to measure: an instance of its own; its people, surveys and drafts by the app's own verbs."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.door import Door
from benchmarks.size import Size
from tests.support.people import answers, days_ago, hire, record_survey, refer, staff_of
from tests.support.visitor import Fields
from wellbeing_app import create_app
from wellbeing_app.config import KEY_FILE, Settings
from wellbeing_app.forms.survey import of_answers
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.migrations import migrate
from wellbeing_app.model import Episode, Occasion, Survey
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import clock, handover, sessions, tickets
from wellbeing_app.services.access import Actor

NAMES = ("Grace", "Ada", "Khadija", "Tomasz", "Siobhán", "Win", "Delroy", "Mei")
LOOKED_AT = 5
NOTE = "Walking the dog with a neighbour twice a week has helped more than anything else."


@dataclass(frozen=True)
class Service:
    """`people` are Asha's, with a baseline and a follow-up each; half have a `blank` form for one more, half
    a `half_filled` one, and the first blank one is `handed_over`. Carol's have a `complete` draft each: some
    to be looked at only, the others `to_submit`.
    """

    settings: Settings
    app: Flask
    asha: Door
    carol: Door
    handed_over: Door
    people: list[str]
    blank: list[uuid.UUID]
    half_filled: list[uuid.UUID]
    complete: list[uuid.UUID]
    to_submit: list[uuid.UUID]


def found(folder: Path, database_url: str, people: int, drafts: int) -> Service:
    """Set the service up in an empty database."""
    settings = _settings(folder, database_url)
    engine = create_engine_for(settings.database_url)
    migrate(engine)
    chance = random.Random(8)  # noqa: S311 - the same people each time
    with session_factory(engine).begin() as db:
        crew = hire(db, settings.password_cost)
        episodes = [_with_two_surveys(db, crew.asha, number, chance) for number in range(people)]
        blank = [_ticket(db, crew.asha, episode) for episode in episodes[::2]]
        half = [_ticket(db, crew.asha, episode, _draft(chance, 4)) for episode in episodes[1::2]]
        complete = [_complete(db, crew.carol, number, chance) for number in range(LOOKED_AT + drafts)]
        tokens = [
            sessions.start(db, staff_of(db, one), "Firefox") for one in (crew.asha, crew.carol, crew.asha)
        ]
        _hand_over(db, tokens[-1], blank[0])
    references = [episode.service_user.reference for episode in episodes]
    engine.dispose()
    app = create_app(settings)
    asha, carol, person = (Door(app, {"wellbeing": token}) for token in tokens)
    looked_at, to_submit = complete[:LOOKED_AT], complete[LOOKED_AT:]
    return Service(settings, app, asha, carol, person, references, blank, half, looked_at, to_submit)


def submits(service: Service) -> list[tuple[str, Fields]]:
    """The address and the fields of the last step of each complete draft, as its own page has them."""
    paths = [f"/surveys/{ticket}/check" for ticket in service.to_submit]
    return [(path, service.carol.hidden_fields(path)) for path in paths]


def assert_submitted(service: Service, size: Size, times: int = 1) -> None:
    """Every submit has become a survey: none was only sent away."""
    engine = create_engine_for(service.settings.database_url)
    with session_factory(engine)() as db:
        saved = db.scalars(select(Survey.ticket_id)).all()
    engine.dispose()
    missing = set(service.to_submit[: times * size.drafts]) - set(saved)
    assert not missing, f"{len(missing)} submits were answered, and not saved."


def _settings(folder: Path, database_url: str) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / KEY_FILE).write_text("a key that is only for measuring, and long enough")
    return Settings.from_environment({"WELLBEING_INSTANCE": str(folder), "DATABASE_URL": database_url})


def _hand_over(db: Session, token: str, ticket: uuid.UUID) -> None:
    actor = sessions.find(db, token)
    assert actor is not None
    handover.hand_over(db, actor, ticket)


def _with_two_surveys(db: Session, advisor: Actor, number: int, chance: random.Random) -> Episode:
    episode = _refer(db, advisor, number)
    for occasion, days in ((Occasion.BASELINE, 120), (Occasion.FOLLOW_UP, 20)):
        notes = {"money": NOTE, "lifestyle": NOTE}
        record_survey(
            db, advisor, episode, occasion, _scores(chance), completed_on=days_ago(days), notes=notes
        )
    return episode


def _refer(db: Session, advisor: Actor, number: int) -> Episode:
    first = NAMES[number % len(NAMES)]
    return refer(
        db, advisor, first, last_name=f"Example-{number}", referred_on=days_ago(130), telephone="01709 000000"
    )


def _ticket(
    db: Session, advisor: Actor, episode: Episode, draft: Mapping[str, object] | None = None
) -> uuid.UUID:
    ticket = tickets.plan(db, advisor, episode.id, Occasion.FOLLOW_UP, clock.today())
    if draft is not None:
        tickets.save_draft(db, advisor, ticket, draft)
    return ticket.id


def _complete(db: Session, advisor: Actor, number: int, chance: random.Random) -> uuid.UUID:
    ticket = tickets.plan(db, advisor, _refer(db, advisor, number).id, Occasion.BASELINE, clock.today())
    tickets.save_draft(db, advisor, ticket, _draft(chance, len(INSTRUMENT.keys)))
    return ticket.id


def _draft(chance: random.Random, answered: int) -> Mapping[str, object]:
    notes = {"money": NOTE, "lifestyle": NOTE}
    fields = of_answers(answers(_scores(chance), notes=notes))
    left_open = {f"answer-{key}": "" for key in INSTRUMENT.keys[answered:]}
    return fields | left_open


def _scores(chance: random.Random) -> dict[str, int]:
    return {key: chance.randint(1, 5) for key in INSTRUMENT.keys}
