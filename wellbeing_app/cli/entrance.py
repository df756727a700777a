"""Letting administrators in, and everybody out."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from wellbeing_app.cli.setting import database, read_settings
from wellbeing_app.services import accounts, audit, intake, rescue
from wellbeing_app.services.errors import NotFound
from wellbeing_app.services.links import FIRST_LINK_LASTS, LINK_LASTS


@click.command()
@click.option("--for", "email", help="The address of an administrator who needs a new password.")
def admin_link(email: str | None) -> None:
    """Make a one-time link for an administrator.

    For the first one, or with --for for one who is locked out. A link made earlier
    for the same purpose stops working.
    """
    settings = read_settings()
    with database(settings) as db:
        token = _for_locked_out(db, email) if email else _for_first(db)
    lasts = LINK_LASTS if email else FIRST_LINK_LASTS
    hours = int(lasts.total_seconds()) // 3600
    click.echo(f"Good once, for {hours} h:\n\n  {settings.public_url}/welcome#{token}\n")


@click.command()
def end_sessions() -> None:
    """Sign everybody out, on every browser."""
    with database(read_settings()) as db:
        ended = rescue.end_every_session(db)
    click.echo(f"Sign-ins ended: {ended}.")


@click.command()
def new_intake_key() -> None:
    """Make a new key that tablets seal answers to.

    They use it from their next contact on. The older ones are kept, to open what was
    sealed to them.
    """
    with database(read_settings()) as db:
        key = intake.make_key(db)
        audit.record(db, None, "intake_key_made", subject=f"intake key:{key.id}")
    click.echo(f"Tablets seal to the new key {key.id} from their next contact on.")


def _for_first(db: Session) -> str:
    token = accounts.first_administrator_link(db)
    if token is None:
        known = ", ".join(rescue.administrators(db))
        raise click.ClickException(
            f"Somebody administers this service already ({known}). "
            "For a new password for one of them: admin-link --for ADDRESS"
        )
    return token


def _for_locked_out(db: Session, email: str) -> str:
    try:
        return rescue.new_password_link(db, email)
    except NotFound as nobody:
        known = ", ".join(rescue.administrators(db)) or "nobody"
        raise click.ClickException(f"No administrator has the address {email}. Known: {known}.") from nobody
