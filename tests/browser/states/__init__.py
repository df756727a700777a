"""Every state of every page, by its name: a module for each part of the app, joined here."""

from __future__ import annotations

<<<<<<< HEAD
from tests.browser.states import follow_up, foundation, paper, tablets, talk, visits
=======
from tests.browser.states import follow_up, foundation, report, tablets
>>>>>>> bd4fb45 (The report's pages: figures as charts with their tables, value by editable assumptions, two periods, plain words, and paper)
from tests.browser.states.acts import State

STATES: dict[str, State] = {
    **follow_up.STATES,
    **foundation.STATES,
<<<<<<< HEAD
    **paper.STATES,
=======
    **report.STATES,
>>>>>>> bd4fb45 (The report's pages: figures as charts with their tables, value by editable assumptions, two periods, plain words, and paper)
    **tablets.STATES,
    **talk.STATES,
    **visits.STATES,
}

# Pages with a form in which nothing can be wrong.
NOTHING_CAN_BE_WRONG = {"self_completion.check", "paper.for_ticket", "paper.batch"}

__all__ = ["NOTHING_CAN_BE_WRONG", "STATES", "State"]
