"""What the commands stand on: the settings of this machine, and its database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wellbeing_app import migrations
from wellbeing_app.config import Settings, instance_folder
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import instance, upkeep


def read_settings() -> Settings:
    """The settings, as the environment has them; raises `UnsafeSettings`."""
    return Settings.from_environment(os.environ)


@contextmanager
def engine_for(settings: Settings) -> Iterator[Engine]:
    """An engine for a database that exists, whatever its version."""
    file = instance.sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        raise click.ClickException(f"There is no database {file} yet. 'make run' makes one.")
    engine = create_engine_for(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def database(settings: Settings) -> Iterator[Session]:
    """A session on a database of today's version, committed at the end."""
    with engine_for(settings) as engine:
        if upkeep.is_behind(engine):
            at = migrations.current(engine) or "nothing"
            raise click.ClickException(f"The database is at version {at}. Run 'migrate' first.")
        with session_factory(engine).begin() as db:
            yield db


@contextmanager
def ready_database() -> Iterator[Session]:
    """The same for a machine that may be new: what is missing is made, as `serve` does."""
    instance.prepare(instance_folder(os.environ))
    settings = read_settings()
    engine = upkeep.open_database(settings)
    try:
        if upkeep.is_behind(engine):
            with instance.hold(settings.instance):
                upkeep.bring_up_to_date(engine, settings)
        with session_factory(engine).begin() as db:
            yield db
    finally:
        engine.dispose()
