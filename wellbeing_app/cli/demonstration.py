"""The demo's own folder: its mark, and the table of who signs in how."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import Engine

from wellbeing_app.config import DEMO_MARK, Settings
from wellbeing_app.model.database import session_factory
from wellbeing_app.services import demo, instance
from wellbeing_app.services.demo import SignIn
from wellbeing_app.services.passwords import Passwords

SIGN_INS = "sign-ins.txt"


def mark(folder: Path) -> None:
    """From now on every page from this folder says that its data are invented."""
    instance.write_once(folder / DEMO_MARK, "The people in this folder are invented.\n")


def offer_sign_ins(settings: Settings, engine: Engine) -> None:
    """Invent the people, if that was not done yet; say how to sign in."""
    table = settings.instance / SIGN_INS
    with session_factory(engine).begin() as db:
        if demo.is_empty(db):
            click.echo("Inventing some 60 people …")
            sign_ins = demo.load(db, Passwords(settings.password_cost))
            table.unlink(missing_ok=True)
            instance.write_once(table, _as_table(sign_ins))
    click.echo(f"Invented data. To sign in (this table is in {table}):\n\n{table.read_text('utf-8')}")


def _as_table(sign_ins: Sequence[SignIn]) -> str:
    return "".join(f"  {one.email:22} {one.password:16} {one.name}, {_role(one)}\n" for one in sign_ins)


def _role(one: SignIn) -> str:
    role = one.role.value.replace("_", " ")
    return f"{role} ({one.team})" if one.team else role
