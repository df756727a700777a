"""What the list of follow-ups costs with very many people: for one advisor, and a service's first page."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from benchmarks.door import Door
from benchmarks.hello import hello_app
from benchmarks.measure import Figure, Work, interleaved, repeated
from benchmarks.size import Size
from tests.support.people import Crew, hire
from wellbeing_app.migrations import migrate
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import clock, due_list
from wellbeing_app.services.access import Actor
from wellbeing_app.services.due_list import PAGE, Asked

EACH = 100  # people on each caseload
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :most)"
PEOPLE = """INSERT INTO service_user (id, reference, first_name, last_name, search_name, telephone, address,
  language, needs_interpreter, needs_bsl, needs_large_print, access_notes, may_telephone, may_leave_message,
  may_post, safe_times, created_at, version)
  SELECT printf('%032x', n), printf('R-%08x', n), 'Person', n, 'person ' || n, '', '', 'en', 0, 0, 0, '',
  1, 0, 1, '', '2026-01-01', 1 FROM numbers"""
EPISODES = """INSERT INTO episode (id, service_user_id, advisor_id, pathway, referred_by, referred_on,
  closing_note, created_at, version)
  SELECT printf('%032x', n), printf('%032x', n), {advisor}, 'long_term_conditions', '',
  date(:today, '-600 days'), '', '2026-01-01', 1 FROM numbers"""
ADVISORS = """INSERT INTO staff (id, email, name, role, sees_team, active, created_at, version)
  SELECT printf('%032x', n), n || '@service.example', 'Advisor ' || n, 'advisor', 0, 1, '2026-01-01', 1
  FROM numbers"""
# One in two is waiting for a follow-up, at any time in two years around today; the others are done.
DUE = """INSERT INTO due (episode_id, advisor_id, pathway, stage, sort_on, opens, closes, number)
  SELECT printf('%032x', n), {advisor}, 'long_term_conditions',
  CASE WHEN n % 2 THEN 'done' ELSE 'follow_up' END,
  date(:today, (n * 7919 % 730 - 365) || ' days'), date(:today, (n * 7919 % 730 - 396) || ' days'),
  date(:today, (n * 7919 % 730 - 365) || ' days'), 1 FROM numbers"""


def measure(folder: Path, size: Size) -> dict[str, Figure]:
    """The question to the database alone, and with what the service makes of it, beside hello."""
    engine = create_engine_for(f"sqlite:///{folder}/due.sqlite")
    migrate(engine)
    with session_factory(engine).begin() as db:
        crew = hire(db)
        _fill(db.connection(), crew, size.episodes)
    hello = Door(hello_app())
    greeting = hello.request("/")
    yardstick = Work(repeated(lambda: hello.ask(greeting)), size.hellos)
    with session_factory(engine)() as db:
        works = {
            f"{who}_{how}": Work(repeated(ask(db, actor)), size.lists)
            for who, actor in (("advisor", crew.asha), ("service", crew.mandy))
            for how, ask in (("question", _question), ("list", _list))
        }
        figures = interleaved(yardstick, works, size.rounds, time.process_time_ns)
    engine.dispose()
    return figures


def _fill(connection: Connection, crew: Crew, episodes: int) -> None:
    """Everybody, in one statement for each table; the first caseload is Asha's."""
    asha = f"'{crew.asha.id.hex}'"
    advisor = f"CASE WHEN n < {EACH} THEN {asha} ELSE printf('%032x', n / {EACH}) END"
    counts = {ADVISORS: episodes // EACH, PEOPLE: episodes, EPISODES: episodes, DUE: episodes}
    for statement, count in counts.items():
        into, _select, rest = statement.partition("  SELECT")
        written = f"{into} {NUMBERS} SELECT{rest}".format(advisor=advisor)
        connection.execute(text(written), {"most": count - 1, "today": clock.today().isoformat()})


def _question(db: Session, actor: Actor) -> Callable[[], object]:
    """Only what the database does, and its rows handed over by the driver."""
    asked = due_list.question(actor, Asked(), clock.today(), PAGE + 1)
    written = str(asked.compile(db.get_bind(), compile_kwargs={"literal_binds": True}))
    driver: Any = db.connection().connection.driver_connection

    def ask() -> None:
        assert len(driver.execute(written).fetchall()) > 1

    return ask


def _list(db: Session, actor: Actor) -> Callable[[], object]:
    """A page of the list as the app's page gets it, with its row for the trail."""

    def ask() -> None:
        assert due_list.page(db, actor, Asked()).items

    return ask
