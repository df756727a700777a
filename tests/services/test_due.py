"""What is due is stored, and always what a full count would make, whatever happened and whatever the day."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, record_survey, refer
from wellbeing_app.model import ClosingReason, DueRow, Episode, FollowUpEnd, Occasion, Pathway
from wellbeing_app.services import (
    clock,
    due,
    due_list,
    followups,
    moving,
    pathway,
    settings,
    surveys,
    tickets,
)
from wellbeing_app.services.due_list import Asked, Show, Sort
from wellbeing_app.services.errors import Invalid, NotAllowed
from wellbeing_app.services.followups import Facts, Schedule, State

LTC, MENTAL_HEALTH = Pathway.LONG_TERM_CONDITIONS, Pathway.MENTAL_HEALTH
BASELINE = date(2026, 3, 10)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def stored(db: Session) -> dict[uuid.UUID, dict[str, Any]]:
    columns = DueRow.__table__.columns.keys()
    rows = db.execute(select(DueRow.__table__))
    return {row.episode_id: {name: row._mapping[name] for name in columns} for row in rows}


def states(db: Session, crew: Crew, who: str = "asha") -> dict[str, list[str]]:
    actor = getattr(crew, who)
    return {
        show.value: names
        for show in Show
        if (names := [one.name for one in due_list.page(db, actor, Asked(show)).items])
    }


# --- one day after the other

BOUNDARIES = [
    (LTC, BASELINE, date(2026, 6, 9), State.UPCOMING),
    (LTC, BASELINE, date(2026, 6, 10), State.DUE),
    (LTC, BASELINE, date(2026, 7, 10), State.DUE),
    (LTC, BASELINE, date(2026, 7, 11), State.OVERDUE),
    (MENTAL_HEALTH, BASELINE, date(2026, 7, 9), State.UPCOMING),
    (MENTAL_HEALTH, BASELINE, date(2026, 7, 10), State.DUE),
    (MENTAL_HEALTH, BASELINE, date(2026, 9, 10), State.DUE),
    (MENTAL_HEALTH, BASELINE, date(2026, 9, 11), State.OVERDUE),
    # a leap day, as the baseline and as the first day
    (MENTAL_HEALTH, date(2024, 2, 29), date(2024, 6, 28), State.UPCOMING),
    (MENTAL_HEALTH, date(2024, 2, 29), date(2024, 6, 29), State.DUE),
    (LTC, date(2023, 11, 29), date(2024, 2, 28), State.UPCOMING),
    (LTC, date(2023, 11, 30), date(2024, 2, 29), State.DUE),
    (LTC, date(2022, 11, 30), date(2023, 2, 28), State.DUE),
]


@pytest.mark.parametrize(("of", "baseline", "today", "expected"), BOUNDARIES)
def test_on_each_side_of_each_boundary(of: Pathway, baseline: date, today: date, expected: State) -> None:
    reckoned = followups.reckon(Facts(of, baseline, baseline_on=baseline), Schedule())
    assert followups.state(reckoned, today) is expected


@pytest.mark.parametrize(
    ("opens", "moment", "expected"),
    [
        # the clocks go forward on 29 March 2026: from then on the day begins an hour before UTC's
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, 59, tzinfo=UTC), State.UPCOMING),
        (date(2026, 3, 29), datetime(2026, 3, 29, 0, 0, tzinfo=UTC), State.DUE),
        (date(2026, 3, 30), datetime(2026, 3, 29, 22, 59, tzinfo=UTC), State.UPCOMING),
        (date(2026, 3, 30), datetime(2026, 3, 29, 23, 0, tzinfo=UTC), State.DUE),
        # and back on 25 October
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, 59, tzinfo=UTC), State.UPCOMING),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, 0, tzinfo=UTC), State.DUE),
        (date(2026, 10, 26), datetime(2026, 10, 25, 23, 59, tzinfo=UTC), State.UPCOMING),
        (date(2026, 10, 26), datetime(2026, 10, 26, 0, 0, tzinfo=UTC), State.DUE),
    ],
)
def test_a_follow_up_becomes_due_at_midnight_where_the_service_is(
    opens: date, moment: datetime, expected: State
) -> None:
    before = opens - timedelta(days=100)
    facts = Facts(LTC, before, baseline_on=before, moved={"follow_up_1": opens.isoformat()})
    with time_machine.travel(moment, tick=False):
        assert followups.state(followups.reckon(facts, Schedule()), clock.today()) is expected


def begin(db: Session, crew: Crew) -> Episode:
    with time_machine.travel(at_noon(BASELINE)):
        episode = refer(db, crew.asha, referred_on=BASELINE)
        assert states(db, crew) == {"baseline": ["Grace"]}
        record_survey(db, crew.asha, episode)
    return episode


def repeat(db: Session, crew: Crew, months: int) -> None:
    settings.change(db, crew.adam, replace(settings.read(db), repeat_after=months))


def test_one_person_from_the_referral_to_a_second_follow_up(db: Session, crew: Crew) -> None:
    episode = begin(db, crew)

    def told(*day: int, act: Callable[[], object] = lambda: None) -> list[str]:
        with time_machine.travel(at_noon(date(*day))):
            act()
            assert stored(db) == due.recounted(db)
            return list(states(db, crew))

    def follow_up() -> None:
        record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP)

    def lose() -> None:
        moving.end(db, crew.asha, episode.id, FollowUpEnd.LOST)

    def find_and_move() -> None:
        moving.take_up_again(db, crew.asha, episode.id)
        moving.move(db, crew.asha, episode.id, "follow_up", date(2026, 8, 1), "She is in hospital")

    def close() -> None:
        pathway.close(db, crew.asha, episode.id, clock.today(), ClosingReason.OTHER)

    assert told(2026, 5, 1, act=follow_up) == ["upcoming"], "an early one does not count"
    assert told(2026, 6, 10) == ["now", "due"]
    assert told(2026, 7, 11) == ["now", "overdue"]
    assert told(2026, 7, 12, act=lose) == ["lost"]
    assert told(2026, 7, 13, act=find_and_move) == ["upcoming"]
    assert told(2026, 8, 1) == ["now", "due"]
    assert told(2026, 8, 2, act=close) == []
    assert told(2026, 8, 2, act=lambda: pathway.reopen(db, crew.asha, episode.id)) == ["now", "due"]
    assert told(2026, 8, 2, act=follow_up) == ["done"]
    assert told(2027, 2, 2, act=lambda: repeat(db, crew, 6)) == ["now", "due"]
    assert told(2027, 2, 2, act=follow_up) == ["upcoming"]


# --- any history, on any day

HISTORY = st.fixed_dictionaries(
    {
        "of": st.sampled_from(Pathway),
        "baseline": st.dates(date(2019, 1, 1), date(2028, 12, 31)),
        "after": st.lists(st.integers(-30, 900), max_size=5),
        "repeat": st.sampled_from([0, 3, 6]),
        "moved": st.dictionaries(st.sampled_from([1, 2, 3]), st.integers(0, 900), max_size=2),
        "ended": st.none() | st.tuples(st.sampled_from(FollowUpEnd), st.integers(0, 900)),
        "day": st.integers(0, 1200),
    }
)


@given(HISTORY)
def test_no_history_ever_gives_a_wrong_state(history: dict[str, Any]) -> None:
    start: date = history["baseline"]
    follow_ups = [start + timedelta(days=days) for days in history["after"]]
    moved = {number: start + timedelta(days=days) for number, days in history["moved"].items()}
    ended = history["ended"]
    facts = Facts(
        history["of"],
        start,
        baseline_on=start,
        follow_ups_on=follow_ups,
        moved={followups.moved_key(number): day.isoformat() for number, day in moved.items()},
        ended=ended and ended[0],
        ended_on=ended and start + timedelta(days=ended[1]),
    )
    today = start + timedelta(days=history["day"])
    schedule = Schedule(repeat_after=history["repeat"])
    reckoned = followups.reckon(facts, schedule)
    assert followups.state(reckoned, today) is walked(history, follow_ups, moved, today)


def walked(history: dict[str, Any], follow_ups: list[date], moved: dict[int, date], today: date) -> State:
    """The same, slowly: day after day from the baseline on, as somebody with a wall calendar would do it."""
    length = {LTC: 1, MENTAL_HEALTH: 2}[history["of"]]
    wait = {LTC: 3, MENTAL_HEALTH: 4}[history["of"]]
    since, number, taken = history["baseline"], 1, False
    by_day = sorted(day for day in follow_ups if day >= since)
    for day in by_day:
        months = wait if number == 1 else history["repeat"]
        usual = clock.months_after(since, months) if months else None
        starts = [first for first in (usual, moved.get(number)) if first]
        if not starts or day >= min(starts):
            since, number, taken = day, number + 1, True
    if history["ended"]:
        why, days = history["ended"]
        ended_on = history["baseline"] + timedelta(days=days)
        if all(day < ended_on for day in follow_ups):
            return State(why.value)
    months = wait if number == 1 else history["repeat"]
    opens = moved.get(number) or (clock.months_after(since, months) if months else None)
    if opens is None:
        assert taken
        return State.DONE
    # A window of so many months ends on the same day of the month, as long as it is the usual one.
    usual_end = clock.months_after(since, months + length) if months and number not in moved else None
    closes = usual_end or clock.months_after(opens, length)
    return State.UPCOMING if today < opens else State.DUE if today <= closes else State.OVERDUE


# --- whatever happens, the rows are what a full count makes

Act = Callable[[Session, Crew, Episode, Random], object]


def _another_baseline(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
    surveys.record(db, crew.asha, ticket.id, answers(completed_on=_some_day(chance), date_reason="As it was"))


def _correct(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    if episode.surveys:
        survey = chance.choice(episode.surveys)
        given = answers(completed_on=_some_day(chance), date_reason="As it was", helper=str(chance.random()))
        surveys.correct(db, crew.asha, survey.id, given, "The day was wrong", survey.revision)


def _decide(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    baselines = [one for one in episode.surveys if one.occasion is Occasion.BASELINE]
    if baselines:
        surveys.decide_counting(db, crew.asha, chance.choice(baselines).id)


def _follow_up(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    record_survey(
        db, crew.asha, episode, Occasion.FOLLOW_UP, completed_on=_some_day(chance), date_reason="As it was"
    )


def _edit(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    kept = {name: getattr(episode, name) for name in pathway.EpisodeDetails.__dataclass_fields__}
    of = chance.choice(
        [{"pathway": LTC, "care_cluster": None}, {"pathway": MENTAL_HEALTH, "care_cluster": 7}]
    )
    details = pathway.EpisodeDetails(
        **{**kept, **of, "advisor_id": chance.choice([crew.asha.id, crew.ben.id])}
    )
    pathway.edit(db, crew.mandy, episode.id, details, episode.version)


def _move(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    to = chance.choice([None, clock.today() + timedelta(days=chance.randrange(200))])
    moving.move(db, crew.mandy, episode.id, "follow_up", to, "They asked for it")


def _end(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    moving.end(db, crew.mandy, episode.id, chance.choice(list(FollowUpEnd)))


def _take_up_again(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    moving.take_up_again(db, crew.mandy, episode.id)


def _close(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    pathway.close(db, crew.mandy, episode.id, clock.today(), ClosingReason.OTHER)


def _reopen(db: Session, crew: Crew, episode: Episode, chance: Random) -> None:
    pathway.reopen(db, crew.mandy, episode.id)


ACTS: list[Act] = [
    *(_another_baseline, _correct, _decide, _follow_up, _edit),
    *(_move, _end, _take_up_again, _close, _reopen),
]


def _some_day(chance: Random) -> date:
    return clock.today() - timedelta(days=chance.randrange(250))


def test_after_any_acts_the_rows_are_what_a_full_count_makes(db: Session, crew: Crew) -> None:
    chance = Random(26)
    episodes = [refer(db, crew.asha, f"Person {number}") for number in range(4)]
    done: set[int] = set()
    for _ in range(60):
        number = chance.randrange(len(ACTS))
        episode = chance.choice(episodes)
        db.expire_all()
        try:
            with db.begin_nested():
                ACTS[number](db, replace(crew, asha=crew.mandy), episode, chance)
            done.add(number)
        except Invalid:
            continue
        assert stored(db) == due.recounted(db), ACTS[number]
    assert done == set(range(len(ACTS)))
    before = stored(db)
    assert due.rebuild(db) == len(before)
    assert stored(db) == before


# --- the list


def test_each_sees_the_follow_ups_of_those_in_reach(db: Session, crew: Crew) -> None:
    for name in ("asha", "ben", "carol"):
        refer(db, getattr(crew, name), name.title())
    for who, expected in {
        "asha": ["Asha"],
        "ben": ["Asha", "Ben"],
        "mandy": ["Asha", "Ben", "Carol"],
    }.items():
        assert sorted(states(db, crew, who)["baseline"]) == expected
    asked = Asked(Show.BASELINE, advisor=crew.carol.id)
    assert [one.name for one in due_list.page(db, crew.mandy, asked).items] == ["Carol"]
    assert due_list.page(db, crew.asha, asked).items == [], "a wish in the address opens nothing"
    with pytest.raises(NotAllowed):
        due_list.page(db, crew.eve, Asked())


@pytest.mark.parametrize("sort", Sort)
def test_pages_hold_everybody_once(
    db: Session, crew: Crew, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_list, "PAGE", 3)
    for number in range(8):
        refer(db, crew.asha, f"Person {number % 3}", last_name=f"{number}")
    asked: Asked | None = Asked(Show.BASELINE, sort)
    seen: list[str] = []
    while asked:
        listed = due_list.page(db, crew.asha, asked)
        seen += [one.name for one in listed.items]
        asked = due_list.next_page(asked, listed)
    assert len(seen) == len(set(seen)) == 8
    assert sort is Sort.PRESSING or seen == sorted(seen)
