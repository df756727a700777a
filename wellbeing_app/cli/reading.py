"""Reading scans without the app: to try a scanner, and to score the reader."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from wellbeing_app.cli.setting import engine_for, read_settings
from wellbeing_app.model.database import session_factory
from wellbeing_app.paper import readings
from wellbeing_app.paper.reader import missing
from wellbeing_app.paper.reader.bounded import Reader

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("read-form")
@click.argument("files", nargs=-1, required=True, type=A_FILE)
@click.option("--layout", type=A_FILE, required=True, help="Where the boxes are, from print-form.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each page.")
def read_form(*, files: tuple[Path, ...], layout: Path, as_json: bool) -> None:
    """Read ticked forms from scans or photos.

    Needs no database, no key and no running app, but the packages of requirements-reader.txt.
    Nothing is kept.
    """
    if missing():
        raise click.ClickException(
            f"Reading is off: {', '.join(missing())} missing. "
            "For it: pip install --require-hashes -r requirements-reader.lock"
        )
    try:
        layouts = [json.loads(layout.read_text(encoding="utf-8"))]
        layouts[0]["boxes"][0]["rect_mm"], layouts[0]["page_mm"], layouts[0]["marks"]
    except (ValueError, KeyError, IndexError, TypeError) as problem:
        raise click.ClickException(f"{layout} is no layout that print-form wrote.") from problem
    with Reader(layouts) as reader:
        for file in files:
            content = file.read_bytes()
            for page in reader.pages(content, of=reader.count(content)):
                told = {"file": str(file), **page}
                click.echo(json.dumps(told) if as_json else _in_words(told))


@click.command("read-waiting")
def read_waiting() -> None:
    """Read the pictures that wait in the app, or go on where reading stopped.

    The app starts this by itself. One reads at a time.
    """
    if sys.platform != "win32":
        os.nice(5)
    settings = read_settings()
    with engine_for(settings) as engine:
        taken = readings.run(session_factory(engine), settings)
    click.echo("Read." if taken else "There is nothing to do.")


def _in_words(told: dict[str, object]) -> str:
    name = f"{told['file']}, page {told['page']}"
    if told["status"] == "refused":
        return f"{name}: refused ({told['reason']})"
    rows = told["rows"]
    assert isinstance(rows, list)
    answers = " ".join(str(row["value"] or {"blank": "-", "unsure": "?"}[row["status"]]) for row in rows)
    return f"{name}: {answers}"
