"""The states of the pages about follow-ups: what is due, tries to reach somebody, the telephone."""

from __future__ import annotations

from tests.browser.states.acts import State, blank, continue_without, nobody_answered, press

STATES = {
    "follow-ups": State("asha", "/follow-ups"),
    "follow-ups: baselines": State("asha", "/follow-ups?show=baseline"),
    "follow-ups: none": State("nia", "/follow-ups"),
    "follow-ups: service": State("mandy", "/follow-ups?show=upcoming"),
    "follow-up": State("asha", "/episodes/{once.episode_id}/follow-up"),
    "follow-up: blank": State("asha", "/episodes/{once.episode_id}/follow-up", blank),
    "follow-up: rang": State("asha", "/episodes/{full.episode_id}/follow-up", nobody_answered),
    "follow-up: closed": State("asha", "/episodes/{closed.episode_id}/follow-up"),
    "calendar": State("asha", "/calendar"),
    "calendar: made": State("asha", "/calendar", press),
    "call": State("asha", "/calls/{full.ticket_id}/"),
    "call: nothing ticked": State("asha", "/calls/{full.ticket_id}/", press),
    "call: question": State("asha", "/calls/{full.ticket_id}/2"),
    "call: question, blank": State("asha", "/calls/{full.ticket_id}/5", continue_without),
    "call: flag": State("asha", "/calls/{full.ticket_id}/flag"),
    "call: flag, blank": State("asha", "/calls/{full.ticket_id}/flag", blank),
    "call: end": State("asha", "/calls/{done.ticket_id}/end"),
    "call: compare": State("asha", "/calls/{done.ticket_id}/compare"),
}
