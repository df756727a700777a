"""Sends prepared requests to a server, over several connections at once: `python -m benchmarks.load PORT`.

A process of its own, so that its work is not the server's. The first line it reads are the requests, each
with the status it must get; every further line is how many to send, and is answered by a line of latencies.
"""

from __future__ import annotations

import itertools
import json
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

CONNECTIONS = 8
Exchange = tuple[bytes, str]


class Connection:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, exchanges: Iterator[Exchange]) -> list[float]:
        """Send these, each when the one before was answered; returns the milliseconds each took."""
        taken = []
        for request, status in exchanges:
            began = time.perf_counter()
            self._socket.sendall(request)
            answer = self._answer()
            taken.append(1000 * (time.perf_counter() - began))
            if answer.split(b" ", 2)[1].decode() != status:
                raise RuntimeError(f"not {status}: {answer[:400].decode(errors='replace')}")
        return taken

    def _answer(self) -> bytes:
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        missing = _content_length(head) - len(body)
        while missing > 0:
            missing -= len(self._more())
        return head

    def _more(self) -> bytes:
        chunk = self._socket.recv(65536)
        if not chunk:
            raise RuntimeError("the server hung up")
        return chunk


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def main(port: int) -> None:
    """Do as the lines on the standard input say, until they end."""
    exchanges = [(request.encode(), status) for request, status in json.loads(sys.stdin.readline())]
    endless = itertools.cycle(exchanges)
    connections = [Connection(port) for _ in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for line in sys.stdin:
            portion = iter(list(itertools.islice(endless, int(line))))  # a list's iterator is safe to share
            taken = pool.map(Connection.send, connections, itertools.repeat(portion))
            print(json.dumps(sorted(itertools.chain(*taken))), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
