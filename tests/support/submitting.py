"""Advisors who fill in surveys on a live server and press the button again until they get an answer."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from sqlalchemy.orm import Session

from tests.support.people import days_ago, record_survey, refer, staff_of
from tests.support.visitor import Answer, Fields, NoAnswer, Visitor, hidden_in
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.services import clock, sessions
from wellbeing_app.services.access import Actor

T = TypeVar("T")
PAUSE = 0.05
TAKEN_ALL_DAY = 10_000


@dataclass(frozen=True)
class Saved:
    """A survey that the server said is saved."""

    ticket: str
    fields: Fields


@dataclass
class Diary:
    """What happened to all the advisors. `broken_off`: requests that were sent and not answered, by kind."""

    saved: list[Saved] = field(default_factory=list)
    broken_off: Counter[str] = field(default_factory=Counter)
    failures: list[BaseException] = field(default_factory=list)
    a_save_begins: threading.Event = field(default_factory=threading.Event)
    enough: threading.Event = field(default_factory=threading.Event)


class Advisor(threading.Thread):
    """Fills in one follow-up after the other for one person, until there were enough."""

    def __init__(self, visitor: Visitor, episode: str, chance: Random, diary: Diary) -> None:
        super().__init__(daemon=True)
        self._visitor = visitor
        self._episode = episode
        self._chance = chance
        self._diary = diary

    def run(self) -> None:
        try:
            while not self._diary.enough.is_set():
                self._diary.saved.append(self._fill_in_one())
        except BaseException as failure:  # to be raised in the test's own thread
            self._diary.failures.append(failure)

    def check(self, fields: Fields) -> Answer:
        """Plan a survey, fill it in, and come to the page that shows the answers before they are saved."""
        page = self._insist("token", lambda: self._visitor.get("/account/password"))
        plan = {"csrf_token": hidden_in(page)["csrf_token"], "occasion": "follow_up"}
        form = self._sent("plan", f"/surveys/for/{self._episode}", plan).location
        blank = self._insist("form", lambda: self._visitor.get(form))
        checked = self._sent("check", form, {**hidden_in(blank), **fields, "do": "check"}).location
        return self._insist("look", lambda: self._visitor.get(checked))

    def save(self, page: Answer) -> Answer:
        """Press the button on that page."""
        return self._insist("save", lambda: self._visitor.post(page.path, hidden_in(page)))

    def answers(self) -> dict[str, str | list[str]]:
        """A whole survey: all kinds of answers, with ticks and a note now and then."""
        chance = self._chance
        fields: dict[str, str | list[str]] = {
            "completed_on": clock.today().isoformat(),
            "mode": chance.choice(["in_person", "telephone", "self_tablet"]),
            "respondent": "self",
            "language": "en",
        }
        for measure in INSTRUMENT.measures:
            scores, reasons = ["1", "2", "3", "4", "5"], ["declined", "dont_know"]
            fields[f"answer-{measure.key}"] = chance.choice(scores * 3 + reasons)
            fields[f"note-{measure.key}"] = chance.choice(["", "", f"Zażółć {chance.random()}"])
            fields[f"prompts-{measure.key}"] = [measure.prompts[0].key] if chance.random() < 0.3 else []
        return fields

    def _fill_in_one(self) -> Saved:
        fields = self.answers()
        page = self.check(fields)
        self._diary.a_save_begins.set()
        answer = self.save(page)
        assert answer.status == 302, f"{answer.status}\n{answer.text[:3000]}"
        return Saved(page.path.split("/")[2], fields)

    def _sent(self, what: str, path: str, fields: Fields) -> Answer:
        """Post until it is answered. The answer to each of these forms is the way to go on."""
        answer = self._insist(what, lambda: self._visitor.post(path, fields))
        assert answer.status == 302, f"{what}: {answer.status}\n{answer.text[:3000]}"
        return answer

    def _insist(self, what: str, ask: Callable[[], Answer]) -> Answer:
        for _ in range(TAKEN_ALL_DAY):
            try:
                return ask()
            except ConnectionRefusedError:
                time.sleep(PAUSE)
            except NoAnswer:
                self._diary.broken_off[what] += 1
                time.sleep(PAUSE)
        raise AssertionError(f"No answer to {what} all day.")


def advisors(db: Session, url: str, asha: Actor, how_many: int, seed: int, diary: Diary) -> list[Advisor]:
    """So many of them, signed in as Asha, each with a person who has had a baseline."""
    return [_advisor(db, url, asha, Random(f"{seed}-{number}"), diary) for number in range(how_many)]


def _advisor(db: Session, url: str, asha: Actor, chance: Random, diary: Diary) -> Advisor:
    episode = refer(db, asha, referred_on=days_ago(200))
    record_survey(db, asha, episode, completed_on=days_ago(190))
    visitor = Visitor(url)
    visitor.cookies["wellbeing"] = sessions.start(db, staff_of(db, asha), "A browser in the tests")
    return Advisor(visitor, str(episode.id), chance, diary)
