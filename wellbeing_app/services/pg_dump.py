"""Copies of a PostgreSQL database, by PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import URL, make_url

IN_ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "username": "PGUSER", "password": "PGPASSWORD"}
PATIENCE = 3600


class Unavailable(Exception):
    """The program is not here, or did not do it; the message says which."""


def dump(database_url: str, to: Path) -> None:
    """Copy the whole database into a file that `pg_restore` reads, and have that look it over."""
    url = make_url(database_url)
    _run(["pg_dump", "--format=custom", "--no-password", f"--file={to}"], url)
    _run(["pg_restore", "--list", str(to)], url)


def _run(command: list[str], url: URL) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise Unavailable(f"{command[0]} is not here (Debian: apt-get install postgresql-client).")
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, with arguments made here
        [program, *command[1:]],
        env={**os.environ, **_environment(url)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    if done.returncode != 0:
        raise Unavailable(f"{command[0]} says: {done.stderr.strip()}")


def _environment(url: URL) -> dict[str, str]:
    """The way to the database, where other users of the machine cannot read it off the command line."""
    parts = {"PGDATABASE": url.database or "", "PGCONNECT_TIMEOUT": "10"}
    for name, variable in IN_ENVIRONMENT.items():
        value = getattr(url, name) or url.query.get(name)
        if value:
            parts[variable] = str(value)
    if "sslmode" in url.query:
        parts["PGSSLMODE"] = str(url.query["sslmode"])
    return parts
