"""Visit after visit on a tablet to which everything happens: each answer must arrive, once, as it was given.

A run draws its faults from the seed and its own number alone, so that it can be had again.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from playwright.sync_api import Error, Page, expect

from tests.support import office
from tests.support.faulty import FaultyNetwork
from tests.support.killable import KillableBrowser
from tests.support.server import LiveServer
from tests.support.tablet_plans import Plan, plan
from tests.support.visiting import KEYS, open_visit, pack, stored, type_words

PACKED_AT_ONCE = 25
PATIENCE = 30
NUDGE = "() => dispatchEvent(new Event('online'))"
NO_ROOM = """() => {
    window.put = IDBObjectStore.prototype.put
    IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }
}"""
ROOM_AGAIN = "() => { IDBObjectStore.prototype.put = window.put }"
# Without a signal Chromium may look for ever.
UPDATE = """() => Promise.race([
    navigator.serviceWorker.getRegistration().then(one => one.update()),
    new Promise(resolve => setTimeout(resolve, 3000)),
])"""
# What keeps guessers busy keeps these runs busy too: a thousand rounds here instead of a million.
FEWER_ROUNDS = """(() => {
    const derive = SubtleCrypto.prototype.deriveKey
    SubtleCrypto.prototype.deriveKey = function (how, ...more) {
        return derive.call(this, how.iterations ? { ...how, iterations: 1000 } : how, ...more)
    }
})()"""
# Taps as fast as the form says that each is saved: which of them were.
TAP_ALL = """async answers => {
    const form = document.getElementById('survey')
    for (const [key, value] of answers) {
        const box = document.getElementById(`answer-${key}-${value}`)
        box.closest('label').click()
        const until = Date.now() + 20000
        while (form.dataset.state !== 'saved' || !box.checked) {
            if (Date.now() > until) return `${key} was never saved`
            await new Promise(resolve => setTimeout(resolve, 5))
        }
    }
    return ''
}"""
SHIFTED = """(() => {
    const Real = Date, by = %d
    globalThis.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + by) }
        static now() { return Real.now() + by }
    }
})()"""


@dataclass
class Rig:
    """A tablet, the network and the office."""

    server: LiveServer
    network: FaultyNetwork
    browser: KillableBrowser
    crew: Any
    seed: int
    page: Page = field(init=False)
    tickets: list[tuple[str, uuid.UUID]] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """A tablet that was packed."""
        self._start()
        self.pack()

    def pack(self) -> None:
        """More visits, by the signed-in advisor, with a signal."""
        self.network.is_up = True
        self.tickets = office.plan_visits(self.server, self.crew, PACKED_AT_ONCE)
        token = office.session_token(self.server, self.crew.asha)
        self.page.context.add_cookies([{"name": "wellbeing", "value": token, "url": self.network.url}])
        with self._at_our_address():
            pack(self.page, [ticket for _name, ticket in self.tickets])
        # It is the morning: the browser has the tablet's cookie on the disk, which takes it half a minute.
        self.browser.close()
        self._start()

    def _start(self) -> None:
        self.page = self.browser.start()
        self.page.context.add_init_script(FEWER_ROUNDS)

    @contextlib.contextmanager
    def _at_our_address(self) -> Any:
        """`page.goto` wants whole addresses on a browser that was only connected to."""
        real = self.page.goto

        def go(path: str, **more: Any) -> Any:
            try:
                return real(f"{self.network.url}{path}", **more)
            except Error:  # the page was just locking itself
                return real(f"{self.network.url}{path}", **more)

        self.page.goto = go  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            self.page.goto = real  # type: ignore[method-assign]

    def unlock(self) -> None:
        self.page.goto(f"{self.network.url}/visit/en/")
        type_words(self.page)

    def show_list(self) -> None:
        """At the packed visits, unlocked; with no more work than that takes."""
        if (
            self.page.url == f"{self.network.url}/visit/en/"
            and self.page.locator("[data-do=lock]").is_visible()
        ):
            self.page.locator("header [data-do=visits]").click()
            expect(self.page.locator("[data-view=visits]")).to_be_visible()
        else:
            self.unlock()

    def restart(self) -> None:
        """The battery is charged, the app opened again, and unlocked."""
        self.happened["kills"] += 1
        self.browser.kill()
        self._start()
        self.unlock()

    def run(self, number: int) -> Plan:
        """One visit, with what happens to it; raises AssertionError if anything is lost or doubled."""
        planned = plan(self.seed, number)
        if not self.tickets:
            self.pack()
        name, ticket = self.tickets.pop()
        Run(self, planned, name, ticket, Random(f"{self.seed} {number} moments")).go()
        self.happened.update(planned.on_the_network)
        self.happened[planned.on_the_device] += 1
        self.happened[planned.in_the_office] += 1
        if planned.in_the_office in office.ENDS_THE_PACKING:
            office.make_good(self.server, self.crew)
            self.tickets = []
        return planned


@dataclass
class Run:
    """One visit from the list to the database."""

    rig: Rig
    plan: Plan
    name: str
    ticket: uuid.UUID
    chance: Random
    acknowledged: dict[str, str] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.rig.page

    def go(self) -> None:
        network = self.rig.network
        self.rig.show_list()
        network.is_up = self.plan.signal
        network.faults.extend(self.plan.on_the_network)
        before, after = self.chance.sample([office.happen, office.wait], 2)
        before(self.rig.server, self.rig.crew, self.plan.in_the_office, self.ticket)
        DOINGS[self.plan.on_the_device](self)
        after(self.rig.server, self.rig.crew, self.plan.in_the_office, self.ticket)
        network.is_up = True
        self.wait_until_sent()
        office.assert_arrived(self.rig.server, self.ticket, self.plan.answers, self.plan.in_the_office)

    def wait_until_sent(self) -> None:
        """As when the system says that there is a signal, until nothing waits."""
        if "/visit/en/" not in self.page.url or "self" in self.page.url:
            self.page.goto(f"{self.rig.network.url}/visit/en/")
        until = time.monotonic() + PATIENCE
        while self.something_waits():
            assert time.monotonic() < until, "It was never sent."
            time.sleep(0.1)

    def something_waits(self) -> bool:
        """Once more with a nudge. The page may just be locking itself, when the account is gone."""
        try:
            self.page.evaluate(NUDGE)
            return bool(stored(self.page, "outbox")["outbox"])
        except Error:
            return True

    def open(self) -> None:
        open_visit(self.page, self.name)

    def answer(self, keys: Any = KEYS) -> None:
        given = {key: self.plan.answers[key] for key in keys}
        problem = self.page.evaluate(TAP_ALL, list(given.items()))
        assert not problem, problem
        self.acknowledged.update(given)

    def assert_kept(self) -> None:
        """What the form called saved is there."""
        for key, value in self.acknowledged.items():
            expect(self.page.locator(f"#answer-{key}-{value}")).to_be_checked()

    def save(self) -> None:
        self.page.locator("[data-do=check]").click()
        self.page.locator("[data-do=save]").click()
        expect(self.page.locator("[data-step=saved]")).to_be_visible()

    def carry_on(self) -> None:
        """After a crash: with the draft; or with nothing, if it was finished already."""
        card = self.page.locator(".visit-card", has_text=self.name)
        expect(card).to_be_visible()
        if card.locator("button").count():
            self.open()
            self.assert_kept()
            self.answer()
            self.save()

    def wait_a_moment(self, longest: float = 0.15) -> None:
        time.sleep(self.chance.uniform(0, longest))

    def some(self) -> tuple[str, ...]:
        """The first so many measures."""
        return KEYS[: self.chance.randint(1, len(KEYS) - 1)]


def undisturbed(run: Run) -> None:
    run.open()
    run.answer()
    run.save()


def killed_at_the_form(run: Run) -> None:
    run.open()
    run.answer(run.some())
    run.page.locator(f"#note-{KEYS[0]}").evaluate("box => box.closest('details').open = true")
    run.page.locator(f"#note-{KEYS[0]}").press_sequentially("half a note", delay=5)
    run.wait_a_moment(0.05)
    run.rig.restart()
    run.carry_on()


def killed_while_saving(run: Run) -> None:
    run.open()
    run.answer()
    run.page.locator("[data-do=check]").click()
    run.page.locator("[data-do=save]").click(no_wait_after=True)
    run.wait_a_moment()
    run.rig.restart()
    run.carry_on()


def killed_while_sending(run: Run) -> None:
    undisturbed(run)
    run.rig.network.is_up = True
    run.page.evaluate(NUDGE)
    run.wait_a_moment()
    run.rig.restart()


def loaded_again(run: Run) -> None:
    run.open()
    run.answer(run.some())
    run.rig.unlock()
    run.carry_on()


def locked(run: Run) -> None:
    run.open()
    run.answer(run.some())
    run.page.locator("header [data-do=lock]").click()
    type_words(run.page)
    run.carry_on()


def a_second_tab(run: Run) -> None:
    run.open()
    run.answer(run.some())
    other = run.page.context.new_page()
    other.goto(f"{run.rig.network.url}/visit/en/")
    type_words(other)
    open_visit(other, run.name)
    expect(other.get_by_text("This form is open in another tab.")).to_be_visible()
    run.answer()
    run.save()
    other.close()


def a_new_worker(run: Run) -> None:
    run.open()
    run.rig.network.worker_version += 1
    with contextlib.suppress(Error):
        run.page.evaluate(UPDATE)
    run.answer()
    run.save()


def no_room(run: Run) -> None:
    run.open()
    some = run.some()
    run.answer(some)
    run.page.evaluate(NO_ROOM)
    key = KEYS[len(some)]
    run.page.locator(f"#answer-{key}-{run.plan.answers[key]}").check()
    expect(run.page.locator("#draft-status")).to_have_attribute("data-now", "full")
    run.page.evaluate(ROOM_AGAIN)
    run.page.locator("#helper").press_sequentially(" ")
    run.answer()
    run.save()


def a_wrong_clock(run: Run) -> None:
    days = run.chance.choice([-3, -1, 1, 3])
    session = run.page.context.new_cdp_session(run.page)
    source = {"source": SHIFTED % (timedelta(days=days).total_seconds() * 1000)}
    added = session.send("Page.addScriptToEvaluateOnNewDocument", source)
    run.rig.unlock()
    undisturbed(run)
    session.send("Page.removeScriptToEvaluateOnNewDocument", added)


def hand_over(run: Run) -> None:
    run.open()
    run.page.locator("[data-do=before]").click()
    run.page.locator("[data-do=hand-over]").click()
    run.page.locator("[data-step=start] [data-do=next]").click()


def reply(run: Run, keys: Any) -> None:
    for key in keys:
        run.page.locator(f"#answer-{key}-{run.plan.answers[key]}").check()
        run.page.locator("[data-do=next]:visible").click()


def in_the_persons_hands(run: Run) -> None:
    hand_over(run)
    reply(run, KEYS)
    run.page.locator("[data-do=finish]").click()
    expect(run.page.locator("[data-step=done]")).to_be_visible()
    run.page.locator("[data-step=done] [data-do=advisor]").click()
    type_words(run.page)


def killed_in_the_persons_hands(run: Run) -> None:
    hand_over(run)
    some = run.some()
    reply(run, some)
    run.wait_a_moment(0.05)
    run.rig.restart()
    expect(run.page.locator("[data-resume]:visible").first).to_be_attached()
    run.carry_on()


DOINGS: Mapping[str, Callable[[Run], None]] = {
    "none": undisturbed,
    "killed at the form": killed_at_the_form,
    "killed while saving": killed_while_saving,
    "killed while sending": killed_while_sending,
    "killed in the person's hands": killed_in_the_persons_hands,
    "loaded again": loaded_again,
    "locked": locked,
    "a second tab": a_second_tab,
    "a new worker": a_new_worker,
    "no room": no_room,
    "a wrong clock": a_wrong_clock,
    "in the person's hands": in_the_persons_hands,
}
