"""Surveys as pages and sheets show them: each with the label people know it by, in the page’s language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_date
from flask_babel import gettext as _

from wellbeing_app.model import Episode, Occasion, Survey
from wellbeing_app.services import answers


@dataclass(frozen=True)
class Shown:
    """A survey as the charts want it."""

    survey: Survey
    label: str

    @property
    def scores(self) -> Mapping[str, int]:
        return answers.scores_of(self.survey)

    @property
    def reasons(self) -> Mapping[str, str]:
        return self.survey.unanswered

    def said(self, key: str) -> bool:
        """Whether anything was said beside this measure's answer."""
        return bool(self.survey.notes.get(key) or self.survey.prompts.get(key))


def shown_of(episode: Episode | None) -> Sequence[Shown]:
    """The episode's surveys, each with a label that no other has unless both are of one day."""
    found = episode.surveys if episode else []
    follow_ups = [survey for survey in found if survey.occasion is Occasion.FOLLOW_UP]
    return [Shown(survey, _label(survey, follow_ups)) for survey in found]


def _label(survey: Survey, follow_ups: Sequence[Survey]) -> str:
    day = format_date(survey.completed_on, "long")
    if survey.occasion is Occasion.BASELINE:
        return _("Start, %(day)s", day=day)
    if len(follow_ups) == 1:
        return _("Follow-up, %(day)s", day=day)
    return _("Follow-up %(number)s, %(day)s", number=follow_ups.index(survey) + 1, day=day)


def by_survey(shown: Iterable[Shown]) -> dict[Survey | None, Shown]:
    """To look one up by its survey."""
    return {one.survey: one for one in shown}
