"""The states of the pages about paper: printing forms, and typing them in."""

from __future__ import annotations

from tests.browser.states.acts import State, blank

STATES = {
    "print forms": State("asha", "/paper"),
    "print forms: nobody chosen": State("asha", "/paper", blank),
    "print forms: none planned": State("nia", "/paper"),
    "print a form": State("asha", "/paper/{full.ticket_id}"),
    "pile": State("asha", "/paper/piles/{pile.batch_id}"),
}
