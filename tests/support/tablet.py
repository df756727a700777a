"""A tablet in a real browser: packed through its own pages, and looked into from below."""

from __future__ import annotations

import uuid
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.people import refer
from tests.support.server import LiveServer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion
from wellbeing_app.services import clock, tickets
from wellbeing_app.services.access import Actor

CONTROLLED = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
# Whether the worker has every page in every language: it looks at the bytes, and gets what is missing.
WHOLE = """() => new Promise(resolve => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => resolve(!data.wrong.length)
    navigator.serviceWorker.controller.postMessage({ type: 'verify' }, [port2])
})"""
# What a module of the tablet's exports, in a page that has the tablet's documents or none.
MODULE = """const module = async name => {
    const { version } = document.documentElement.dataset
    if (!version) return import(`/static/js/${name}.js`)
    return (await import(`/visit/at/${version}/js/tablet.js`)).use(name)
}"""
# A finished survey without its form: sealed and in the outbox, as if it were done this very moment.
FINISH = f"""async ({{ staff, ticket, item, send }}) => {{
    {MODULE}
    const [seal, store, outbox] = await Promise.all(['seal', 'store', 'outbox'].map(module))
    const {{ intake }} = await store.get('device', 'this')
    const vault = await store.get('vaults', staff)
    const bytes = await module('bytes')
    const key = bytes.fromBase64url(intake[0].public)
    const sealed = await seal.sealJSON(key, item.id, item)
    const own = await seal.sealJSON(vault.publicKey, item.id, item)
    await outbox.finish(item.id, {{ id: item.id, staff, sealed, own }}, ticket)
}}"""
SEND = f"""async () => {{
    {MODULE}
    await (await module('outbox')).send()
}}"""
STORED = f"""async store => {{
    {MODULE}
    const found = await (await module('store')).all(store)
    const isClear = ([, value]) => !(value instanceof Uint8Array)
    return found.map(one => Object.fromEntries(Object.entries(one).filter(isClear)))
}}"""


def plan(server: LiveServer, advisor: Actor, *names: str, **details: Any) -> list[uuid.UUID]:
    """A planned first survey for each of these people."""
    with server.database() as db:
        episodes = [refer(db, advisor, name, **details) for name in names]
        planned = [tickets.plan(db, advisor, one.id, Occasion.BASELINE, clock.today()) for one in episodes]
        return [ticket.id for ticket in planned]


def pack(page: Page) -> str:
    """Signed in: pack all that is planned, with new words, and return them."""
    page.goto("/visits?choose=all")
    return pack_here(page)


def pack_here(page: Page) -> str:
    """The same on the page for choosing, with what is chosen there."""
    page.locator("#pack .button-primary").click()
    shown = page.locator("[data-words]")
    expect(shown).to_be_visible()
    words = shown.inner_text()
    page.locator("#words-again").fill(words)
    page.locator("#words-new .button-primary").click()
    expect(page.locator("#packed")).to_be_visible(timeout=20_000)
    return words


def open_shell(page: Page, language: str = "en") -> None:
    page.goto(f"/visit/{language}/")
    expect(page.locator("body")).to_have_attribute("data-at", "lock")


def unlock(page: Page, words: str) -> None:
    open_shell(page)
    page.locator("#passphrase").fill(words)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("[data-view=visits]")).to_be_visible(timeout=20_000)


def finish(page: Page, staff: uuid.UUID, ticket: uuid.UUID | None = None, **changes: Any) -> str:
    """A finished survey takes its place in the outbox; returns its id."""
    item = {**survey(staff, ticket), **changes}
    page.evaluate(FINISH, {"staff": str(staff), "ticket": ticket and str(ticket), "item": item})
    return str(item["id"])


def finish_unlocked(page: Page) -> str:
    """The same for whoever's only entry there is on this tablet, for the first of the visits."""
    visit = stored(page, "visits")[0]
    return finish(page, uuid.UUID(visit["staff"]), uuid.UUID(visit["ticket"]))


def survey(staff: uuid.UUID, ticket: uuid.UUID | None) -> dict[str, Any]:
    """What a tablet seals, with a 3 for everything."""
    now = clock.now().isoformat()
    return {
        "schema": 1,
        "id": str(uuid.uuid4()),
        "kind": "survey",
        "device": None,
        "author": str(staff),
        "ticket": ticket and str(ticket),
        "occasion": "baseline",
        "person": None,
        "instrument_version": INSTRUMENT.version,
        "answers": dict.fromkeys(INSTRUMENT.keys, 3),
        "prompts": {},
        "notes": {},
        "mode": "in_person",
        "respondent": "self",
        "helper": "",
        "with_interpreter": False,
        "language": "en",
        "completed_on": clock.today().isoformat(),
        "date_reason": "",
        "started_at": now,
        "finished_at": now,
        "self_completed": False,
        "flag": None,
        "flag_id": None,
    }


def send(page: Page) -> None:
    """Try to send now, and wait how it ends."""
    page.evaluate(SEND)


def stored(page: Page, store: str) -> list[dict[str, Any]]:
    """What lies in one of the tablet's stores, without the sealed bytes."""
    found: list[dict[str, Any]] = page.evaluate(STORED, store)
    return found


def says(page: Page, state: str, timeout: float = 10_000) -> None:
    """The honest line says this."""
    expect(page.locator("[data-status]")).to_have_attribute("data-state", state, timeout=timeout)
