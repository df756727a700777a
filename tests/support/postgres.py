"""A PostgreSQL server of our own, from the system's programs, on a socket in a temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from tests.support.missing import needs

SECONDS_TO_START = 60
FAST_RATHER_THAN_SAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def postgres_server(settings: Sequence[str] = FAST_RATHER_THAN_SAFE) -> Iterator[str]:
    """Start a server and stop it afterwards; the value is its address, to be given to `new_database`.

    Without `settings` it is as durable as PostgreSQL is by itself.
    """
    folder = Path(tempfile.mkdtemp(prefix="wellbeing-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _make_cluster(folder)
        with _running(folder, settings):
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, like: str | None = None) -> str:
    """The address of a database that nobody has used yet, on a server that runs: empty, or a copy."""
    name = f"test_{uuid.uuid4().hex}"
    at = make_url(server)
    model = make_url(like).database if like else None
    with psycopg.connect(host=str(at.query["host"]), user="postgres", autocommit=True) as connection:
        command = SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(command.format(Identifier(name), Identifier(model or "template1")))
    return at.set(database=name).render_as_string()


def programs() -> Path:
    """The folder of the newest PostgreSQL here."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name)
    )
    if installed:
        return installed[-1]
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else needs("postgresql")


def _make_cluster(folder: Path) -> None:
    command = ["initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "--no-sync"]
    made = subprocess.run(
        _unprivileged([*command, "--encoding=UTF8", "--locale=C.UTF-8"]),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, f"initdb failed: {made.stderr}"


@contextmanager
def _running(folder: Path, settings: Sequence[str]) -> Iterator[None]:
    options = [part for setting in ("listen_addresses=", *settings) for part in ("-c", setting)]
    command = _unprivileged(["postgres", "-D", f"{folder}/data", "-k", str(folder), *options])
    log = folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(command, cwd=folder, stdout=output, stderr=output) as server,
    ):
        try:
            _wait_until_ready(folder, server, log)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=SECONDS_TO_START)


def _unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root. Under Linux it also ends when the tests are killed."""
    command = [str(programs() / command[0]), *command[1:]]
    if not shutil.which("setpriv"):
        return command
    identity = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *identity, "--pdeathsig", "QUIT", *command]


def _wait_until_ready(folder: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"PostgreSQL did not start: {log.read_text()}")
