"""On what the figures were taken: the machine and the versions, without saying whose machine it is."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from wellbeing_app.model import sqlite
from wellbeing_app.services import clock

LIBRARIES = ("flask", "werkzeug", "jinja2", "wtforms", "sqlalchemy", "psycopg", "waitress")


def about(rounds: int) -> dict[str, str]:
    """What to know beside the table."""
    return {
        "date": f"{clock.today():%d %B %Y}",
        "machine": f"{os.cpu_count()} cores, {_processor()}, {platform.system()}, busy {_load()}",
        "rounds": f"{rounds} after one to warm up",
        "python": platform.python_version(),
        "sqlite": f"{sqlite.driver.sqlite_version}, journal {sqlite.journal_mode()}, synchronous FULL",
        "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    }


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _load() -> str:
    return f"with {os.getloadavg()[0]:.1f} processes on average in the last minute"
