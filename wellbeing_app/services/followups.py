"""What is due for somebody, and when: arithmetic on an episode's days. `due` keeps what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from wellbeing_app.model import FollowUpEnd, Pathway, Stage
from wellbeing_app.services.clock import months_after

USUAL_MONTHS: Mapping[Pathway, tuple[int, int]] = {
    Pathway.LONG_TERM_CONDITIONS: (3, 4),
    Pathway.MENTAL_HEALTH: (4, 6),
}
SOON = timedelta(weeks=2)
REVIEW_AFTER = timedelta(weeks=10)


@dataclass(frozen=True)
class Schedule:
    """The service's windows: in which months after the baseline the follow-up is meant to be.

    `repeat_after`: months from one follow-up to the next; 0 for only one. Dayson and Bennett (2017): after
    three months with long-term conditions; 4 to 6 months in mental health. The report gives no end for the
    former; the month after is this project's choice.
    """

    months: Mapping[Pathway, tuple[int, int]] = field(default_factory=lambda: USUAL_MONTHS)
    repeat_after: int = 0

    def window(self, pathway: Pathway, number: int, since: date) -> tuple[date, date] | None:
        """The first and last day meant for follow-up `number`, counted from the survey before it."""
        first, last = self.months[pathway]
        if number > 1:
            first, last = self.repeat_after, self.repeat_after + last - first
        return (months_after(since, first), months_after(since, last)) if first else None

    def from_day(self, pathway: Pathway, opens: date) -> tuple[date, date]:
        """As long a window, opening on a day that was chosen."""
        first, last = self.months[pathway]
        return opens, months_after(opens, last - first)


class State(StrEnum):
    """Where a follow-up stands on some day."""

    BASELINE = "baseline"
    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    DECLINED = "declined"
    LOST = "lost"


class Step(StrEnum):
    """The next thing to do for an episode."""

    CHOOSE_BASELINE = "choose_baseline"
    BASELINE = "baseline"
    FOLLOW_UP = "follow_up"
    TALK = "talk"
    DECLINED = "declined"
    LOST = "lost"
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


@dataclass(frozen=True)
class Facts:
    """What the next follow-up of an episode hangs on. `moved` as in `Episode`; `undecided`: see `surveys`."""

    pathway: Pathway
    referred_on: date
    baseline_on: date | None = None
    follow_ups_on: Sequence[date] = ()
    undecided: bool = False
    moved: Mapping[str, str] = field(default_factory=dict)
    ended: FollowUpEnd | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class Due:
    """How far an episode is, whatever the day; the fields as in `DueRow`."""

    stage: Stage
    sort_on: date
    opens: date | None = None
    closes: date | None = None
    early_on: date | None = None
    number: int = 0


def moved_key(number: int) -> str:
    """What a moved follow-up is called in `Episode.moved`."""
    return f"follow_up_{number}"


def reckon(facts: Facts, schedule: Schedule) -> Due:
    """How far an episode with these facts is.

    A follow-up counts if it is not before its window, as usual or as moved; else it is an early one, and the
    next is still due. One from before the baseline is no follow-up of it, not even an early one.
    """
    if facts.undecided:
        return Due(Stage.CHOOSE_BASELINE, facts.referred_on)
    if facts.baseline_on is None:
        return Due(Stage.BASELINE, facts.referred_on)
    number, since, early = _counted(facts, schedule, facts.baseline_on)
    if facts.ended and facts.ended_on and not any(on >= facts.ended_on for on in facts.follow_ups_on):
        return Due(Stage(facts.ended.value), facts.ended_on, number=number)
    window = _meant(facts, schedule, number, since)
    if window is None:
        return Due(Stage.DONE, since, number=number - 1)
    opens, closes = window
    return Due(Stage.FOLLOW_UP, closes, opens, closes, early, number)


def _counted(facts: Facts, schedule: Schedule, baseline_on: date) -> tuple[int, date, date | None]:
    """The number of the next follow-up, the day of the survey that it is counted from, and an early one's."""
    number, since, early = 1, baseline_on, None
    for on in sorted(facts.follow_ups_on):
        if on < baseline_on:
            continue
        usual, meant = schedule.window(facts.pathway, number, since), _meant(facts, schedule, number, since)
        first_days = [window[0] for window in (usual, meant) if window]
        if first_days and on < min(first_days):
            early = on
        else:
            number, since, early = number + 1, on, None
    return number, since, early


def _meant(facts: Facts, schedule: Schedule, number: int, since: date) -> tuple[date, date] | None:
    """The window of follow-up `number`: from the day it was moved to, or else the usual one."""
    moved = facts.moved.get(moved_key(number))
    if moved:
        return schedule.from_day(facts.pathway, date.fromisoformat(moved))
    return schedule.window(facts.pathway, number, since)


def state(due: Due, today: date) -> State:
    """Where it stands on this day. A window holds both its ends."""
    if due.stage is Stage.FOLLOW_UP and due.opens and due.closes:
        urgency = urgency_of(due.opens, due.closes, today)
        return State(urgency.value) if urgency in (Urgency.DUE, Urgency.OVERDUE) else State.UPCOMING
    return State.BASELINE if due.stage is Stage.CHOOSE_BASELINE else State(due.stage.value)


def next_step(due: Due, today: date) -> NextStep:
    """What comes next. After one follow-up, and while another is far off, it is time to talk."""
    if due.stage is not Stage.FOLLOW_UP or due.opens is None or due.closes is None:
        step = Step.TALK if due.stage is Stage.DONE else Step(due.stage.value)
        pressing = due.stage in (Stage.CHOOSE_BASELINE, Stage.BASELINE)
        return NextStep(step, Urgency.DUE if pressing else Urgency.LATER)
    urgency = urgency_of(due.opens, due.closes, today)
    to_talk = due.number > 1 and urgency is Urgency.LATER
    step = Step.TALK if to_talk else Step.FOLLOW_UP
    return NextStep(step, urgency, due.opens, due.closes, due.early_on)


def urgency_of(opens: date, closes: date, today: date) -> Urgency:
    """Where `today` lies to a window that holds both its ends."""
    if today > closes:
        return Urgency.OVERDUE
    if today >= opens:
        return Urgency.DUE
    return Urgency.SOON if opens - today <= SOON else Urgency.LATER


def review_about(pathway: Pathway, referred_on: date) -> date | None:
    """When the discharge review is meant to be: about ten weeks after the referral, in mental health only."""
    return referred_on + REVIEW_AFTER if pathway is Pathway.MENTAL_HEALTH else None
