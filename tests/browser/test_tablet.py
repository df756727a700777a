"""A tablet over its days: its pages, its store and its people, against what users of other systems met."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from tests.conftest import StartServer
from tests.support.browser import open_page
from tests.support.people import Crew
from tests.support.server import PROJECT, LiveServer
from tests.support.tablet import (
    CONTROLLED,
    MODULE,
    WHOLE,
    finish,
    open_shell,
    pack,
    plan,
    says,
    send,
    stored,
    unlock,
)
from tests.support.visiting import KEYS, open_visit, tap
from wellbeing_app.model import Device, Packing, Ticket
from wellbeing_app.services import clock, devices, packing
from wellbeing_app.web.i18n import LANGUAGES

ONE, TWO = KEYS[:2]
DELETE_ALL = """async () => {
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
    await new Promise(resolve => setTimeout(resolve, 300))
    return (await indexedDB.databases()).length
}"""
# The browser counts what is left only now and then: what it has allotted already is used up first.
FILL = f"""async () => {{
    {MODULE}
    const {{ put, Full }} = await module('store')
    for (let at = 0; at < 10; at++) {{
        const large = {{ id: `large ${{at}}`, at: '', text: 'x'.repeat(1e6) }}
        const full = await put('receipts', large).catch(error => error)
        if (full instanceof Error) return full instanceof Full
    }}
}}"""
# As a new version of the app may do in another tab: this one lets go of the database at once.
NEXT_DATABASE = """() => new Promise(resolve => {
    const asked = indexedDB.open('wellbeing', 2)
    asked.onblocked = () => resolve('held up')
    asked.onsuccess = () => resolve('done')
})"""
CLOSE_BEHIND_ITS_BACK = """times => {
    const transaction = IDBDatabase.prototype.transaction
    let broken = times
    IDBDatabase.prototype.transaction = function (...asked) {
        if (broken-- > 0) {
            this.close()
            this.dispatchEvent(new Event('close'))
        }
        return transaction.apply(this, asked)
    }
}"""


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


@pytest.fixture
def who(request: pytest.FixtureRequest) -> str:
    """A name that no other test here has."""
    return "Z" + "".join(letter for letter in str(request.node.name) if letter.isalnum())[:24]


@pytest.fixture
def ticket(live_server: LiveServer, crew: Crew, page: Page, who: str) -> uuid.UUID:
    """One planned visit, and Asha signed in."""
    live_server.sign_in(page, crew.asha)
    return plan(live_server, crew.asha, who)[0]


def test_1_answers_that_vanish_from_the_tablet_raise_an_alarm(
    page: Page, live_server: LiveServer, crew: Crew, ticket: uuid.UUID
) -> None:
    pack(page)
    open_shell(page)
    page.route("**/sync", lambda route: route.fulfill(status=503, json={}))
    finish(page, crew.asha.id, ticket)
    says(page, "portal")
    page.unroute("**/sync")
    # The office hears how many wait, but not what: as if the connection broke after the first part.
    page.evaluate(
        """() => fetch('/sync', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', 'X-Wellbeing': '1' },
            body: JSON.stringify({ schema: 1, version: '', unsent: 1, now: '', items: [] }),
        })"""
    )
    page.goto("/help")
    assert page.evaluate(DELETE_ALL) == 0
    open_shell(page)
    says(page, "lost")
    expect(page.locator("[data-status]")).to_contain_text("Gone: 1")
    page.reload()
    says(page, "lost")
    page.get_by_role("button", name="What waits").click()
    expect(page.get_by_text("Tell your manager today")).to_have_count(2)
    with live_server.database() as db:
        db.execute(update(Device).values(lost=0))  # the office has looked into it
        yesterday = timedelta(days=1)
        db.get_one(Ticket, ticket).planned_for -= yesterday
        db.execute(update(Packing).values(packed_at=clock.now() - yesterday))
        assert ticket in [packed.ticket_id for packed in packing.expected(db, crew.asha)]
    send(page)
    says(page, "nothing")


def test_a_tablet_that_is_to_forget_its_visits_sends_first_and_says_when_it_has(
    page: Page, live_server: LiveServer, crew: Crew, ticket: uuid.UUID
) -> None:
    pack(page)
    page.context.set_offline(True)
    open_shell(page)
    finish(page, crew.asha.id, ticket)
    with live_server.database() as db:
        device = db.scalars(select(Device).order_by(Device.enrolled_at.desc())).first()
        assert device
        devices.ask_for_wipe(db, crew.adam, device.id)
    page.context.set_offline(False)
    send(page)
    says(page, "sent")
    assert [stored(page, store) for store in ("vaults", "visits", "outbox")] == [[], [], []]
    with live_server.database() as db:
        assert [user.wiped_at is None for user in db.get_one(Device, device.id).users] == [False]


def test_8_the_next_advisor_finds_nothing_of_the_one_before(
    page: Page, live_server: LiveServer, crew: Crew, ticket: uuid.UUID, who: str
) -> None:
    words = pack(page)
    unlock(page, words)
    open_visit(page, who)
    tap(page, ONE, 2)
    page.get_by_role("button", name="Finish later").click()
    plan(live_server, crew.carol, "Theo")
    live_server.sign_in(page, crew.carol)
    carols = pack(page)
    open_shell(page)
    assert who not in page.content()
    page.locator("#advisors label").nth(1 if crew.carol.id.hex > crew.asha.id.hex else 0).click()
    page.locator("#passphrase").fill(words)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("#unlock-problem")).to_contain_text(
        "Tries left before the packed visits are removed: 9"
    )
    page.locator("#passphrase").fill(carols)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("#visits > li")).to_have_count(1)
    assert "Theo" in page.locator("#visits").inner_text()
    assert who not in page.content()
    assert_locked_for_good(page, "Theo")
    assert {one["staff"] for one in stored(page, "visits")} == {str(crew.asha.id), str(crew.carol.id)}


def assert_locked_for_good(page: Page, name: str) -> None:
    """Locked, neither the page nor the way back shows the name; whoever was signed in no longer is."""
    page.context.clear_cookies()
    page.get_by_role("button", name="Lock").click()
    expect(page.locator("body")).to_have_attribute("data-at", "lock")
    page.go_back()
    page.wait_for_load_state()
    assert name not in page.locator("body").inner_text()
    open_shell(page)


def test_ten_wrong_passphrases_erase_the_visits_and_never_an_answer(
    page: Page, crew: Crew, ticket: uuid.UUID
) -> None:
    words = pack(page)
    open_shell(page)
    page.context.set_offline(True)
    item = finish(page, crew.asha.id, ticket)
    for _ in range(10):
        page.locator("#passphrase").fill("bado bado bado bado")
        page.get_by_role("button", name="Unlock").click()
        expect(page.locator("#unlock button[type=submit]")).to_be_enabled(timeout=20_000)
    expect(page.locator("#unlock-problem")).to_contain_text("The packed visits are removed")
    assert stored(page, "visits") == []
    assert [one["id"] for one in stored(page, "outbox")] == [item]
    unlock(page, words)
    expect(page.locator("#no-visits")).to_be_visible()


def test_13_a_database_that_the_system_closed_is_opened_again_and_the_tap_is_saved(
    page: Page, ticket: uuid.UUID, who: str
) -> None:
    unlock(page, pack(page))
    open_visit(page, who)
    tap(page, ONE, 2)
    before = stored(page, "drafts")[0]["saved_at"]
    page.evaluate(CLOSE_BEHIND_ITS_BACK, 2)
    page.locator(f"#answer-{TWO}-5").check()
    expect(page.locator("#draft-status")).to_have_attribute(
        "data-now", "failed"
    )  # tried twice, then it says so
    expect(page.locator(f"#answer-{TWO}-5")).to_be_checked()
    page.evaluate(CLOSE_BEHIND_ITS_BACK, 1)
    tap(page, TWO, 4)
    page.wait_for_function("() => document.getElementById('draft-status').dataset.now === 'saved'")
    page.reload()
    open_shell(page)
    assert stored(page, "drafts")[0]["saved_at"] > before


def test_12_a_full_tablet_says_so_keeps_the_answers_on_the_screen_and_offers_a_way(
    page: Page, live_server: LiveServer, crew: Crew, ticket: uuid.UUID, who: str
) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url, "quotaSize": 3_000_000})
    unlock(page, pack(page))
    page.context.set_offline(True)
    finish(page, crew.asha.id)
    open_visit(page, who)
    tap(page, ONE, 2)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url, "quotaSize": 1})
    assert page.evaluate(FILL)
    page.locator(f"#answer-{TWO}-4").check()
    expect(page.locator("#draft-status")).to_have_attribute("data-now", "full")
    expect(page.locator("#draft-status")).to_contain_text("no room left")
    expect(page.locator(f"#answer-{TWO}-4")).to_be_checked()
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url})
    tap(page, ONE, 3)
    page.context.set_offline(False)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page.goto("/visits?choose=all")
    expect(page.get_by_text("not in a private window")).to_be_visible()
    expect(page.get_by_role("button", name="Pack these visits")).to_be_disabled()


def test_11_the_panel_says_when_the_tablet_is_not_safe_and_what_to_do(
    page: Page, crew: Crew, ticket: uuid.UUID
) -> None:
    words = pack(page)
    unlock(page, words)
    panel = page.locator("#ready")
    expect(panel).to_have_attribute("data-ready", "false")
    panel.locator("summary").click()
    expect(panel.locator("[data-check=lasting]")).to_contain_text("Add to Home Screen")
    promise_to_keep(page)
    unlock(page, words)
    expect(panel).to_have_attribute("data-ready", "true")
    expect(panel.locator("summary")).to_have_text("Ready for offline")
    page.context.set_offline(True)
    finish(page, crew.asha.id, ticket)
    page.clock.set_fixed_time(_days_on(page, 4))
    page.evaluate("() => document.querySelector('[data-do=visits]').click()")
    expect(panel).to_have_attribute("data-ready", "false")
    for what in ("fresh", "sent"):
        expect(panel.locator(f"[data-check={what}]")).to_have_attribute("data-well", "false")


def promise_to_keep(page: Page) -> None:
    """The browser grants lasting storage to whoever asks, as it does to what is installed."""
    devtools = page.context.new_cdp_session(page)
    ours = devtools.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    origin = page.evaluate("() => location.origin")
    leave = {"permissions": ["durableStorage"], "origin": origin, "browserContextId": ours}
    devtools.send("Browser.grantPermissions", leave)


def _days_on(page: Page, days: int) -> int:
    return int(page.evaluate("() => Date.now()")) + days * 24 * 60 * 60 * 1000


@pytest.fixture
def shaky(start_server: StartServer) -> LiveServer:
    """A server of the test's own, to be stopped and deployed anew."""
    return start_server()


@pytest.fixture
def own_page(browser: Browser, shaky: LiveServer) -> Iterator[Page]:
    with open_page(browser, shaky.url) as page:
        yield page


def every_page() -> list[str]:
    return [f"/visit/{code}/{place}" for code in LANGUAGES for place in ("", "self/", "no-connection/")]


def test_9_after_one_visit_every_page_opens_without_a_server_and_after_an_update_too(
    own_page: Page, shaky: LiveServer, tmp_path: Path
) -> None:
    page = own_page
    page.goto("/visit/en/")
    page.wait_for_function(CONTROLLED)
    shaky.kill()
    assert_all_open(page, [address for address in every_page() if "/en/" in address])
    shaky.start()
    page.goto("/visit/en/")
    page.wait_for_function(WHOLE)
    deploy_another(shaky, tmp_path)
    page.goto("/visit/en/")
    was = page.locator("html").get_attribute("data-version")
    page.wait_for_function("was => document.documentElement.dataset.version !== was", arg=was)
    shaky.kill()
    assert_all_open(page, every_page())
    page.goto("/caseload")
    expect(page.locator("h1")).to_have_text("No connection")


def assert_all_open(page: Page, addresses: Sequence[str]) -> None:
    for address in addresses:
        page.goto(address)
        expect(page.locator("h1").first).to_be_attached()
        assert page.evaluate("() => document.styleSheets.length") == 1


def deploy_another(server: LiveServer, folder: Path) -> None:
    """The same app with another worker, at the same address."""
    hidden = shutil.ignore_patterns("__pycache__")
    for room in ("wellbeing_app", "translations"):
        shutil.copytree(PROJECT / room, folder / room, ignore=hidden)
    with (folder / "wellbeing_app/static/js/bytes.js").open("a") as script:
        script.write("\nexport const another = 1;\n")
    server.project = folder
    server.stop()
    server.start()


def test_10_an_update_takes_nothing_from_a_form_that_is_open(
    own_page: Page, shaky: LiveServer, tmp_path: Path
) -> None:
    page, crew = own_page, shaky.hire()
    plan(shaky, crew.asha, "Zenobia")
    shaky.sign_in(page, crew.asha)
    words = pack(page)
    unlock(page, words)
    open_visit(page, "Zenobia")
    tap(page, ONE, 2)
    was = page.locator("html").get_attribute("data-version")
    deploy_another(shaky, tmp_path)
    page.evaluate("() => navigator.serviceWorker.ready.then(registration => registration.update())")
    expect(page.get_by_role("button", name="Update now")).to_be_visible()
    tap(page, TWO, 4)
    assert page.locator("html").get_attribute("data-version") == was
    page.get_by_role("button", name="Update now").click()
    page.wait_for_function("was => document.documentElement.dataset.version !== was", arg=was)
    unlock(page, words)
    open_visit(page, "Zenobia")
    expect(page.locator(f"#answer-{ONE}-2")).to_be_checked()
    expect(page.locator(f"#answer-{TWO}-4")).to_be_checked()
    send(page)
    says(page, "saved")
    assert page.evaluate(NEXT_DATABASE) == "done"
