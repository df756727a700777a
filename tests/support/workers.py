"""Work for several workers at once: threads that start together, and processes with nothing in common."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.people import CHEAP, Crew
from wellbeing_app.config import PasswordCost
from wellbeing_app.model import Staff
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import accounts, authentication
from wellbeing_app.services.authentication import Refused
from wellbeing_app.services.errors import ServiceError
from wellbeing_app.services.passwords import Passwords

Result = TypeVar("Result")
KEY = "a key that is only for tests"


def at_once(url: str, *tasks: Callable[[Session], Result]) -> list[Result | ServiceError]:
    """Run each task in a session of its own, all starting at the same moment; what each gave or refused."""
    engine = create_engine_for(url)
    together = Barrier(len(tasks))

    def run(task: Callable[[Session], Result]) -> Result | ServiceError:
        together.wait()
        try:
            with session_factory(engine).begin() as db:
                return task(db)
        except ServiceError as refusal:
            return refusal

    with ThreadPoolExecutor(len(tasks)) as pool:
        results = list(pool.map(run, tasks))
    engine.dispose()
    return results


@contextmanager
def working_on(url: str) -> Iterator[Session]:
    """A session on a database of one's own; what was written is committed at the end."""
    engine = create_engine_for(url)
    try:
        with session_factory(engine).begin() as db:
            yield db
    finally:
        engine.dispose()


def crew_of(db: Session) -> Crew:
    """The crew that a database already has."""
    found = {staff.name.lower(): accounts.actor_of(staff) for staff in db.scalars(select(Staff))}
    return Crew(**found)


def guess_in_processes(url: str, email: str, passwords: Sequence[Sequence[str]]) -> list[str]:
    """Try each list of passwords in a process of its own, all at once; what came of each try."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(passwords), mp_context=context) as pool:
        waiting = [pool.submit(guess, url, email, tries) for tries in passwords]
        return [result for tried in waiting for result in tried.result()]


def guess(url: str, email: str, passwords: Sequence[str], cost: PasswordCost = CHEAP) -> list[str]:
    """Try to sign in with one password after the other: `wrong`, `too_many` or `signed_in` for each."""
    engine = create_engine_for(url)
    kept = Passwords(cost)
    results = []
    for password in passwords:
        with session_factory(engine)() as db:
            result = authentication.sign_in(db, kept, KEY, email, password, "192.0.2.7", "")
            db.commit()
            results.append(result.why if isinstance(result, Refused) else "signed_in")
    engine.dispose()
    return results
