"""The states of the pages about follow-ups: what is due, tries to reach somebody, the telephone."""

from __future__ import annotations

from tests.browser.states.acts import State, blank, nobody_answered

STATES = {
    "follow-ups": State("asha", "/follow-ups"),
    "follow-ups: baselines": State("asha", "/follow-ups?show=baseline"),
    "follow-ups: none": State("nia", "/follow-ups"),
    "follow-ups: service": State("mandy", "/follow-ups?show=upcoming"),
    "follow-up": State("asha", "/episodes/{once.episode_id}/follow-up"),
    "follow-up: blank": State("asha", "/episodes/{once.episode_id}/follow-up", blank),
    "follow-up: rang": State("asha", "/episodes/{full.episode_id}/follow-up", nobody_answered),
    "follow-up: closed": State("asha", "/episodes/{closed.episode_id}/follow-up"),
}
