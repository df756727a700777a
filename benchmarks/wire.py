"""A wire that counts: stands between a browser and the server, and adds up what comes down."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PIECE = 65536


class Wire:
    """`down`: the bytes that came from the server since the start, headers and all."""

    def __init__(self, to_port: int) -> None:
        self.down = 0
        self._to = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                browser, _address = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            for source, target, counts in ((browser, server, False), (server, browser, True)):
                threading.Thread(target=self._pass_on, args=(source, target, counts), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        try:
            while piece := source.recv(PIECE):
                self.down += len(piece) if counts else 0
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def close(self) -> None:
        self._listening.close()


@contextmanager
def counting(to_port: int) -> Iterator[Wire]:
    wire = Wire(to_port)
    yield wire
    wire.close()
