"""One episode as its person went through it: what happened when, what is still to come, and what is next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wellbeing_app.model import Episode, Occasion, Stage, Survey, Ticket
from wellbeing_app.services import followups, surveys
from wellbeing_app.services.followups import Due, Facts, NextStep, Schedule, Step, Urgency


class Kind(StrEnum):
    """What a milestone is, in the order in which two of one day are told."""

    REFERRAL = "referral"
    JOINT_MEETING = "joint_meeting"
    TAKE_UP = "take_up"
    BASELINE = "baseline"
    REVIEW = "review"
    FOLLOW_UP = "follow_up"
    DISCHARGE = "discharge"
    RE_REFERRAL = "re_referral"
    CLOSING = "closing"


DATES = (
    (Kind.REFERRAL, "referred_on"),
    (Kind.JOINT_MEETING, "joint_meeting_on"),
    (Kind.TAKE_UP, "took_up_on"),
    (Kind.REVIEW, "discharge_review_on"),
    (Kind.DISCHARGE, "discharged_on"),
    (Kind.RE_REFERRAL, "re_referred_on"),
    (Kind.CLOSING, "closed_on"),
)


@dataclass(frozen=True)
class Milestone:
    """One of them. `to_come`: it has not happened yet; then `on` is when it is meant to, up to `until`."""

    kind: Kind
    on: date
    to_come: bool = False
    until: date | None = None
    survey: Survey | None = None


def milestones(episode: Episode, schedule: Schedule, today: date) -> Sequence[Milestone]:
    """What happened, by day; then what is meant to happen."""
    order = list(Kind)
    found = [*_dated(episode, today), *_surveyed(episode), *_expected(episode, schedule)]
    return sorted(found, key=lambda one: (one.to_come, one.on, order.index(one.kind)))


def reckoned(episode: Episode, schedule: Schedule) -> Due:
    """What is due for this episode, counted from its surveys."""
    baseline = surveys.counting_baseline(episode.surveys)
    facts = Facts(
        episode.pathway,
        episode.referred_on,
        baseline_on=baseline.completed_on if baseline else None,
        follow_ups_on=[one.completed_on for one in episode.surveys if one.occasion is Occasion.FOLLOW_UP],
        undecided=surveys.needs_decision(episode),
        moved=episode.moved or {},
        ended=episode.follow_up_ended,
        ended_on=episode.follow_up_ended_on,
    )
    return followups.reckon(facts, schedule)


def next_step(episode: Episode, schedule: Schedule, today: date) -> NextStep:
    """What comes next for this episode. Once it is closed, nothing but a choice that was left open."""
    due = reckoned(episode, schedule)
    if not episode.is_open and due.stage is not Stage.CHOOSE_BASELINE:
        return NextStep(Step.NOTHING, Urgency.LATER)
    return followups.next_step(due, today)


def waiting(episode: Episode) -> Sequence[Ticket]:
    """The surveys that were begun or planned, and not saved yet."""
    return [ticket for ticket in episode.tickets if ticket.is_open]


def baselines(episode: Episode) -> Sequence[Survey]:
    """All the episode's baselines, in order."""
    return [survey for survey in episode.surveys if survey.occasion is Occasion.BASELINE]


def _dated(episode: Episode, today: date) -> Iterator[Milestone]:
    for kind, column in DATES:
        on = getattr(episode, column)
        if on is not None:
            yield Milestone(kind, on, to_come=on > today)


def _surveyed(episode: Episode) -> Iterator[Milestone]:
    for survey in episode.surveys:
        yield Milestone(Kind(survey.occasion.value), survey.completed_on, survey=survey)


def _expected(episode: Episode, schedule: Schedule) -> Iterator[Milestone]:
    """A follow-up, and in mental health a review, that an open episode has not had."""
    if not episode.is_open:
        return
    review = followups.review_about(episode.pathway, episode.referred_on)
    if review is not None and episode.discharge_review_on is None and episode.discharged_on is None:
        yield Milestone(Kind.REVIEW, review, to_come=True)
    due = reckoned(episode, schedule)
    if due.opens is not None:
        yield Milestone(Kind.FOLLOW_UP, due.opens, to_come=True, until=due.closes)
