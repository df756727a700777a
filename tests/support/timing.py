"""Says how long each part of `make test` took, and all of it so far."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

STARTED = time.time()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    parts = " ".join(Path(argument).name for argument in config.args)
    terminalreporter.write_line(f"Time of {parts}: {_since(STARTED)}")
    began = os.environ.get("SUITE_STARTED")
    if began:
        terminalreporter.write_line(f"Time of make test so far: {_since(float(began))}")


def _since(moment: float) -> str:
    minutes, seconds = divmod(round(time.time() - moment), 60)
    return f"{minutes} min {seconds} s"
