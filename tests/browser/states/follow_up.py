"""The states of the pages about follow-ups: what is due, tries to reach somebody, the telephone."""

from __future__ import annotations

from tests.browser.states.acts import State, blank

STATES = {
    "follow-ups": State("asha", "/follow-ups"),
    "follow-ups: baselines": State("asha", "/follow-ups?show=baseline"),
    "follow-ups: none": State("nia", "/follow-ups"),
    "follow-ups: service": State("mandy", "/follow-ups?show=upcoming"),
    "follow-up": State("asha", "/episodes/{once.episode_id}/follow-up"),
    "follow-up: blank": State("asha", "/episodes/{once.episode_id}/follow-up", blank),
}
