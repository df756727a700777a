"""The states of the pages for the talk about change: the plan, other views, summaries to take home."""

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
    "summaries": State("asha", "/summaries"),
    "summaries: blank": State("asha", "/summaries", blank),
    "summaries: nobody": State("nia", "/summaries"),
    "summaries: being drawn": State("asha", "/summaries/{full.summaries_id}"),
    "letter: not agreed": State("asha", "/people/{full.reference}/letter"),
    "letter": State("asha", "/people/{agreed.reference}/letter"),
    "letter: blank": State("asha", "/people/{agreed.reference}/letter", blank),
    "another view: blank": State("asha", "/surveys/{full.survey_id}/views", blank),
}
