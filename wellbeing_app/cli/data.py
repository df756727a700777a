"""Data out of the house and into it, by whoever owns the machine."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.cli.setting import engine_for, read_settings, ready_database
from wellbeing_app.exports import files, reading, workbook
from wellbeing_app.model import ImportBatch, Pathway, Staff
from wellbeing_app.model.database import session_factory
from wellbeing_app.services import clock, importing, levels
from wellbeing_app.services.importing import Options, Plan, Problem
from wellbeing_app.services.levels import Level

SHOWN = 20
WHAT = [*files.KINDS, *files.WITHOUT_PEOPLE]
LEVELS = [level.value for level in Level if level is not Level.AGGREGATE]
PATHWAYS = [one.value for one in Pathway]
WHOSE = "The address of the advisor whose people they are, where the file names none known here."
AGREED = "They agreed to the use of their answers for evaluation, where the file has no column for it."
LIKELY = "Take in also those who may be here already: same name, same day of birth."


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--what", type=click.Choice(WHAT), default="csv_long", help="Which kind of file.")
@click.option("--level", type=click.Choice(LEVELS), default="full", help="How much of the data.")
def export(file: Path, what: str, level: str) -> None:
    """Write the data, the codebook or the questionnaire into a file.

    The file is made for its owner only. It holds what the level says: full, no_free_text, or no_identifiers
    for research. docs/data.md has the columns.
    """
    with _private(file) as out:
        if what in files.WITHOUT_PEOPLE:
            files.write(out, files.WITHOUT_PEOPLE[what], Level(level), _no_sessions)
        else:
            _with_people(out, files.KINDS[what], Level(level))
    click.echo(f"Written: {file} ({file.stat().st_size:,} bytes).")


def _with_people(out: IO[bytes], kind: files.Kind, level: Level) -> None:
    with engine_for(read_settings()) as engine:
        sessions = session_factory(engine)
        with sessions.begin() as db:
            levels.release(db, None, level, kind.name)
        try:
            files.write(out, kind, level, sessions)
        except workbook.TooLong as problem:
            raise click.ClickException("These are more rows than a workbook holds: take CSV.") from problem


@contextmanager
def _private(file: Path) -> Iterator[IO[bytes]]:
    """A new file beside it that only its owner reads, put in its place when it is whole."""
    draft = file.with_name(file.name + ".part")
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as out:
            yield out
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _no_sessions() -> Session:
    raise AssertionError("there is nobody in this file")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--advisor", help=WHOSE)
@click.option("--pathway", type=click.Choice(PATHWAYS), default=PATHWAYS[0], help="Where the file has none.")
@click.option("--agreed", is_flag=True, help=AGREED)
@click.option("--with-likely", is_flag=True, help=LIKELY)
def import_file(file: Path, *, dry_run: bool, advisor: str | None, **chosen: Any) -> None:
    """Take in people and their surveys from a CSV file or a workbook.

    Reads what `export` writes, and other tables whose columns are called alike. All of it or nothing: where a
    row cannot be taken in, it says which and why. On a machine that has no database yet, it makes one.
    """
    with ready_database() as db:
        chosen["pathway"] = Pathway(chosen["pathway"])
        options = Options(advisor_id=_advisor(db, advisor), **chosen)
        planned = _planned(db, file, options)
        _tell(planned, dry_run)
        if dry_run or not planned.people:
            return
        actor = importing.on_the_machine(db)
        batch = ImportBatch(id=uuid.uuid4(), file_name=file.name[:200], at=clock.now(), by_id=actor.id)
        db.add(batch)
        db.flush()
        importing.write(db, actor, batch, planned, options)
    click.echo("Taken in.")


def _planned(db: Session, file: Path, options: Options) -> Plan:
    try:
        table = reading.read(file.name, file.read_bytes())
        mapping = importing.guess(table.header)
        gathered = importing.gather(table.header, mapping, table.rows)
    except reading.Unreadable as problem:
        raise click.ClickException(f"{file} is no table that can be read ({problem}).") from problem
    unused = [heading for heading in table.header if heading not in mapping.values()]
    if unused:
        click.echo(f"Columns not used: {', '.join(unused)}.")
    return importing.plan(db, gathered, options)


def _tell(planned: Plan, dry_run: bool) -> None:
    _lines("Row {0.row}, {0.column}: {0.code} ({0.value})", planned.warnings)
    if planned.problems:
        _lines("Row {0.row}, {0.column}: {0.code} {0.value}", planned.problems)
        raise click.ClickException(f"Nothing was changed. To put right first: {len(planned.problems)}.")
    new = f"{planned.new_people} people, {planned.new_episodes} episodes, {planned.new_surveys} surveys"
    click.echo(f"{'Would be new' if dry_run else 'New'}: {new}.")
    click.echo(
        f"Here already: {planned.already} surveys. Left out as likely here: {planned.left_out} people."
    )
    if planned.new_people:
        click.echo(f"Agreed to the use for evaluation, and so in the report: {planned.agreed} people.")
        if not planned.agreed:
            click.echo("If they did agree, say --agreed.")


def _lines(form: str, problems: Sequence[Problem]) -> None:
    for problem in problems[:SHOWN]:
        click.echo(form.format(problem).rstrip(), err=True)
    if len(problems) > SHOWN:
        click.echo(f"… and {len(problems) - SHOWN} more.", err=True)


def _advisor(db: Session, email: str | None) -> uuid.UUID | None:
    if email is None:
        return None
    found = db.scalar(select(Staff.id).where(Staff.email == email.strip().casefold()))
    if found is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    return found
