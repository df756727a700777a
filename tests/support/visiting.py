"""An advisor's tablet in a real browser: packed, unlocked, and used for visits."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.tablet import CONTROLLED, WHOLE
from wellbeing_app.instrument import INSTRUMENT

KEYS = INSTRUMENT.keys
WORDS = "badomi feruta lanopi semuvo"
# What the page for packing does, without its buttons.
PACK = """async ([tickets, words]) => {
    const ask = async (path, body) => {
        const headers = { 'Content-Type': 'application/json', 'X-Wellbeing': '1' }
        const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
        return answer.json()
    }
    const { version } = document.documentElement.dataset
    const { use } = await import(`/visit/at/${version}/js/tablet.js`)
    const [vault, store] = [use('vault'), use('store')]
    const { device, staff, initials, intake } = await ask('/sync/enrol', { name: 'A tablet', version })
    await store.put('device', { id: 'this', device, intake })
    const { packed_at, expires_at, service, visits } = await ask('/sync/pack', { tickets })
    const more = { packed_at, expires_at, service }
    const known = await vault.has(staff)
    const keys = known ? await vault.unlock(staff, words) : await vault.create(staff, initials, words, more)
    for (const visit of visits) {
        const sealed = await vault.encrypt(keys, `visits/${staff}/${visit.ticket}`, visit)
        await store.put('visits', { staff, ticket: visit.ticket, ...sealed })
    }
}"""
SENT = re.compile("sent|held")
SAVED = "() => document.getElementById('survey').dataset.state === 'saved'"


def pack(page: Page, tickets: Sequence[uuid.UUID], words: str = WORDS) -> None:
    """Signed in and online: these visits are on the tablet, and the worker keeps its pages."""
    page.goto("/visit/en/")
    page.evaluate(PACK, [[str(ticket) for ticket in tickets], words])
    page.wait_for_function(CONTROLLED)
    page.wait_for_function(WHOLE)


def unlock(page: Page, words: str = WORDS, language: str = "en") -> None:
    page.goto(f"/visit/{language}/")
    type_words(page, words)


def type_words(page: Page, words: str = WORDS, *, expect_visits: bool = True) -> None:
    page.locator("#passphrase").fill(words)
    page.locator("#unlock button[type=submit]").click()
    if expect_visits:
        expect(page.locator("[data-view=visits]")).to_be_visible()


def open_visit(page: Page, name: str) -> None:
    """From the list to the person's form."""
    page.locator(".visit-card", has_text=name).locator("button").first.click()
    expect(page.locator("#survey")).to_be_visible()


def tap(page: Page, key: str, value: str | int) -> None:
    """One answer; it is on the disk when this is done."""
    page.locator(f"#answer-{key}-{value}").check()
    page.wait_for_function(SAVED)


def answer_all(page: Page, value: str | int = 3, **others: str | int) -> None:
    for key in KEYS:
        page.locator(f"#answer-{key}-{others.get(key, value)}").check()


def finish(page: Page) -> None:
    page.locator("[data-do=check]").click()
    page.locator("[data-do=save]").click()
    expect(page.locator("[data-step=saved]")).to_be_visible()


def sent(page: Page) -> None:
    """Waits until nothing waits."""
    expect(page.locator("[data-status]")).to_have_attribute("data-state", SENT, timeout=20_000)


def stored(page: Page, *stores: str) -> dict[str, list[dict[str, Any]]]:
    """What lies in these stores, bytes left out."""
    found: dict[str, list[dict[str, Any]]] = page.evaluate(
        """async stores => {
            const base = await new Promise((resolve, reject) => {
                const request = indexedDB.open('wellbeing')
                request.onsuccess = () => resolve(request.result)
                request.onerror = () => reject(request.error)
            })
            const read = store => new Promise(resolve => {
                const request = base.transaction(store).objectStore(store).getAll()
                request.onsuccess = () => resolve(request.result)
            })
            const told = {}
            for (const store of stores) told[store] = JSON.parse(JSON.stringify(await read(store)))
            base.close()
            return told
        }""",
        list(stores),
    )
    return found
