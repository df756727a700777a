"""The pictures of the README, taken from the running app: `make pictures`.

They show the demo's people, on a day and with codes that are always the same: so a picture changes only when
its page does.
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pypdfium2
import time_machine
import waitress
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page

from tests.support.browser import PHONE, TABLET, open_page, running_browser
from tests.support.tablet import pack_here
from wellbeing_app import create_app
from wellbeing_app.cli import demonstration
from wellbeing_app.config import Settings
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model.database import session_factory
from wellbeing_app.paper import press, sheets
from wellbeing_app.paper.press import Copy
from wellbeing_app.services import demo, instance, upkeep
from wellbeing_app.services.demo import SignIn
from wellbeing_app.services.passwords import Passwords

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
COLOURS = 64
GAP, FRAME = 24, "#6b7377"
LARGEST = 120_000
NOBODYS_TOKEN, NOBODYS_CODE = "0123456789ABCDEF", "2345678B"

Picture = Image.Image


@dataclass(frozen=True)
class Studio:
    """The demo as it runs, and how everybody signs in."""

    url: str
    browser: Browser
    sign_ins: Mapping[str, SignIn]

    @contextmanager
    def page_of(self, first_name: str, viewport: Any = TABLET) -> Iterator[Page]:
        """A browser in which this member of staff has just signed in."""
        one = self.sign_ins[first_name]
        with open_page(self.browser, self.url, viewport=viewport) as page:
            page.goto("/sign-in")
            page.locator("[name=email]").fill(one.email)
            page.locator("[name=password]").fill(one.password)
            page.locator("main button").first.click()
            page.wait_for_url(lambda url: not url.endswith("/sign-in"))
            yield page


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as until_the_end:
        studio = until_the_end.enter_context(_studio())
        for name, take in PICTURES.items():
            size = _keep(take(studio), FOLDER / f"{name}.png")
            print(f"{name}.png: {size:,} bytes")


@contextmanager
def _studio() -> Iterator[Studio]:
    with (
        time_machine.travel(MORNING),
        patch.object(secrets, "choice", random.Random(8).choice),  # noqa: S311 - codes of invented people
        TemporaryDirectory() as folder,
        _running(Path(folder)) as (url, sign_ins),
        running_browser() as browser,
    ):
        yield Studio(url, browser, sign_ins)


@contextmanager
def _running(folder: Path) -> Iterator[tuple[str, Mapping[str, SignIn]]]:
    """The demo, served from this process, so that it lives on the same day."""
    instance.prepare(folder)
    demonstration.mark(folder)
    settings = Settings.from_environment({"WELLBEING_INSTANCE": str(folder)})
    engine = upkeep.open_database(settings)
    upkeep.bring_up_to_date(engine, settings)
    with session_factory(engine).begin() as db:
        sign_ins = {one.name.split()[0]: one for one in demo.load(db, Passwords(settings.password_cost))}
    engine.dispose()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(create_app(settings), host="127.0.0.1", port=0)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.effective_port}", sign_ins
    server.close()


def caseload(studio: Studio) -> Picture:
    """Who is on the way, and what is next for one of them."""
    with studio.page_of("Priya") as page:
        everybody = _shot(page)
        _open(page, "Grace Fennel")
        return _beside(everybody, _shot(page))


def survey(studio: Studio) -> Picture:
    """All eight on one page, on the advisor's tablet and on a telephone."""
    with studio.page_of("Priya") as page:
        _begin(page, "Ali Sumac")
        _answer(page, 3)
        tablet = _shot(page)
        page.set_viewport_size(PHONE)
        phone = _shot(page, full_page=True)
        return _beside(tablet, phone.crop((0, 0, phone.width, tablet.height)))


def check(studio: Studio) -> Picture:
    """The answers once more in words, before they are saved."""
    with studio.page_of("Priya") as page:
        _begin(page, "Ali Sumac")
        for place, key in enumerate(INSTRUMENT.keys):
            page.locator(f"#answer-{key}-{2 + place % 3}").check()
        page.get_by_role("button", name="Check answers").click()
        return _shot(page)


def by_oneself(studio: Studio) -> Picture:
    """What the person sees first, then one measure at a time, in English and in Urdu."""
    with studio.page_of("Priya", PHONE) as page:
        _begin(page, "Doreen Marjoram")
        page.get_by_role("button", name="Hand the screen to the person").click()
        opening, start = _shot(page, full_page=True), page.url
        english = _first_measure(page, start)
        page.goto(start)
        page.get_by_role("button", name="اردو").first.click()
        return _beside(opening, english, _first_measure(page, start))


def progress(studio: Studio) -> Picture:
    """Then and now: a sentence, the change of each measure, the star, the table."""
    with studio.page_of("Priya") as page:
        _open(page, "Siobhán Heather")
        page.get_by_role("link", name="See progress").click()
        whole = _shot(page, full_page=True)
        middle, end = _top_of(page, "The star"), _top_of(page, "What was said")
        upper, lower = (0, middle), (middle, end)
        return _beside(*(whole.crop((0, top, whole.width, bottom)) for top, bottom in (upper, lower)))


def service(studio: Studio) -> Picture:
    """The figures as an evaluator sees them, and the settings."""
    with studio.page_of("Emeka") as page:
        figures = _shot(page)
    with studio.page_of("Alma") as page:
        page.get_by_role("link", name="Settings", exact=True).click()
        return _beside(figures, _shot(page))


def visit(studio: Studio) -> Picture:
    """The visits a tablet has with it, and a form in one of them, without a connection."""
    with studio.page_of("Priya") as page:
        page.clock.set_fixed_time(MORNING)
        page.goto("/visits?choose=all")
        words = pack_here(page)
        page.locator("#packed a").click()
        page.locator("#passphrase").fill(words)
        page.locator("#unlock [type=submit]").click()
        page.locator(".visit-card").first.wait_for()
        page.context.set_offline(offline=True)
        packed = _shot(page)
        page.locator(".visit-card button").first.click()
        _answer(page, 3)
        page.set_viewport_size(PHONE)
        return _beside(packed, _shot(page))


def paper(studio: Studio) -> Picture:
    """The form on paper, and a summary to take home."""
    form = press.one(sheets.FORMS["survey"], "en", Copy(NOBODYS_TOKEN, NOBODYS_CODE), studio.url)
    with studio.page_of("Priya") as page:
        _open(page, "Siobhán Heather")
        reference = page.url.rsplit("/", 1)[-1]
        summary = page.request.get(f"{studio.url}/people/{reference}/summary").body()
    return _beside(_first_sheet(form.pdf), _first_sheet(summary))


def evaluation(studio: Studio) -> Picture:
    """The report over everybody, from its top and from its first chart."""
    with studio.page_of("Martin") as page:
        page.goto("/report")
        whole = _shot(page, full_page=True)
        height = TABLET["height"]
        parts = [whole.crop((0, top, whole.width, top + height)) for top in (0, _charts(page))]
        return _beside(*parts)


PICTURES: Mapping[str, Callable[[Studio], Picture]] = {
    "caseload": caseload,
    "survey": survey,
    "by-oneself": by_oneself,
    "check": check,
    "progress": progress,
    "service": service,
    "visit": visit,
    "paper": paper,
    "evaluation": evaluation,
}


def _open(page: Page, name: str) -> None:
    page.goto(f"/find?q={name}")
    page.locator("main").get_by_role("link", name=name).first.click()


def _begin(page: Page, name: str) -> None:
    """Open the survey that is due; one that was begun before goes on."""
    _open(page, name)
    page.locator("main .button").first.click()


def _answer(page: Page, value: int) -> None:
    page.locator(f"#answer-{INSTRUMENT.keys[0]}-{value}").check()
    page.evaluate("document.activeElement.blur()")


def _first_measure(page: Page, start: str) -> Picture:
    page.goto(f"{start}1")
    _answer(page, 2)
    return _shot(page, full_page=True)


def _top_of(page: Page, heading: str) -> int:
    """Where the card with this heading begins, in pixels from the top of the page."""
    title = page.get_by_role("heading", name=heading, exact=True)
    top = title.evaluate(
        "h => (h.closest('.card') ?? h).getBoundingClientRect().top + document.documentElement.scrollTop"
    )
    return int(top) - 6


def _charts(page: Page) -> int:
    """Where the second card with a chart begins, in pixels from the top of the page."""
    chart = page.locator("main svg").nth(1)
    return int(chart.evaluate("s => s.closest('section, figure').getBoundingClientRect().top + scrollY")) - 6


def _first_sheet(pdf: bytes) -> Picture:
    document = pypdfium2.PdfDocument(pdf)
    sheet: Picture = document[0].render(scale=1.4).to_pil().convert("RGB")
    document.close()
    return sheet


def _shot(page: Page, *, full_page: bool = False) -> Picture:
    return Image.open(BytesIO(page.screenshot(full_page=full_page, animations="disabled"))).convert("RGB")


def _beside(*pictures: Picture) -> Picture:
    """Side by side on white, each in a thin frame."""
    framed = [ImageOps.expand(picture, border=1, fill=FRAME) for picture in pictures]
    width = sum(picture.width for picture in framed) + GAP * (len(framed) - 1)
    sheet = Image.new("RGB", (width, max(picture.height for picture in framed)), "white")
    left = 0
    for picture in framed:
        sheet.paste(picture, (left, 0))
        left += picture.width + GAP
    return sheet


def _keep(picture: Picture, file: Path) -> int:
    """Write it small; returns its size in bytes. A file that would be too large is an error."""
    few_colours = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    few_colours.save(file, optimize=True)
    size = file.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{file.name} has {size:,} bytes, more than {LARGEST:,}.")
    return size


if __name__ == "__main__":
    main()
