"""A browser with a profile that outlives it, to be killed at any moment, as a flat battery would."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, Error, Page

from tests.support.browser import QUIET, TABLET, chromium

SECONDS_TO_START = 60


class KillableBrowser:
    """Chromium on one profile: after `kill`, `start` brings back what was on the disk."""

    def __init__(self, kind: BrowserType, profile: Path) -> None:
        self.profile = profile
        self._kind = kind
        self._process: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None

    def start(self) -> Page:
        """Start it, and take its page."""
        told = self.profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                chromium(),
                *QUIET,
                f"--user-data-dir={self.profile}",
                "--remote-debugging-port=0",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._browser = self._kind.connect_over_cdp(f"http://127.0.0.1:{self._port(told)}")
        page = self._browser.contexts[0].pages[0]
        page.set_viewport_size(TABLET)
        return page

    def kill(self) -> None:
        """All its processes at once: SIGKILL."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._browser is not None:
            with contextlib.suppress(Error):
                self._browser.close()

    def close(self) -> None:
        """Leave it as people do, so that it writes down what it has not yet."""
        assert self._browser is not None
        assert self._process is not None
        self._browser.new_browser_cdp_session().send("Browser.close")
        self._process.wait(SECONDS_TO_START)

    def _port(self, told: Path) -> int:
        assert self._process is not None
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(OSError, ValueError, IndexError):
                return int(told.read_text().splitlines()[0])
            time.sleep(0.02)
        raise AssertionError("Chromium did not start")
