"""HTML to PDF: `pdf(html)` gives the bytes of one document.

How to use it. Draw a template from `printable/` with `render_template("printable/….html")`: its macros, words
and languages are those of the pages. In its head: `<html lang dir>`, a `<title>`, and
`<link rel="stylesheet" href="print.css">`. A name in `href` or `src` is that of a file in `printable/` or in
`wellbeing_app/static/` (`css/….css`, `icon.svg`); everything else is refused (`own_files.py`): no network, no
file of this machine, no `data:`. Inline SVG works; its style is presentation attributes.

What comes out is tagged (PDF/UA-1) with all fonts embedded, unless `tagged` is False: for sheets that are
printed only, somewhat smaller.

Bounds. One document is drawn at a time in a process, for Pango shares state between threads and a whole
document is in memory (some 3 MB a page). `pdf` refuses what is larger than a leaflet (`TooLarge`). Hundreds
of pages are the work of a child process of their own, document by document, never of a web worker.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Final, cast

from wellbeing_app.paper import libraries

LARGEST: Final = 400_000
"""Characters of HTML; a one-page summary with its pictures has 40,000."""
_one_at_a_time = Lock()


class Unavailable(Exception):
    """This machine lacks what PDF files need; the arguments are Debian's names of the packages."""


class TooLarge(ValueError):
    """More than one document's worth of HTML."""


def pdf(
    html: str,
    *tighter: str,
    tagged: bool = True,
    pages: int | None = None,
    finisher: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """The document as a PDF. Raises `Unavailable` or `TooLarge`.

    With `pages`: the first of `html` and its `tighter` settings that needs no more; the last if none does.
    `finisher` gets the rendered document and its PDF's objects before they are written.
    """
    if (longest := max(map(len, (html, *tighter)))) > LARGEST:
        raise TooLarge(longest)
    if missing := libraries.missing():
        raise Unavailable(*missing)
    # Half a second, once: paid by whoever first wants a PDF, not by every start of the app.
    from weasyprint import HTML

    from wellbeing_app.paper.own_files import BASE, OwnFiles

    variant = {"pdf_variant": "pdf/ua-1"} if tagged else {}
    with _one_at_a_time:
        for setting in (html, *tighter):
            document = HTML(string=setting, base_url=BASE, url_fetcher=OwnFiles()).render(**variant)
            if pages is None or len(document.pages) <= pages:
                break
        return cast(bytes, document.write_pdf(finisher=finisher, **variant))
