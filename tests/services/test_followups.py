"""What is due when: windows that respect the calendar, and the next step for any state of an episode."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.model import Pathway
from wellbeing_app.services import followups
from wellbeing_app.services.clock import months_after
from wellbeing_app.services.followups import Facts, NextStep, Schedule, Step, Urgency

LTC, MENTAL_HEALTH = Pathway.LONG_TERM_CONDITIONS, Pathway.MENTAL_HEALTH
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
BASELINE = date(2026, 3, 10)
USUAL = Schedule()


def first_window(pathway: Pathway, baseline: date) -> tuple[date, date]:
    found = USUAL.window(pathway, 1, baseline)
    assert found
    return found


@pytest.mark.parametrize(
    ("pathway", "baseline", "opens", "closes"),
    [
        (LTC, date(2026, 3, 10), date(2026, 6, 10), date(2026, 7, 10)),
        (MENTAL_HEALTH, date(2026, 3, 10), date(2026, 7, 10), date(2026, 9, 10)),
        (LTC, date(2025, 11, 30), date(2026, 2, 28), date(2026, 3, 30)),
        (LTC, date(2023, 11, 30), date(2024, 2, 29), date(2024, 3, 30)),
        (LTC, date(2026, 1, 31), date(2026, 4, 30), date(2026, 5, 31)),
        (MENTAL_HEALTH, date(2024, 2, 29), date(2024, 6, 29), date(2024, 8, 29)),
        (MENTAL_HEALTH, date(2025, 8, 31), date(2025, 12, 31), date(2026, 2, 28)),
        (LTC, date(2026, 12, 31), date(2027, 3, 31), date(2027, 4, 30)),
    ],
)
def test_the_window_falls_on_the_same_day_of_the_month_or_the_months_last(
    pathway: Pathway, baseline: date, opens: date, closes: date
) -> None:
    assert USUAL.window(pathway, 1, baseline) == (opens, closes)


@given(DAYS, st.integers(0, 60))
def test_so_many_months_later_is_that_month_and_never_a_later_day_of_it(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    is_last_of_month = (later + timedelta(days=1)).month != later.month
    assert later.day == day.day or (later.day < day.day and is_last_of_month)


@given(st.sampled_from(Pathway), DAYS, st.integers(1, 40))
def test_a_later_baseline_never_has_an_earlier_window(pathway: Pathway, day: date, later: int) -> None:
    opens, closes = first_window(pathway, day)
    assert day < opens < closes
    next_opens, next_closes = first_window(pathway, day + timedelta(days=later))
    assert opens <= next_opens
    assert closes <= next_closes


@given(DAYS, st.integers(1, 90), DAYS)
def test_every_day_has_one_urgency_and_it_only_grows(opens: date, length: int, today: date) -> None:
    closes = opens + timedelta(days=length)
    order = [Urgency.LATER, Urgency.SOON, Urgency.DUE, Urgency.OVERDUE]
    now = followups.urgency_of(opens, closes, today)
    tomorrow = followups.urgency_of(opens, closes, today + timedelta(days=1))
    assert order.index(now) <= order.index(tomorrow)


@pytest.mark.parametrize(
    ("today", "urgency"),
    [
        (date(2026, 5, 26), Urgency.LATER),
        (date(2026, 5, 27), Urgency.SOON),
        (date(2026, 6, 9), Urgency.SOON),
        (date(2026, 6, 10), Urgency.DUE),
        (date(2026, 7, 10), Urgency.DUE),
        (date(2026, 7, 11), Urgency.OVERDUE),
    ],
)
def test_a_follow_up_is_soon_then_due_then_overdue(today: date, urgency: Urgency) -> None:
    step = next_step(baseline_on=BASELINE, today=today)
    assert step == NextStep(Step.FOLLOW_UP, urgency, date(2026, 6, 10), date(2026, 7, 10))


def next_step(
    *, today: date = BASELINE, schedule: Schedule = USUAL, follow_up_on: date | None = None, **known: object
) -> NextStep:
    follow_ups = [follow_up_on] if follow_up_on else []
    facts = Facts(LTC, BASELINE, follow_ups_on=follow_ups, **known)  # type: ignore[arg-type]
    return followups.next_step(followups.reckon(facts, schedule), today)


def test_without_a_baseline_the_baseline_is_due() -> None:
    assert next_step() == NextStep(Step.BASELINE, Urgency.DUE)


def test_after_a_follow_up_it_is_time_to_talk() -> None:
    assert next_step(baseline_on=BASELINE, follow_up_on=date(2026, 6, 12)).step is Step.TALK


@pytest.mark.parametrize("early", [BASELINE, date(2026, 6, 9)])
def test_a_follow_up_before_its_time_is_told_and_another_is_still_due(early: date) -> None:
    step = next_step(baseline_on=BASELINE, follow_up_on=early, today=date(2026, 6, 10))
    window = date(2026, 6, 10), date(2026, 7, 10)
    assert step == NextStep(Step.FOLLOW_UP, Urgency.DUE, *window, early_on=early)


def test_a_follow_up_before_the_baseline_is_not_even_an_early_one() -> None:
    step = next_step(baseline_on=BASELINE, follow_up_on=BASELINE - timedelta(days=1))
    assert (step.step, step.early_on) == (Step.FOLLOW_UP, None)


def test_two_baselines_come_before_all_else() -> None:
    assert next_step(undecided=True, baseline_on=BASELINE).step is Step.CHOOSE_BASELINE


def test_only_mental_health_has_a_review_after_ten_weeks() -> None:
    assert followups.review_about(MENTAL_HEALTH, date(2026, 1, 5)) == date(2026, 3, 16)
    assert followups.review_about(LTC, date(2026, 1, 5)) is None
