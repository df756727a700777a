"""The commands: `python -m wellbeing_app …`.

None but `serve` and `demo` builds the app, so that the others work when it can't be built.
"""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import OperationalError

from wellbeing_app.cli import entrance, keeping, looking, serving
from wellbeing_app.config import UnsafeSettings
from wellbeing_app.migrations import NewerDatabase
from wellbeing_app.services.backup import BackupFailed
from wellbeing_app.services.instance import InUse

SENTENCES = (UnsafeSettings, NewerDatabase, BackupFailed, InUse)


class Commands(click.Group):
    """Says what is wrong, and what to do about it, in a sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SENTENCES as problem:
            raise click.ClickException(str(problem)) from problem
        except OperationalError as problem:
            raise click.ClickException(f"The database does not answer: {problem.orig}") from problem


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Run the well-being survey and look after it."""


for command in (
    serving.serve,
    serving.demo,
    serving.demo_wipe,
    keeping.migrate,
    keeping.backup,
    keeping.verify_backup,
    keeping.restore,
    entrance.admin_link,
    entrance.end_sessions,
    looking.settings,
    looking.doctor,
):
    commands.add_command(command)
