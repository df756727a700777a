"""A code on paper opens the packed visit without a connection: by its address, its characters, the camera."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_visit import plan
from tests.support.browser import QUIET, chromium
from tests.support.people import Crew
from tests.support.server import LiveServer
from tests.support.visiting import KEYS, pack, tap, type_words, unlock
from wellbeing_app.model import PrintedCopy
from wellbeing_app.paper import codes as paper_codes
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.services import clock, codes
from wellbeing_app.services.printing import token_hash


@dataclass(frozen=True)
class Sheet:
    """What is printed on a form: the end of its address, and its eight characters."""

    end: str
    characters: str


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


def put_on_a_table(page: Page, server: LiveServer, crew: Crew, name: str) -> Sheet:
    """A form of theirs lies on the table; the visit is packed in this page's browser."""
    ticket = plan(server, crew, name)
    token, characters = codes.new_token(), codes.new_form_code()
    of_form = {"form": "survey", "version": 1, "language": "en"}
    made = {"made_at": clock.now(), "made_by_id": crew.asha.id, "printed_at": clock.now()}
    copy = PrintedCopy(token_hash=token_hash(token), human_id=characters, ticket_id=ticket, **of_form, **made)
    with server.database() as db:
        db.add(copy)
    server.sign_in(page, crew.asha)
    pack(page, [ticket])
    return Sheet(SheetCode("S", 1, 1, "en", token).text(), characters)


def opened(page: Page, name: str) -> None:
    """The person's form, as one that was filled in on paper."""
    expect(page.locator("#visit h1").first).to_contain_text(f"{name} Quist")
    expect(page.locator("[name=mode][value=self_paper]")).to_be_checked()


def test_a_code_opens_the_packed_visit_without_a_connection(
    page: Page, live_server: LiveServer, crew: Crew
) -> None:
    sheet = put_on_a_table(page, live_server, crew, "Quinn")
    page.context.set_offline(True)
    page.goto(f"/E/{sheet.end}")
    assert page.url.endswith("/visit/en/")  # the code does not stay in the address
    type_words(page, expect_visits=False)
    opened(page, "Quinn")
    tap(page, KEYS[0], 4)
    unlock(page)
    page.locator("#code").fill("BCDF GHJK")
    page.keyboard.press("Enter")
    expect(page.locator("#by-code-problem")).to_be_visible()
    page.locator("#code").fill(f"{sheet.characters[:4].lower()} {sheet.characters[4:]}")
    page.keyboard.press("Enter")
    opened(page, "Quinn")
    expect(page.locator(f"#answer-{KEYS[0]}-4")).to_be_checked()
    expect(page.locator("#scan")).to_be_hidden()  # this browser has no BarcodeDetector


# What the browser here lacks: a detector. It looks at the same picture, with the library that the server has.
DETECTOR = """window.BarcodeDetector = class {
    static getSupportedFormats = async () => ['qr_code']
    async detect(video) {
        const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
        const drawing = canvas.getContext('2d')
        drawing.drawImage(video, 0, 0)
        const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height)
        const grey = Array.from({ length: data.length / 4 }, (_, at) => data[4 * at])
        const text = await window.lookAt(grey, canvas.width)
        return text ? [{ rawValue: text }] : []
    }
}"""


def filmed(text: str) -> bytes:
    """The code held before a camera: some pictures of it, one after the other."""
    side = 8
    dark = paper_codes.modules(text)
    drawn = Image.fromarray(numpy.where(numpy.array(dark), 0, 255).astype(numpy.uint8))
    drawn = drawn.resize((len(dark) * side, len(dark) * side), Image.Resampling.NEAREST)
    picture = Image.new("RGB", (640, 480), "white")
    picture.paste(drawn, ((640 - drawn.width) // 2, (480 - drawn.height) // 2))
    frame = io.BytesIO()
    picture.save(frame, "JPEG", quality=95)
    return frame.getvalue() * 10


def look_at(grey: list[int], width: int) -> str:
    """What code is on a picture."""
    found = zxingcpp.read_barcodes(numpy.array(grey, numpy.uint8).reshape(-1, width))
    return found[0].text if found else ""


def test_the_camera_opens_the_packed_visit(
    browser: Browser, live_server: LiveServer, crew: Crew, tmp_path: Path
) -> None:
    """A film before Chromium's own fake camera; the detector alone is a stand-in."""
    film = tmp_path / "film.mjpeg"
    film.write_bytes(b"")
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    filming = browser.browser_type.launch(executable_path=chromium(), args=[*QUIET, *camera])
    context = filming.new_context(base_url=live_server.url, permissions=["camera"])
    context.add_init_script(DETECTOR)
    context.expose_function("lookAt", look_at)
    page = context.new_page()
    sheet = put_on_a_table(page, live_server, crew, "Rae")
    film.write_bytes(filmed(f"{live_server.url}/E/{sheet.end}".upper()))
    context.set_offline(True)
    unlock(page)
    page.locator("#scan").click()
    expect(page.locator("body")).to_have_attribute("data-at", "visit", timeout=20_000)
    opened(page, "Rae")
    expect(page.locator("#viewfinder")).to_be_hidden()
    filming.close()
