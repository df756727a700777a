"""The states of the report, and of the ledger behind it."""

from __future__ import annotations

from tests.browser.states.acts import State

STATES = {
    "report": State("mandy", "/report?cost=394300"),
    "report: shared": State("eve", "/report"),
    "report: nobody": State("mandy", "/report?since=1990-01-01&until=1990-12-31"),
    "report: no period": State("mandy", "/report?since=2026-02-01&until=2026-01-01"),
    "report: plain": State("mandy", "/report/plain"),
    "report: compared": State("eve", "/report/compare"),
}
