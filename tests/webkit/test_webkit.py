"""The day of a tablet once in WebKit: packed, without a signal, handed over, sent. Run by `make soak`.

WebKitGTK is the nearest thing to an iPad that can be had here; it is not one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.people import staff_of
from tests.support.server import LiveServer
from tests.support.tablet import CONTROLLED, WHOLE, plan
from tests.support.webdriver import Browser, webkit
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Survey
from wellbeing_app.services import answers, sessions

KEYS = INSTRUMENT.keys
LIST_IS_SHOWN = (
    "return document.body.dataset.at === 'visits' && document.querySelectorAll('.visit-card').length"
)
SAVED = "return document.getElementById('survey').dataset.state === 'saved'"
STATE = "return document.querySelector('[data-status]').dataset.state === given[0]"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path / "instance")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with webkit(tmp_path / "home") as browser:
        yield browser


def pack(browser: Browser, server: LiveServer, token: str) -> str:
    """Signed in: all that is planned; returns the new words."""
    browser.go(f"{server.url}/help")
    browser.cookie("wellbeing", token)
    browser.go(f"{server.url}/visits?choose=all")
    browser.click("#pack .button-primary")
    words = str(browser.until("return document.querySelector('[data-words]').textContent.trim()"))
    browser.type("#words-again", words)
    browser.click("#words-new .button-primary")
    browser.until("return !document.getElementById('packed').hidden")
    return words


def unlock(browser: Browser, words: str) -> None:
    browser.until("return document.body.dataset.at === 'lock'")
    browser.type("#passphrase", words)
    browser.click("#unlock button[type=submit]")
    browser.until(LIST_IS_SHOWN)


def open_visit(browser: Browser, name: str) -> None:
    browser.do(
        "[...document.querySelectorAll('.visit-card')].find(card => card.textContent.includes(given[0]))"
        ".querySelector('button').click()",
        name,
    )
    browser.until("return !document.getElementById('visit').hidden")


def tap(browser: Browser, key: str, value: int) -> None:
    browser.click(f"label:has(#answer-{key}-{value})")
    browser.until(SAVED)


def answer_and_save(browser: Browser, value: int) -> None:
    for key in KEYS:
        tap(browser, key, value)
    browser.click("[data-do=check]")
    browser.click("[data-do=save]")
    browser.until("return !document.querySelector('[data-step=saved]').hidden")


def answer_in_the_persons_hands(browser: Browser, value: int) -> None:
    browser.click("[data-do=before]")
    browser.click("[data-do=hand-over]")
    browser.click("[data-step=start] [data-do=next]")
    for number, key in enumerate(KEYS, 1):
        browser.click(f"[data-step='{number}'] label:has(#answer-{key}-{value})")
        browser.click(f"[data-step='{number}'] [data-do=next]")
    browser.click("[data-do=finish]")
    browser.click("[data-step=done] [data-do=advisor]")


def survive_a_reload(browser: Browser, server: LiveServer, words: str) -> None:
    """A tap, and then the page is loaded again, without a server: the tap is there."""
    unlock(browser, words)
    open_visit(browser, "Zenobia")
    tap(browser, KEYS[0], 2)
    browser.go(f"{server.url}/visit/en/")
    unlock(browser, words)
    open_visit(browser, "Zenobia")
    assert browser.do("return document.getElementById(given[0]).checked", f"answer-{KEYS[0]}-2")


def test_a_day_without_a_signal(server: LiveServer, browser: Browser) -> None:
    crew = server.hire()
    first, second = plan(server, crew.asha, "Zenobia", "Yusuf")
    with server.database() as db:
        token = sessions.start(db, staff_of(db, crew.asha), "WebKit")
    words = pack(browser, server, token)
    browser.go(f"{server.url}/visit/en/")
    browser.until(f"return ({CONTROLLED})()")
    browser.until(f"return ({WHOLE})()")
    server.kill()
    browser.go(f"{server.url}/visit/en/")
    survive_a_reload(browser, server, words)
    answer_and_save(browser, 4)
    browser.click("[data-step=saved] [data-do=close]")
    browser.until(LIST_IS_SHOWN)
    open_visit(browser, "Yusuf")
    answer_in_the_persons_hands(browser, 5)
    unlock(browser, words)
    browser.until(STATE, "offline")
    server.start()
    browser.do("dispatchEvent(new Event('online'))")
    browser.until(STATE, "sent")
    with server.database() as db:
        surveys = {
            one.ticket_id: set(answers.of_row(one).scores.values()) for one in db.scalars(select(Survey))
        }
    assert surveys == {first: {4}, second: {5}}
