"""Looking how things stand: the settings, and the state of the machine."""

from __future__ import annotations

import os

import click
from sqlalchemy.engine import make_url

from wellbeing_app.cli import checks
from wellbeing_app.cli.checks import Grade
from wellbeing_app.cli.setting import read_settings
from wellbeing_app.config import KEY_FILE, PREFIX, Settings

SAY = {Grade.WELL: "ok     ", Grade.CARE: "CARE   ", Grade.FAULT: "FAULT  "}


@click.command()
def settings() -> None:
    """List the settings and their sources.

    Secrets are not shown.
    """
    known = read_settings()
    for name, value in _values(known).items():
        source = "environment" if name in os.environ else "default"
        click.echo(f"{name:28} {value:44} {source}")
    click.echo(f"{'(secret key)':28} {'set':44} {known.instance / KEY_FILE}")


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check this machine.

    Looks at key, database, disk, PDF parts, fonts, clock, backups and address. Ends with 1
    where something is at fault.
    """
    found = list(checks.all_of(read_settings()))
    for finding in found:
        click.echo(f"{SAY[finding.grade]}{finding.subject}: {finding.sentence}")
    if any(finding.grade is Grade.FAULT for finding in found):
        context.exit(1)


def _values(known: Settings) -> dict[str, str]:
    return {
        PREFIX + "INSTANCE": str(known.instance),
        PREFIX + "HOST": known.host,
        PREFIX + "PORT": str(known.port),
        PREFIX + "PUBLIC_URL": known.public_url,
        PREFIX + "TRUSTED_PROXIES": str(known.trusted_proxies),
        "DATABASE_URL": make_url(known.database_url).render_as_string(hide_password=True),
    }
