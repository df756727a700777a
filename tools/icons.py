"""Makes the app's pictures for a tablet's home screen from its icon: `python -m tools.icons`.

Home screens want PNG. The maskable one has room around it, for systems that cut a circle out of it.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import QUIET, chromium

STATIC = Path(__file__).resolve().parent.parent / "wellbeing_app" / "static"
ACCENT = "#00504b"
WHOLE = "<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{svg}"
ROOMY = (
    "<style>body {{ margin: 0; background: {accent} }} "
    "svg {{ display: block; width: {inner}px; margin: {around}px }}</style>{svg}"
)


def main() -> None:
    """Write them beside the icon."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        for size in (180, 192, 512):
            _draw(browser, f"icon-{size}.png", size, WHOLE)
        _draw(browser, "icon-maskable.png", 512, ROOMY)
        browser.close()


def _draw(browser: Browser, name: str, size: int, page_of: str) -> None:
    svg = (STATIC / "icon.svg").read_text(encoding="utf-8")
    inner = size * 5 // 8
    with browser.new_page(viewport={"width": size, "height": size}) as page:
        page.set_content(
            page_of.format(size=size, svg=svg, accent=ACCENT, inner=inner, around=(size - inner) // 2)
        )
        _fewer_colours(page.screenshot(omit_background=True)).save(STATIC / name, optimize=True)


def _fewer_colours(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    return picture.quantize(32, method=Image.Quantize.FASTOCTREE)


if __name__ == "__main__":
    main()
