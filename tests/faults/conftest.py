"""Says what the faults came upon: the seed to have the same again, and how much was put to the proof."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            seen = "; ".join(f"{name}: {value}" for name, value in report.user_properties)
            if seen and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {seen}")
