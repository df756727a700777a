"""Every state of every page, by its name: a module for each part of the app, joined here."""

from __future__ import annotations

from tests.browser.states import data, follow_up, foundation, paper, report, tablets, talk, visits
from tests.browser.states.acts import State

STATES: dict[str, State] = {
    **data.STATES,
    **follow_up.STATES,
    **foundation.STATES,
    **paper.STATES,
    **report.STATES,
    **tablets.STATES,
    **talk.STATES,
    **visits.STATES,
}

# Pages with a form in which nothing can be wrong, or whose errors are states of the page that leads there.
NOTHING_CAN_BE_WRONG = {
    "ledger.closed",
    "self_completion.check",
    "paper.for_ticket",
    "paper.batch",
    "scans.reading",
    "entry.scanned",
    "importing.check",
}

__all__ = ["NOTHING_CAN_BE_WRONG", "STATES", "State"]
