"""Calendars: what stands in the file, and a feed that holds no name and ends when it is revoked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, days_ago, record_survey, refer, staff_of
from tests.support.trail import trail
from wellbeing_app.model import CalendarFeed, CalendarTitles, ContactOutcome, Pathway
from wellbeing_app.services import calendars, clock, contacts, ics
from wellbeing_app.services.errors import NotFound

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def test_days_include_their_last_and_moments_are_in_utc() -> None:
    at = datetime(2026, 7, 10, 14, 30, tzinfo=clock.LOCAL)
    events = [
        ics.Event("a", "Follow-up: G. A.", date(2026, 6, 10), date(2026, 7, 10)),
        ics.Event("b", "Ring; them, \\now", at, at + timedelta(minutes=30), "One\nTwo"),
    ]
    lines = ics.calendar("Us", events, NOW).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert {"DTSTART;VALUE=DATE:20260610", "DTEND;VALUE=DATE:20260711", "UID:a@well-being-survey"} <= set(
        lines
    )
    assert {"DTSTART:20260710T133000Z", "DTEND:20260710T140000Z"} <= set(lines)
    assert {"SUMMARY:Ring\\; them\\, \\\\now", "DESCRIPTION:One\\nTwo"} <= set(lines)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300))
def test_long_lines_are_folded_and_nothing_is_lost(title: str) -> None:
    text = ics.calendar("Us", [ics.Event("a", title, date(2026, 6, 10), date(2026, 6, 10))], NOW)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    unfolded = text.replace("\r\n ", "")
    escaped = title.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert f"\r\nSUMMARY:{escaped}\r\n" in unfolded


def test_a_feed_shows_ones_own_days_without_a_name_until_it_is_revoked(
    client: Client, db: Session, crew: Crew
) -> None:
    own = refer(db, crew.ben, "Grace", last_name="Akande", pathway=Pathway.MENTAL_HEALTH, care_cluster=4)
    record_survey(db, crew.ben, own, completed_on=days_ago(9))
    contacts.add(db, crew.ben, own.id, ContactOutcome.NO_ANSWER)
    record_survey(db, crew.asha, refer(db, crew.asha, "Zelda"))
    client.sign_in(crew.ben)
    shown = client.submit("/calendar", {"titles": "reference"}).text
    token = shown.partition("/calendar/")[2].partition(".ics")[0]
    assert token not in [row.token_hash for row in db.scalars(select(CalendarFeed))], "only a hash is kept"
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count("BEGIN:VEVENT") == 3, "the follow-up, the review, and a time to ring"
    assert own.service_user.reference in answer.text
    assert not [name for name in ("Grace", "Akande", "G. A.", "Zelda") if name in answer.text]
    assert trail(db, actor=crew.ben)[-1] == "calendar_read"
    client.submit("/calendar", {"revoke": "1"})
    assert client.get(f"/calendar/{token}.ics").status_code == 404
    assert client.get("/calendar/anything.ics").status_code == 404


def test_a_new_secret_ends_the_old_and_leaving_ends_both(db: Session, crew: Crew) -> None:
    old, new = (calendars.make(db, crew.asha, CalendarTitles.INITIALS) for _ in range(2))
    assert calendars.read(db, new).owner.id == crew.asha.id
    staff_of(db, crew.asha).active = False
    for token in (old, new):
        with pytest.raises(NotFound):
            calendars.read(db, token)


def test_what_is_over_leaves_the_calendar(db: Session, crew: Crew) -> None:
    with time_machine.travel(NOW):
        episode = refer(db, crew.asha, referred_on=date(2026, 5, 1), joint_meeting_on=date(2026, 6, 3))
        kinds = [entry.kind for entry in calendars.of_episode(db, crew.asha, episode.id)]
        assert kinds == ["joint_meeting"]
    with time_machine.travel(NOW + timedelta(days=3)):
        assert calendars.of_episode(db, crew.asha, episode.id) == []
