"""What the tablet's own pages cost it, in a real browser: on the wire, until ready, and in the hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page, sync_playwright

from benchmarks.bars import Limit, Line
from benchmarks.measure import Spread
from benchmarks.wire import counting
from tests.support.browser import QUIET, TABLET, chromium
from tests.support.server import LiveServer
from tests.support.tablet import CONTROLLED, MODULE, WHOLE, pack, plan, unlock
from tests.support.visiting import open_visit
from wellbeing_app.config import Settings

# What, how many of a measured one make one in the table, its unit and its bar.
LINES = {
    "first visit": ("First visit, until its language is kept: on the wire", 1000, "kB", Limit(60)),
    "all languages": ("The same, and all other languages after it", 1000, "kB", None),
    "scripts": ("Own JavaScript of the tablet, its worker too, by gzip", 1000, "kB", Limit(15)),
    "ready": ("Ready, slow 4G and a quarter of the processor", 1, "ms", Limit(1500)),
    "relaunch": ("Started afresh without a server, until it can be used", 1, "ms", Limit(500)),
    "opening": ("500 packed people opened, a quarter of the processor", 1, "ms", Limit(300)),
    "tap": ("From a tap to its sealed draft on the disk", 1, "ms", Limit(20)),
}
SHELL = "/visit/en/"
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1638 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
SLOWER = 4
TAPS = 40
PEOPLE = 500
# When the first frame is drawn in which the page can be used and holds the eight measures' 40 points.
WATCH = """(() => {
    const look = () => {
        const points = document.querySelectorAll('#survey .point input')
        if (document.body?.dataset.at && points.length >= 40) window.readyAt = performance.now()
        else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
})()"""
READY_AT = "() => window.readyAt"
PACKED = f"""async many => {{
    {MODULE}
    const [vault, store, visits, workspace] = await Promise.all(
        ['vault', 'store', 'visits', 'workspace'].map(module))
    const staff = crypto.randomUUID()
    const later = new Date(Date.now() + 864e5).toISOString()
    const times = {{ packed_at: new Date().toISOString(), expires_at: later }}
    const keys = await vault.create(staff, 'AA', 'badomi feruta lanopi semuvo', times)
    const person = {{ occasion: 'baseline', last_name: 'Somebody', telephone: '01709 000000', language: 'en',
        address: '1 Quarry Row', access_notes: 'Rings twice. '.repeat(60), planned_for: '2026-11-20' }}
    const sealed = []
    for (let number = 0; number < many; number++) {{
        const ticket = crypto.randomUUID()
        const visit = {{ ...person, ticket, first_name: `Person ${{number}}` }}
        const kept = await vault.encrypt(keys, `visits/${{staff}}/${{ticket}}`, visit)
        sealed.push({{ staff, ticket, ...kept }})
    }}
    await store.transaction(['visits'], base => {{ for (const visit of sealed) base.put('visits', visit) }})
    workspace.unlocked(keys)
}}"""
OPEN_ALL = f"""async () => {{
    {MODULE}
    const visits = await module('visits')
    const began = performance.now()
    const found = await visits.packed()
    return [performance.now() - began, found.length]
}}"""
TAP = """async taps => {
    const points = [...document.querySelectorAll('#survey .point input')]
    const taken = []
    for (let at = 0; at < taps; at++) {
        const saved = new Promise(resolve => addEventListener('saved', resolve, { once: true }))
        const began = performance.now()
        points[(at * 7) % points.length].click()
        await saved
        taken.push(performance.now() - began)
    }
    return taken
}"""


def bytes_of_scripts(folder: Path) -> int:
    """All of our own JavaScript that a tablet keeps, as gzip packs it: the scripts and the worker."""
    from wellbeing_app import create_app
    from wellbeing_app.web.shell import ALL_SCRIPTS, shell

    app = create_app(Settings(folder, f"sqlite:///{folder}/none.sqlite", "k" * 40))
    with app.test_request_context():
        kept = shell()
    return sum(len(one.packed["gzip"]) for one in (kept.files[ALL_SCRIPTS], kept.worker))


class Tablet:
    """Browsers with folders of their own, against one server."""

    def __init__(self, browsers: BrowserType, server: LiveServer, folder: Path) -> None:
        self._browsers, self._server, self._folder = browsers, server, folder
        self._fresh = iter(range(10_000))

    def open(self, profile: Path | None = None, url: str | None = None) -> BrowserContext:
        return self._browsers.launch_persistent_context(
            profile or self.profile(),
            executable_path=chromium(),
            args=QUIET,
            base_url=url or self._server.url,
            viewport=TABLET,
        )

    def profile(self) -> Path:
        return self._folder / f"profile-{next(self._fresh)}"

    def bytes_of_first_visit(self) -> tuple[int, int]:
        """Everything that comes down until the form is kept for good, and until all languages are."""
        with counting(self._server.port) as wire:
            context = self.open(url=f"http://127.0.0.1:{wire.port}")
            page = context.pages[0]
            page.goto(SHELL)
            page.wait_for_function(CONTROLLED)
            page.wait_for_timeout(1000)
            first = wire.down
            page.wait_for_function(WHOLE)
            context.close()
            return first, wire.down

    def ready(self) -> float:
        """Milliseconds until the first visit can be used, on a slow line and a slow machine."""
        context = self.open()
        page = context.pages[0]
        slow_down(page, SLOW_4G)
        found = until_ready(page)
        context.close()
        return found

    def relaunch(self, profile: Path) -> float:
        """Milliseconds until it can be used again, the browser started afresh and the server gone."""
        context = self.open(profile)
        context.set_offline(True)
        found = until_ready(context.pages[0])
        context.close()
        return found

    def kept_profile(self) -> Path:
        """A browser's folder after one visit."""
        profile = self.profile()
        context = self.open(profile)
        context.pages[0].goto(SHELL)
        context.pages[0].wait_for_function(CONTROLLED)
        context.close()
        return profile

    def opening(self, rounds: int) -> Iterator[float]:
        """Milliseconds to open 500 packed people."""
        context = self.open()
        page = context.pages[0]
        page.goto(SHELL)
        page.evaluate(PACKED, PEOPLE)
        slow_down(page)
        for _ in range(rounds):
            taken, many = page.evaluate(OPEN_ALL)
            assert many == PEOPLE
            yield taken
        context.close()

    def taps(self) -> list[float]:
        """Milliseconds from a tap until its sealed draft is on the disk."""
        crew = self._server.hire()
        plan(self._server, crew.asha, "Zenobia")
        context = self.open()
        page = context.pages[0]
        self._server.sign_in(page, crew.asha)
        unlock(page, pack(page))
        open_visit(page, "Zenobia")
        found: list[float] = page.evaluate(TAP, TAPS)
        context.close()
        return found


def on_a_tablet(rounds: int) -> Iterator[Line]:
    """The pages for visits without a connection, in a browser."""
    figures = measure(rounds)
    for name, (what, by, unit, limit) in LINES.items():
        found = figures[name]
        spread = Spread(found.median / by, found.lowest / by, found.highest / by)
        yield Line(what, "Chromium", "", spread, unit, limit)


def until_ready(page: Page) -> float:
    page.add_init_script(WATCH)
    page.goto(SHELL)
    page.wait_for_function(READY_AT)
    return float(page.evaluate(READY_AT))


def slow_down(page: Page, network: dict[str, Any] | None = None) -> None:
    devtools = page.context.new_cdp_session(page)
    if network:
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", network)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def measure(rounds: int) -> dict[str, Spread]:
    """Every figure of the tablet's, by its name: bytes, or milliseconds."""
    with tempfile.TemporaryDirectory(prefix="wellbeing-tablet-") as name, sync_playwright() as playwright:
        folder = Path(name)
        server = LiveServer(folder / "instance")
        server.start()
        try:
            tablet = Tablet(playwright.chromium, server, folder)
            profile = tablet.kept_profile()
            scripts = bytes_of_scripts(folder)
            visits = [tablet.bytes_of_first_visit() for _ in range(min(rounds, 3))]
            return {
                "scripts": Spread(scripts, scripts, scripts),
                "first visit": Spread.of([first for first, _ in visits]),
                "all languages": Spread.of([whole for _, whole in visits]),
                "ready": Spread.of([tablet.ready() for _ in range(rounds)]),
                "relaunch": Spread.of([tablet.relaunch(profile) for _ in range(rounds)]),
                "opening": Spread.of(list(tablet.opening(rounds))),
                "tap": Spread.of(tablet.taps()),
            }
        finally:
            server.stop()
