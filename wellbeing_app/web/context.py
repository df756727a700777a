"""What every view may lean on: this request's database session, who is asking, and the service's choices.

The session commits once, after the view and before the answer leaves: what a page calls saved, is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, g, session
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.local import LocalProxy

from wellbeing_app.config import Settings
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import settings as service_settings
from wellbeing_app.services.access import Actor
from wellbeing_app.services.passwords import Passwords
from wellbeing_app.services.settings import ServiceSettings

EXTENSION = "wellbeing"


@dataclass(frozen=True)
class House:
    """What the app holds for as long as it runs."""

    settings: Settings
    sessions: sessionmaker[Session]
    passwords: Passwords

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session outside of any request, committed at the end."""
        with self.sessions() as own, own.begin():
            yield own


def init_app(app: Flask, settings: Settings, sessions: sessionmaker[Session] | None) -> None:
    """Give the app its database and the commit at the end of each request."""
    sessions = sessions or session_factory(create_engine_for(settings.database_url))
    app.extensions[EXTENSION] = House(settings, sessions, Passwords(settings.password_cost))
    app.after_request(_commit)
    app.teardown_request(_close)


def house() -> House:
    """What the running app holds."""
    return cast(House, current_app.extensions[EXTENSION])


def forget_writes() -> None:
    """Undo what this request has not committed, and take back what it meant to say about it."""
    session.pop("_flashes", None)
    if "db" in g:
        g.db.rollback()


def _session() -> Session:
    if "db" not in g:
        g.db = house().sessions()
    return cast(Session, g.db)


def signed_in() -> Actor | None:
    """Who is asking, if they are signed in. Behind a guard, `actor` is the shorter word."""
    return cast("Actor | None", g.get("actor"))


def _service() -> ServiceSettings:
    if "service" not in g:
        g.service = service_settings.read(_session())
    return cast(ServiceSettings, g.service)


def _commit(response: Response) -> Response:
    if "db" in g:
        g.db.commit()
    return response


def _close(_error: BaseException | None) -> None:
    if "db" in g:
        g.pop("db").close()


db = cast(Session, LocalProxy(_session))
actor = cast(Actor, LocalProxy(signed_in))
service = cast(ServiceSettings, LocalProxy(_service))
