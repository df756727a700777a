"""Two surveys of one episode laid over each other, for one person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wellbeing_app.evaluation.change import Change, compare
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, ServiceUser, Survey
from wellbeing_app.services import access, answers, audit, journey, surveys
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import NotFound
from wellbeing_app.services.policy import Action


@dataclass(frozen=True)
class Progress:
    """What there is to lay over each other. `first` is None without a survey, `latest` with only one."""

    person: ServiceUser
    episode: Episode | None
    first: Survey | None
    latest: Survey | None

    @property
    def change(self) -> Change | None:
        """What changed between the two."""
        if self.first is None or self.latest is None:
            return None
        return compare(INSTRUMENT.keys, answers.scores_of(self.first), answers.scores_of(self.latest))

    @property
    def undecided(self) -> Sequence[Survey]:
        """The baselines among which somebody has still to choose."""
        if self.episode is None or not surveys.needs_decision(self.episode):
            return ()
        return journey.baselines(self.episode)


def of_person(
    db: Session,
    actor: Actor,
    reference: str,
    episode_id: uuid.UUID | None = None,
    first_id: uuid.UUID | None = None,
    latest_id: uuid.UUID | None = None,
) -> Progress:
    """The two surveys asked for, the earlier first; else the counting baseline and the last follow-up.

    The episode is the one asked for, or the one these surveys are of, or else the latest. Raises as
    `access.person`, and `NotFound` for an episode or a survey that is not this person's.
    """
    person = access.person(db, actor, Action.SEE_PERSON, reference)
    asked = {survey_id for survey_id in (first_id, latest_id) if survey_id}
    episode = _episode(person, episode_id, asked)
    if episode is None:
        return Progress(person, None, None, None)
    if first_id == latest_id:
        first_id = latest_id = None
    pair = surveys.pair(episode.surveys, first_id, latest_id)
    if pair is None:
        return Progress(person, episode, None, None)
    first, latest = pair.first, pair.latest
    if asked and latest and episode.surveys.index(latest) < episode.surveys.index(first):
        first, latest = latest, first
    return Progress(person, episode, first, latest)


def note_summary(db: Session, actor: Actor, person: ServiceUser, **how: str) -> None:
    """Say on the person's trail that a summary for them was made, and how it was set."""
    audit.record(db, actor, "summary_made", person=person.id, **how)


def _episode(person: ServiceUser, episode_id: uuid.UUID | None, asked: set[uuid.UUID]) -> Episode | None:
    """The latest episode that fits what was asked for."""
    fitting = [
        episode
        for episode in person.episodes
        if episode_id in (None, episode.id) and asked <= {survey.id for survey in episode.surveys}
    ]
    if not fitting and (episode_id or asked):
        raise NotFound(person.reference)
    return fitting[-1] if fitting else None
