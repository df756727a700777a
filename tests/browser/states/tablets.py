"""The states of the office's pages about tablets: packing, what was held, and the tablets themselves."""

from __future__ import annotations

from tests.browser.states.acts import State

STATES = {
    "visits": State("asha", "/visits"),
    "visits: none planned": State("nia", "/visits"),
    "visits: the service's": State("mandy", "/visits?choose=all"),
}
