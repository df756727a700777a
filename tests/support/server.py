"""The app as a process of its own, started just as `make run` starts it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from sqlalchemy.orm import Session

from tests.support.people import Crew, hire, staff_of
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import sessions
from wellbeing_app.services.access import Actor

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROJECT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
OUR_OWN = ("WELLBEING_", "FLASK_", "DATABASE_URL")


class LiveServer:
    """A server with an instance folder of its own, and SQLite in it unless there is a `database_url`."""

    command: tuple[str, ...] = ("wellbeing_app", "serve")

    def __init__(self, instance: Path, database_url: str | None = None) -> None:
        self.instance = instance
        self.project = PROJECT
        self.database_url = database_url or f"sqlite:///{instance / 'wellbeing.sqlite'}"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = instance.parent / f"{instance.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers. After `kill` it comes back at the same address."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=self.project,
                env=self._environment(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self._wait_until_it_answers()

    @property
    def pid(self) -> int:
        """The number of the process that serves."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it at once, as a power cut would: SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(SECONDS_TO_STOP)

    def stop(self) -> None:
        """Ask it to end, and insist if it does not."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.kill()

    def output(self) -> str:
        """All that it printed so far."""
        return self._log.read_text(errors="replace")

    def first_link(self) -> str:
        """The one-time link for the first administrator, from what the last start printed."""
        links = re.findall(r"https?://\S+#\S+", self.output())
        assert links, f"No one-time link in:\n{self.output()}"
        return links[-1]

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session on the server's own database; what was written is committed at the end."""
        engine = create_engine_for(self.database_url)
        with session_factory(engine).begin() as db:
            yield db
        engine.dispose()

    def hire(self) -> Crew:
        """Give everybody an account on this server."""
        with self.database() as db:
            return hire(db)

    def sign_in(self, page: Page, actor: Actor) -> None:
        """From now on the page's browser is the actor's. (The sign-in form has its own tests.)"""
        with self.database() as db:
            token = sessions.start(db, staff_of(db, actor), "A browser in the tests")
        page.context.add_cookies([{"name": "wellbeing", "value": token, "url": self.url}])

    def _environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(OUR_OWN)}
        return {
            **inherited,
            "WELLBEING_INSTANCE": str(self.instance),
            "WELLBEING_PORT": str(self.port),
            "DATABASE_URL": self.database_url,
            "PYTHONUNBUFFERED": "1",
        }

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        until = time.monotonic() + SECONDS_TO_START
        while self._process.poll() is None and time.monotonic() < until:
            if self._answers():
                return
            time.sleep(0.05)
        raise AssertionError(f"The server did not start:\n{self.output()}")

    def _answers(self) -> bool:
        try:
            urlopen(f"{self.url}/health", timeout=5).close()
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
