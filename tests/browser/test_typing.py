"""Forms typed in at a real browser: how many keys one takes, and that each is saved as it was typed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.support.people import Crew, days_ago, refer
from tests.support.server import LiveServer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Survey
from wellbeing_app.services import answers, clock, keyed, tickets

MOST_KEYS = 10


@dataclass
class Typist:
    """Somebody at a keyboard, who never takes the mouse. `keys`: how many were pressed since the scan."""

    page: Page
    keys: int = 0

    def scan(self, code: str) -> None:
        """A hand-held scanner types the code and Enter."""
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#keys")).to_be_focused()
        self.keys = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


def planned(live_server: LiveServer, crew: Crew, number: int) -> list[str]:
    with live_server.database() as db:
        people = [refer(db, crew.asha, f"Person {index}") for index in range(number)]
        today = clock.today()
        return [tickets.plan(db, crew.asha, one.id, Occasion.BASELINE, today).code for one in people]


def test_a_form_takes_ten_keys_after_the_scan_and_is_saved_as_typed(
    page: Page, live_server: LiveServer, crew: Crew, forms_to_type: int
) -> None:
    chance, typist = random.Random(11), Typist(page)
    codes = planned(live_server, crew, forms_to_type)
    live_server.sign_in(page, crew.dev)
    page.goto("/forms")
    wanted = {code: chance.choices(list(keyed.KEYS), k=8) for code in codes}
    for number, (code, keys) in enumerate(wanted.items()):
        expect(page.locator("#code")).to_be_focused()
        typist.scan(code)
        typist.press(*keys)
        expect(page.locator(".echo-line").last.locator(".echo-answer")).not_to_be_empty()
        if number == 0:
            # The day is typed once, and remembered: Tab, the day, and Enter.
            page.keyboard.press("Tab")
            page.keyboard.type(days_ago(1).isoformat())
        typist.press("Enter")
        expect(page.locator("#code")).to_be_focused()
        assert typist.keys <= MOST_KEYS
    with live_server.database() as db:
        saved = {survey.ticket.code: answers.of_row(survey) for survey in db.scalars(select(Survey))}
    for code, keys in wanted.items():
        given = {key: str(score) for key, score in saved[code].scores.items()} | saved[code].unanswered
        assert keyed.of_answers(given) == "".join(keys)
    assert {one.completed_on for one in saved.values()} == {days_ago(1)}
    assert len(INSTRUMENT.keys) + 1 <= MOST_KEYS


def test_each_key_is_echoed_and_backspace_and_the_radio_view_are_one_key_away(
    page: Page, live_server: LiveServer, crew: Crew
) -> None:
    (code,) = planned(live_server, crew, 1)
    live_server.sign_in(page, crew.dev)
    page.goto("/forms")
    typist = Typist(page)
    typist.scan(code)
    typist.press("4", "x", "9")
    echoed = page.locator(".echo-answer")
    expect(echoed.nth(0)).to_contain_text("4, Getting there")
    expect(echoed.nth(1)).to_have_text("I'd rather not say")
    typist.press("Backspace")
    expect(echoed.nth(1)).to_be_empty()
    typist.press("r")
    expect(page).to_have_url(re.compile("/surveys/[0-9a-f-]+$"))
    expect(page.locator(f"#answer-{INSTRUMENT.keys[0]}-4")).to_be_checked()
