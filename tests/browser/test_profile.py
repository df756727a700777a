"""What a thief finds on a tablet's disk, every byte of the browser's folder read: nothing that was said."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import QUIET, TABLET, chromium
from tests.support.people import Crew
from tests.support.server import LiveServer
from tests.support.tablet import open_shell, pack, plan, unlock
from tests.support.visiting import KEYS, answer_all, finish, open_visit, tap

WORDS = ("Zenobiah", "Quarrymanstreet", "Sincethegardenflooded", "Herbrothersaid")
NAME, STREET, NOTE, LATER = (f"{word}{len(word):x}7b" for word in WORDS)
CONTROL = "thiscanbefoundagain"
# Notes down every key that is made to be wrapped, as only this test can: the page forgets it.
LISTEN = """() => {
    const { wrapKey, exportKey } = crypto.subtle
    window.seen = []
    crypto.subtle.wrapKey = async function (format, key, ...how) {
        window.seen.push(Array.from(new Uint8Array(await exportKey.call(this, format, key))))
        return wrapKey.call(this, format, key, ...how)
    }
}"""


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def tablet(browser: Browser, live_server: LiveServer, profile: Path) -> Iterator[BrowserContext]:
    """A browser whose folder stays."""
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=QUIET,
        base_url=live_server.url,
        viewport=TABLET,
        ignore_default_args=["--password-store=basic"],
    )
    yield context
    context.close()


def forms(secret: bytes) -> set[bytes]:
    """How a text may lie on a disk: as it is, and in base64 wherever it begins."""
    found = {secret}
    for start in range(3):
        whole = base64.b64encode(bytes(start) + secret)
        found.add(whole[4 if start else 0 : -4])
    return found


def of_text(text: str) -> set[bytes]:
    return forms(text.encode()) | forms(text.encode("utf-16-le"))


def hits(profile: Path, wanted: dict[str, set[bytes]]) -> dict[str, list[str]]:
    """In which files each of these stands."""
    found: dict[str, list[str]] = {}
    for path in (Path(folder) / name for folder, _none, names in os.walk(profile) for name in names):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            for name, each in wanted.items():
                if any(one in content for one in each):
                    found.setdefault(name, []).append(str(path.relative_to(profile)))
    return found


def a_day_with(tablet: BrowserContext, live_server: LiveServer, crew: Crew) -> tuple[Page, list[bytes]]:
    """One visit finished without a signal, one half done, and locked. Returns the keys that were made."""
    page = tablet.pages[0]
    page.add_init_script(f"({LISTEN})()")
    live_server.sign_in(page, crew.asha)
    words = pack(page)
    keys = [bytes(one) for one in page.evaluate("() => window.seen")]
    unlock(page, words)
    tablet.set_offline(True)
    open_visit(page, NAME)
    answer_all(page)
    page.locator(f"#measure-{KEYS[0]}").get_by_text("Add a note").click()
    page.locator(f"#note-{KEYS[0]}").fill(NOTE)
    finish(page)
    unlock(page, words)
    open_visit(page, LATER)
    tap(page, KEYS[0], 2)
    page.locator(f"#measure-{KEYS[1]}").get_by_text("Add a note").click()
    page.locator(f"#note-{KEYS[1]}").fill(NOTE)
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Lock").click()
    expect(page.locator("body")).to_have_attribute("data-at", "lock")
    return page, keys


def test_after_locking_no_name_no_answer_and_no_key_lies_on_the_disk(
    tablet: BrowserContext, live_server: LiveServer, crew: Crew, profile: Path
) -> None:
    plan(live_server, crew.asha, NAME, LATER, address=STREET)
    page, keys = a_day_with(tablet, live_server, crew)
    open_shell(page)
    page.evaluate("text => localStorage.setItem('control', text)", CONTROL)
    page.wait_for_timeout(300)
    tablet.close()
    wanted = {text: of_text(text) for text in (NAME, LATER, STREET, NOTE, CONTROL)}
    wanted["answers"] = of_text('"answers":{') | of_text(f'"answer-{KEYS[0]}":')
    wanted |= {f"key {number}": {key, *forms(key)} for number, key in enumerate(keys)}
    found = hits(profile, wanted)
    assert len(keys) >= 2
    assert set(found) == {CONTROL}, found
