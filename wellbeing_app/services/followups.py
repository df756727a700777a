"""What is due for somebody, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from wellbeing_app.model import Pathway
from wellbeing_app.services.clock import months_after

FOLLOW_UP_MONTHS = {Pathway.LONG_TERM_CONDITIONS: (3, 4), Pathway.MENTAL_HEALTH: (4, 6)}
SOON = timedelta(weeks=2)
REVIEW_AFTER = timedelta(weeks=10)


class Step(StrEnum):
    """The next thing to do for an episode."""

    CHOOSE_BASELINE = "choose_baseline"
    BASELINE = "baseline"
    FOLLOW_UP = "follow_up"
    TALK = "talk"
    NOTHING = "nothing"


class Urgency(StrEnum):
    """How soon."""

    LATER = "later"
    SOON = "soon"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class NextStep:
    """A step, the first and last day it is meant for (None when any day will do), and how soon that is.

    `early_on`: the day of a follow-up that was taken before the time it is meant for.
    """

    step: Step
    urgency: Urgency
    opens: date | None = None
    closes: date | None = None
    early_on: date | None = None


def window(pathway: Pathway, baseline_on: date) -> tuple[date, date]:
    """The first and last day meant for the follow-up: 3 to 4 months after the baseline, or 4 to 6.

    Dayson and Bennett (2017): after three months with long-term conditions; 4 to 6 months in mental health.
    The report gives no end for the former; the month after is this project's choice.
    """
    first, last = FOLLOW_UP_MONTHS[pathway]
    return months_after(baseline_on, first), months_after(baseline_on, last)


def review_about(pathway: Pathway, referred_on: date) -> date | None:
    """When the discharge review is meant to be: about ten weeks after the referral, in mental health only."""
    return referred_on + REVIEW_AFTER if pathway is Pathway.MENTAL_HEALTH else None


def next_step(
    pathway: Pathway,
    *,
    is_open: bool,
    baseline_on: date | None,
    follow_up_on: date | None,
    undecided: bool,
    today: date,
) -> NextStep:
    """What comes next for an episode with these facts; `follow_up_on` is the day of its last follow-up."""
    if undecided:
        return NextStep(Step.CHOOSE_BASELINE, Urgency.DUE)
    if not is_open:
        return NextStep(Step.NOTHING, Urgency.LATER)
    if baseline_on is None:
        return NextStep(Step.BASELINE, Urgency.DUE)
    opens, closes = window(pathway, baseline_on)
    if follow_up_on is not None and follow_up_on >= opens:
        return NextStep(Step.TALK, Urgency.LATER)
    # One from before the baseline is no follow-up of it, not even an early one.
    early_on = follow_up_on if follow_up_on and follow_up_on >= baseline_on else None
    return NextStep(Step.FOLLOW_UP, urgency_of(opens, closes, today), opens, closes, early_on)


def urgency_of(opens: date, closes: date, today: date) -> Urgency:
    """Where `today` lies to a window that holds both its ends."""
    if today > closes:
        return Urgency.OVERDUE
    if today >= opens:
        return Urgency.DUE
    return Urgency.SOON if opens - today <= SOON else Urgency.LATER
