"""The states of the pages for the talk about change: the plan, and what the advisor sees differently."""

from __future__ import annotations

from tests.browser.states.acts import State, blank

STATES = {
    "plan": State("asha", "/episodes/{full.episode_id}/plan"),
    "plan: blank": State("asha", "/episodes/{full.episode_id}/plan", blank),
    "plan: nothing yet": State("asha", "/episodes/{bare.episode_id}/plan"),
    "plan: a step": State("asha", "/episodes/{full.episode_id}/plan/{full.line_id}"),
    "plan: a step, blank": State("asha", "/episodes/{full.episode_id}/plan/{full.line_id}", blank),
    "plan: reword": State("asha", "/episodes/{full.episode_id}/plan/{full.line_id}/change"),
    "plan: reword, blank": State("asha", "/episodes/{full.episode_id}/plan/{full.line_id}/change", blank),
    "another view": State("asha", "/surveys/{full.survey_id}/views"),
    "another view: blank": State("asha", "/surveys/{full.survey_id}/views", blank),
}
