"""WebKit by its own driver: as much of the WebDriver protocol (W3C) as one journey needs, and no more."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.support.missing import needs

PACKAGE = "webkit2gtk-driver xvfb"
BROWSERS = Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SECONDS_TO_START = 30
PATIENCE = 20


class Refused(Exception):
    """The browser says no; the message is its own."""


class Browser:
    """One window of WebKit."""

    def __init__(self, address: str, browser: Path) -> None:
        self._address = address
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._session = "/session/" + self._ask("POST", "/session", {"capabilities": wanted})["sessionId"]

    def close(self) -> None:
        self._ask("DELETE", self._session)

    def go(self, url: str) -> None:
        self._ask("POST", f"{self._session}/url", {"url": url})

    def cookie(self, name: str, value: str) -> None:
        """One of the page's own site, which must be open."""
        self._ask("POST", f"{self._session}/cookie", {"cookie": {"name": name, "value": value, "path": "/"}})

    def do(self, script: str, *given: Any) -> Any:
        """What the function body `script` returns, waited for if it is a promise."""
        asynchronous = f"const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);\
            Promise.resolve((async () => {{ {script} }})()).then(done, error => done('broken: ' + error))"
        sent = {"script": asynchronous, "args": list(given)}
        return self._ask("POST", f"{self._session}/execute/async", sent)

    def until(self, script: str, *given: Any) -> Any:
        """What the script returns, once that is true."""
        end = time.monotonic() + PATIENCE
        while not (found := self.do(script, *given)) or str(found).startswith("broken: "):
            assert time.monotonic() < end, f"{found}; at {self.do('return location.href')}: {script}"
            time.sleep(0.1)
        return found

    def click(self, css: str) -> None:
        """As a pointer does, on the first that is shown."""
        element = self._shown(css)
        self._ask("POST", f"{self._session}/element/{element}/click", {})

    def type(self, css: str, text: str) -> None:
        self._ask("POST", f"{self._session}/element/{self._shown(css)}/value", {"text": text})

    def _shown(self, css: str) -> str:
        end = time.monotonic() + PATIENCE
        look = "return [...document.querySelectorAll(given[0])].find(one => one.checkVisibility())"
        while not (found := self.do(look, css)):
            assert time.monotonic() < end, f"{css} is never shown at {self.do('return location.href')}."
            time.sleep(0.1)
        return str(found[ELEMENT])

    def _ask(self, method: str, path: str, sent: Any = None) -> Any:
        body = None if sent is None else json.dumps(sent).encode()
        request = Request(self._address + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except HTTPError as refusal:
            raise Refused(refusal.read().decode()) from refusal


@contextmanager
def webkit(folder: Path) -> Iterator[Browser]:
    """WebKit on a screen that nobody sees. Nothing of it is left in the user's own folders."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browser = next(iter(sorted(BROWSERS)), None)
    if driver is None or screen is None or browser is None:
        needs(PACKAGE)
    reading, writing = os.pipe()
    server = [screen, "-displayfd", str(writing), "-screen", "0", "900x1100x24", "-nolisten", "tcp"]
    display = subprocess.Popen(server, pass_fds=[writing], stderr=subprocess.DEVNULL)
    try:
        os.close(writing)
        with os.fdopen(reading) as told:
            environment = _environment(folder, f":{told.readline().strip()}")
        with _driver(driver, environment) as address:
            window = Browser(address, browser)
            try:
                yield window
            finally:
                window.close()
    finally:
        display.terminate()
        display.wait(PATIENCE)


def _environment(folder: Path, display: str) -> dict[str, str]:
    homes = {name: str(folder) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    drawn = {"LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "NO_AT_BRIDGE": "1"}
    return {**os.environ, **homes, **drawn, "DISPLAY": display, "GDK_BACKEND": "x11"}


@contextmanager
def _driver(driver: str, environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([driver, f"--port={port}"], env=environment, **quiet)  # type: ignore[call-overload]
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(address: str) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        try:
            urlopen(f"{address}/status", timeout=5).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("WebKit's driver did not start.")
