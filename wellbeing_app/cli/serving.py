"""Starting the app: on one's own data, or on invented people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import Engine

from wellbeing_app.cli import demonstration, server
from wellbeing_app.cli.keeping import WITHOUT_COPY, tell_of_migration
from wellbeing_app.config import Settings, instance_folder
from wellbeing_app.model.database import session_factory
from wellbeing_app.paper import libraries
from wellbeing_app.services import accounts, instance, upkeep
from wellbeing_app.services.importing import batches

MakeApp = Callable[[Settings], Flask]
Prepare = Callable[[Settings, Engine], None]
DEMO_FOLDER = "demo"


@click.command()
@WITHOUT_COPY
@click.pass_obj
def serve(make_app: MakeApp, *, no_backup: bool) -> None:
    """Start the app on this machine.

    Makes the instance folder, key and database where there are none, migrates the database after a backup,
    and serves until Ctrl-C.
    """
    _start(make_app, os.environ, _offer_first_link, copy_first=not no_backup)


@click.command()
@click.pass_obj
def demo(make_app: MakeApp) -> None:
    """Start the app with invented people to look around.

    They live in a folder of their own, apart from your data. The table of sign-ins is kept there too.
    """
    folder = _demo_folder()
    instance.prepare(folder)
    demonstration.mark(folder)
    environ = {**os.environ, "WELLBEING_INSTANCE": str(folder)}
    environ.pop("DATABASE_URL", None)
    _start(make_app, environ, demonstration.offer_sign_ins)


@click.command()
def demo_wipe() -> None:
    """Throw the demo's data away, and nothing else."""
    folder = _demo_folder()
    if not folder.exists():
        click.echo("There is no demo data.")
        return
    with instance.hold(folder):
        shutil.rmtree(folder)
    click.echo(f"Wiped {folder}.")


def _start(
    make_app: MakeApp, environ: Mapping[str, str], prepare: Prepare, *, copy_first: bool = True
) -> None:
    folder = instance_folder(environ)
    instance.prepare(folder)
    settings = Settings.from_environment(environ)
    with instance.hold(folder), server.listening(settings) as socket:
        engine = upkeep.open_database(settings)
        tell_of_migration(upkeep.bring_up_to_date(engine, settings, copy_first=copy_first))
        with session_factory(engine).begin() as db:
            batches.expire(db)
        app = make_app(settings)
        prepare(settings, engine)
        engine.dispose()
        _tell_about_pdf()
        click.echo(f"The app runs at {settings.public_url} until Ctrl-C.")
        server.run(app, socket, settings)
    click.echo("Ended.")


def _offer_first_link(settings: Settings, engine: Engine) -> None:
    """While nobody administers the service, say how the first one gets in."""
    with session_factory(engine).begin() as db:
        token = accounts.first_administrator_link(db)
    if token is not None:
        click.echo(
            "Nobody administers this service yet. Whoever opens this link first, within an hour, will:\n"
        )
        click.echo(f"  {settings.public_url}/welcome#{token}\n")


def _tell_about_pdf() -> None:
    missing = libraries.missing()
    if missing:
        click.echo(f"PDF files: off. For them: apt-get install {' '.join(missing)}")
    else:
        click.echo("PDF files: on.")


def _demo_folder() -> Path:
    return instance_folder(os.environ) / DEMO_FOLDER
