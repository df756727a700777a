"""The line of time: no mark covers another, days keep their order, and it can run the other way."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.model import Episode, Pathway
from wellbeing_app.services.journey import Kind, Milestone
from wellbeing_app.web import line_of_time

START = date(2026, 1, 5)
EPISODE = Episode(pathway=Pathway.MENTAL_HEALTH, referred_on=START, moved=None)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=14).map(sorted), st.integers(0, 500), st.booleans())
def test_marks_keep_apart_in_order_and_on_the_paper(days: list[int], today: int, mirrored: bool) -> None:
    milestones = [Milestone(Kind.REFERRAL, START + timedelta(days=one)) for one in days]
    line = line_of_time.draw(EPISODE, milestones, START + timedelta(days=today), mirrored=mirrored)
    places = [(float(one.x), float(one.y)) for one in line.marks]
    along = [x for x, _y in places]
    assert along == sorted(along, reverse=mirrored)
    assert all(0 <= x <= line_of_time.WIDTH for x in along)
    for n, (x, y) in enumerate(places):
        assert all(abs(x - other) >= line_of_time.APART - 0.2 for other, at in places[:n] if at == y)
    assert line.top == min(y for _x, y in places)


def test_phases_follow_one_another_and_can_be_moved() -> None:
    usual = line_of_time.draw(EPISODE, [], START, mirrored=False)
    assert [phase.number for phase in usual.phases] == [1, 2, 3]
    moved = Episode(pathway=Pathway.MENTAL_HEALTH, referred_on=START, moved={"phase_1": "2026-04-30"})
    later = line_of_time.draw(moved, [], START, mirrored=False)
    assert float(later.phases[0].width) > float(usual.phases[0].width)
    plain = Episode(pathway=Pathway.LONG_TERM_CONDITIONS, referred_on=START, moved=None)
    assert line_of_time.draw(plain, [], START, mirrored=False).phases == []
