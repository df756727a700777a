"""The server behind `serve`: waitress, many threads in one process."""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click
import waitress
from flask import Flask

from wellbeing_app.config import Settings

THREADS = 8
WAITING = 128
LARGEST_REQUEST = 41_000_000  # pictures of forms; all else is held to a megabyte by the app
M_ARENA_MAX = -8  # glibc's name for how many heaps a process has


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The app's address, taken at once: whoever calls while the database is prepared, waits."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as taken:
        if os.name == "posix":  # elsewhere it would let two servers share the address
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((settings.host, settings.port))
            taken.listen(WAITING)
        except OSError as problem:
            raise click.ClickException(_sentence(problem, settings)) from problem
        yield taken


def run(app: Flask, taken: socket.socket, settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; what is being answered then is answered first."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, _end)
    _share_one_heap()
    waitress.serve(
        app,
        sockets=[taken],
        threads=THREADS,
        ident=None,
        max_request_body_size=LARGEST_REQUEST,
        # Where proxies are trusted, ProxyFix needs what they say.
        clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        _quiet=True,
    )


def _share_one_heap() -> None:
    """On glibc, have all threads share a heap: one each would keep some megabytes for nothing."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _sentence(problem: OSError, settings: Settings) -> str:
    where = f"{settings.host}:{settings.port}"
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Something else already listens on {where}. End it, or choose another port: "
            f"WELLBEING_PORT={settings.port + 1} make run"
        )
    return f"The app cannot listen on {where}: {problem.strerror}."
