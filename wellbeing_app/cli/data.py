"""Data out of the house and into it, by whoever owns the machine."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.cli.setting import engine_for, read_settings, ready_database
from wellbeing_app.exports import csvfile, privacy, reading
from wellbeing_app.exports.records import Records, parts
from wellbeing_app.exports.tables import LAYOUTS
from wellbeing_app.model import ImportBatch, Pathway, Staff
from wellbeing_app.model.database import session_factory
from wellbeing_app.services import clock, importing, levels
from wellbeing_app.services.importing import Options, Plan, Problem
from wellbeing_app.services.levels import Level

SHOWN = 20
LEVELS = [level.value for level in Level if level is not Level.AGGREGATE]
PATHWAYS = [one.value for one in Pathway]
WHOSE = "The address of the advisor whose people they are, where the file names none known here."
AGREED = "They agreed to the use of their answers for evaluation, where the file has no column for it."
LIKELY = "Take in also those who may be here already: same name, same day of birth."


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layout", type=click.Choice(LAYOUTS), default="long", help="A row per answer or episode.")
@click.option("--level", type=click.Choice(LEVELS), default="full", help="How much of the data.")
def export(file: Path, layout: str, level: str) -> None:
    """Write the data into a CSV file.

    The file is made for its owner only. It holds what the level says: full, no_free_text, or no_identifiers
    for research. docs/data.md has the columns.
    """
    with engine_for(read_settings()) as engine:
        sessions = session_factory(engine)
        pseudonymous = level == Level.NO_IDENTIFIERS
        rare = privacy.rare_groups(parts(sessions)) if pseudonymous else frozenset[privacy.Group]()
        with sessions.begin() as db:
            levels.release(db, None, Level(level), layout)
        private = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with open(private, "w", encoding="utf-8", newline="") as out:  # noqa: PTH123 - a descriptor, not a path
            out.writelines(csvfile.pieces(Records(Level(level), rare), layout, parts(sessions)))
    click.echo(f"Written: {file} ({file.stat().st_size:,} bytes).")


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
