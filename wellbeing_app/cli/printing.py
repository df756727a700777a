"""Printing a form without the app: to look at one, to try a printer, to score a reader of scans."""

from __future__ import annotations

import json
import os
from pathlib import Path
from uuid import UUID

import click

from wellbeing_app.cli.setting import engine_for, read_settings
from wellbeing_app.config import PREFIX
from wellbeing_app.model.database import session_factory
from wellbeing_app.paper import piles, press, sheets
from wellbeing_app.paper.codes import AddressTooLong
from wellbeing_app.paper.layout import LayoutBroken
from wellbeing_app.paper.press import Copy
from wellbeing_app.paper.print import Unavailable
from wellbeing_app.paper.words import SOURCE, UnknownLanguage
from wellbeing_app.services import codes

A_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("print-form")
@click.option("--blank", is_flag=True, required=True, help="A specimen: the service does not know its code.")
@click.option(
    "--form",
    "name",
    type=click.Choice(tuple(sheets.FORMS)),
    default="survey",
    show_default=True,
    help="Which.",
)
@click.option("--language", default=SOURCE, show_default=True, help="A language the app has.")
@click.option("--out", type=A_FILE, required=True, help="The PDF to write.")
@click.option("--layout-out", type=A_FILE, help="Also write where each box is, as JSON.")
def print_form(*, blank: bool, name: str, language: str, out: Path, layout_out: Path | None) -> None:
    """Print a blank form to a PDF.

    Needs no database, no key and no running app. Forms that are to come back are printed in the app, which
    remembers their codes.
    """
    public_url = os.environ.get(PREFIX + "PUBLIC_URL", "http://127.0.0.1:8080")
    copy = Copy(codes.new_token(specimen=blank), codes.new_form_code(specimen=blank))
    try:
        printed = press.one(sheets.FORMS[name], language, copy, public_url, for_nobody=blank)
    except (UnknownLanguage, AddressTooLong, LayoutBroken) as problem:
        raise click.ClickException(str(problem)) from problem
    except Unavailable as problem:
        raise click.ClickException(
            f"PDF files are off. For them: apt-get install {' '.join(problem.args)}"
        ) from problem
    out.write_bytes(printed.pdf)
    click.echo(f"Wrote {out}: form {name}, version {printed.layout.version}, {language}.")
    if layout_out is not None:
        layout_out.write_text(json.dumps(printed.layout.as_dict(), indent=1) + "\n", encoding="utf-8")
        click.echo(f"Wrote {layout_out}.")


@click.command("print-batch")
@click.argument("batch_id", type=click.UUID)
def print_batch(batch_id: UUID) -> None:
    """Print a batch that the app was asked for, or go on with one that stopped.

    The app starts this by itself.
    """
    piles.bound()
    settings = read_settings()
    with engine_for(settings) as engine:
        done = piles.run(session_factory(engine), settings, batch_id)
    click.echo("Printed." if done else "There is nothing to do.")
