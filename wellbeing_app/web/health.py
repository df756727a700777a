"""For the machine that watches over the app."""

from __future__ import annotations

from flask import Blueprint

from wellbeing_app.services import health
from wellbeing_app.web.context import db
from wellbeing_app.web.guard import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def check() -> tuple[str, int, dict[str, str]]:
    """200 and "ok" when the database answers."""
    health.ask_database(db)
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
