"""Looking after the database: its version, its copies."""

from __future__ import annotations

import os
from pathlib import Path

import click

from wellbeing_app.cli.setting import database, engine_for, read_settings
from wellbeing_app.config import Settings, instance_folder
from wellbeing_app.model.database import session_factory
from wellbeing_app.services import backup as backups
from wellbeing_app.services import due, instance, rescue, upkeep

WITHOUT_COPY = click.option(
    "--no-backup", is_flag=True, help="Migrate without a copy of the database made first (not advised)."
)
FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@WITHOUT_COPY
def migrate(*, no_backup: bool) -> None:
    """Bring the database to this version.

    A copy of the database as it was is kept. Stop the app first.
    """
    settings = read_settings()
    with instance.hold(settings.instance):
        engine = upkeep.open_database(settings)
        tell_of_migration(upkeep.bring_up_to_date(engine, settings, copy_first=not no_backup))
        engine.dispose()
    click.echo("The database is up to date.")


@click.command()
@click.option("--to", type=click.Path(path_type=Path), help="The file to write, instead of a dated one.")
def backup(to: Path | None) -> None:
    """Copy the database, and check the copy.

    The app may go on running. Without --to, copies go into the instance folder, where the last 14
    stay. Take them to another machine.
    """
    settings = read_settings()
    with engine_for(settings):
        file = backups.make(settings.database_url, _folder(settings), to)
    click.echo(f"{file} ({file.stat().st_size:,} bytes), checked: all well.")


@click.command()
@FILE
def verify_backup(file: Path) -> None:
    """Check a copy of an SQLite database.

    Says whether it can be restored, and what it holds.
    """
    contents = backups.verify(file)
    click.echo(
        f"All well: version {contents.revision}, people: {contents.people}, surveys: {contents.surveys}."
    )


@click.command()
@FILE
@click.option("--replace", is_flag=True, help="Exchange a database that is there; it is set aside, not lost.")
def restore(file: Path, *, replace: bool) -> None:
    """Put a copy in the database's place.

    For SQLite, also on a machine that has nothing yet. Stop the app first. Everybody has to sign in
    again, and one-time links lapse: those in the copy may have been ended since.
    """
    instance.prepare(instance_folder(os.environ))  # a machine that takes over has no key yet
    settings = read_settings()
    file_in_use = instance.sqlite_file(settings.database_url)
    if file_in_use is None:
        raise click.ClickException(
            "This is for SQLite. PostgreSQL, into an empty database: pg_restore --exit-on-error --dbname=…"
        )
    if file_in_use.exists() and not replace:
        raise click.ClickException(f"{file_in_use} is there. To exchange it, say --replace.")
    with instance.hold(settings.instance):
        aside = backups.restore(file, file_in_use, _folder(settings))
        _make_usable(settings)
    click.echo(f"Restored {file_in_use}." + (f" The one before is now {aside}." if aside else ""))


@click.command()
def count_due() -> None:
    """Count again which follow-ups are due, for everybody.

    The app keeps this in step by itself. For after a repair of the database by other means.
    """
    with database(read_settings()) as db:
        made = due.rebuild(db, lambda done, of: click.echo(f"{done:,} of {of:,} episodes", err=True))
    click.echo(f"Follow-ups counted: {made:,}.")


def tell_of_migration(copy: Path | None) -> None:
    """Say where the copy made before a migration is."""
    if copy is not None:
        click.echo(f"The database was migrated. A copy of it as it was: {copy}")


def _make_usable(settings: Settings) -> None:
    engine = upkeep.open_database(settings)
    upkeep.bring_up_to_date(engine, settings, copy_first=False)
    with session_factory(engine).begin() as db:
        rescue.end_every_session(db)
        rescue.lapse_every_link(db)
    engine.dispose()


def _folder(settings: Settings) -> Path:
    return settings.instance / instance.BACKUPS
