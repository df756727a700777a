"""Drawing a batch of summaries, which the app starts by itself in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import click
from flask import Flask

from wellbeing_app.cli.setting import read_settings
from wellbeing_app.config import Settings
from wellbeing_app.paper import piles


@click.command("draw-summaries")
@click.argument("batch_id", type=click.UUID)
@click.pass_obj
def draw_summaries(make_app: Callable[[Settings], Flask], batch_id: UUID) -> None:
    """Draw a batch of summaries that the app was asked for, or go on with one that stopped.

    The app starts this by itself.
    """
    piles.bound()
    app = make_app(read_settings())
    done = app.extensions["draw_summaries"](batch_id)
    click.echo("Drawn." if done else "There is nothing to do.")
