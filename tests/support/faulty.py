"""The network between a tablet and the server, with everything wrong with it that one asks for."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter, deque
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.server import LiveServer

STATUSES = (400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504)
AFTERWARDS = tuple(f"{status} afterwards" for status in (500, 502, 504))
FAULTS = (
    *("refused", "lost reply", "half a reply", "portal", "portal in JSON", "redirect", "another's receipt"),
    *("twice", "no receipts", *map(str, STATUSES), *AFTERWARDS),
)
PORTAL = b"<!doctype html><title>Welcome to the free network</title><p>Accept our terms to go on."
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
# So that every answer comes whole and unpacked, and what is changed on the way is read as such.
NOT_PASSED_ON = {*HOP_BY_HOP, "accept-encoding", "if-none-match"}


class FaultyNetwork:
    """Passes everything on to the server at `url`. `faults` happen to the next deliveries, one each."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.is_up = True
        self.faults: deque[str] = deque()
        self.worker_version = 0
        self.happened: Counter[str] = Counter()
        self._proxy = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._proxy.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._proxy.server_address[1]}"
        threading.Thread(target=self._proxy.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._proxy.shutdown()
        self._proxy.server_close()

    def next_fault(self) -> str:
        fault = self.faults.popleft() if self.faults else ""
        self.happened[fault or "delivered"] += 1
        return fault


def _handler(network: FaultyNetwork) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.network = network
    return Handler


class _Handler(BaseHTTPRequestHandler):
    network: FaultyNetwork
    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError, OSError):
            self.close_connection = True

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_HEAD(self) -> None:
        self._handle()

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.network.is_up:
            return self._cut()
        fault = self.network.next_fault() if self.path == "/sync" else ""
        if fault:
            return self._go_wrong(fault, body)
        answer, content = self._passed_on(body)
        if self.path == "/sw.js" and self.network.worker_version:
            content += f"\n// {self.network.worker_version}\n".encode()
        return self._answer(answer.status, answer.getheaders(), content)

    def _go_wrong(self, fault: str, body: bytes) -> None:
        if fault == "refused":
            return self._cut()
        if fault in ("lost reply", "half a reply", "another's receipt", "twice", "no receipts", *AFTERWARDS):
            return self._go_wrong_afterwards(fault, *self._passed_on(body), body)
        if fault == "portal":
            return self._answer(200, [("Content-Type", "text/html")], PORTAL)
        if fault == "portal in JSON":
            return self._answer(200, [("Content-Type", "application/json")], b'{"ok": true}')
        if fault == "redirect":
            return self._answer(302, [("Location", "/sign-in")], b"")
        return self._answer(int(fault), [("Content-Type", "text/html")], b"<h1>Something went wrong</h1>")

    def _go_wrong_afterwards(self, fault: str, answer: HTTPResponse, content: bytes, body: bytes) -> None:
        """The server has what was sent, and the tablet does not hear of it, or hears wrongly."""
        headers = answer.getheaders()
        if fault == "lost reply":
            return self._cut()
        if fault == "half a reply":
            self._answer(answer.status, headers, content[: len(content) // 2], says=len(content))
            return self._cut()
        if fault in AFTERWARDS:
            return self._answer(int(fault[:3]), [("Content-Type", "text/html")], b"")
        if fault == "twice":
            answer, content = self._passed_on(body)
        told = json.loads(content)
        if fault == "no receipts":
            told["receipts"] = []
        elif fault == "another's receipt":
            for receipt in told.get("receipts", []):
                receipt["sha256"] = "0" * 64
        return self._answer(answer.status, headers, json.dumps(told).encode())

    def _passed_on(self, body: bytes) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.network.server.port, timeout=20)
        try:
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON
            }
            connection.request(self.command, self.path, body, {**headers, "Content-Length": str(len(body))})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def _answer(
        self, status: int, headers: list[tuple[str, str]], content: bytes, says: int | None = None
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if says is None else says))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else content)

    def _cut(self) -> None:
        """As when the signal goes: no answer, and the line is dead."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
