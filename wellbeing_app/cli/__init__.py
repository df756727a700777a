"""The commands: `python -m wellbeing_app NAME`, or `flask NAME`.

None but `serve` and `demo` builds the app, so that the others work when it can't be built.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import OperationalError

from wellbeing_app.cli import (
    data,
    entrance,
    evaluating,
    keeping,
    looking,
    printing,
    reading,
    serving,
    summaries,
)
from wellbeing_app.config import UnsafeSettings
from wellbeing_app.migrations import NewerDatabase
from wellbeing_app.services.backup import BackupFailed
from wellbeing_app.services.instance import InUse

COMMANDS = (
    serving.serve,
    serving.demo,
    serving.demo_wipe,
    keeping.migrate,
    keeping.backup,
    keeping.verify_backup,
    keeping.restore,
    keeping.count_due,
    entrance.admin_link,
    entrance.end_sessions,
    entrance.new_intake_key,
    looking.settings,
    looking.doctor,
    printing.print_form,
    reading.read_form,
    reading.read_waiting,
    printing.print_batch,
    summaries.draw_summaries,
    evaluating.report,
    data.export,
    data.import_file,
)
"""Every command. A line here, and both doors have it."""

SENTENCES = (UnsafeSettings, NewerDatabase, BackupFailed, InUse)


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """Say what is wrong, and what to do about it, in a sentence instead of a traceback."""
    try:
        yield
    except SENTENCES as problem:
        raise click.ClickException(str(problem)) from problem
    except OperationalError as problem:
        raise click.ClickException(f"The database does not answer: {problem.orig}") from problem


class Commands(click.Group):
    """The group behind `python -m wellbeing_app`."""

    def invoke(self, ctx: click.Context) -> Any:
        with _in_a_sentence():
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Run the well-being survey and look after it."""


for command in COMMANDS:
    commands.add_command(command)


def join(others: click.Group, make_app: Callable[..., Flask]) -> None:
    """Put them among Flask's own commands; `make_app` is what `serve` and `demo` build the app with."""
    for command in COMMANDS:
        joined = copy.copy(command)
        assert joined.callback is not None
        joined.callback = _in_a_sentence()(joined.callback)
        joined.context_settings = {**joined.context_settings, "obj": make_app}
        others.add_command(joined)
