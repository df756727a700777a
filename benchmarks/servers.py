"""The app and hello behind the server that `make run` starts, and a process that asks them for pages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.measure import Work
from tests.support.server import PROJECT, LiveServer


class HelloServer(LiveServer):
    """Hello, at a port of its own. The instance folder tells it the settings, like the app."""

    command = ("benchmarks.hello",)


@contextmanager
def serving(server: LiveServer) -> Iterator[LiveServer]:
    """The server, as long as it is needed."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def load(server: LiveServer, exchanges: Sequence[tuple[str, str]]) -> Iterator[Load]:
    """A process that sends these requests to the server, each with the status it must get."""
    sender = Load(server.port, exchanges)
    try:
        yield sender
    finally:
        sender.end()


class Load:
    """Sends its requests over and over, as many as it is told at a time."""

    def __init__(self, port: int, exchanges: Sequence[tuple[str, str]]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load", str(port)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._tell(json.dumps(exchanges))
        self.latencies: list[float] = []

    def send(self, times: int) -> None:
        """Send that many, and wait for the answers."""
        self._tell(str(times))
        assert self._process.stdout is not None
        answered = self._process.stdout.readline()
        assert answered, "The load stopped; what it said is above."
        self.latencies += json.loads(answered)

    def end(self) -> None:
        """No more."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def work(self, turn: int) -> Work:
        """As something to measure."""
        return Work(self.send, turn)

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
