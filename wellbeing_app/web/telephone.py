"""Telephone numbers as people write them, and as a tel: link wants them."""

from __future__ import annotations

import re
import unicodedata

# A number with what stands between its digits: spaces, brackets, dots, hyphens and dashes.
NUMBER = re.compile(r"\+?[\s(]*\d[\d\s().\u2010-\u2014-]*")
ABROAD = re.compile(r"\s*(\+|\(?\s*00)")
LEFT_OUT_ABROAD = re.compile(r"\(\s*0\s*\)")
SHORTEST = 3


def dialled(number: str) -> str:
    """What to dial: "+44 (0)1632 960 777 (mum)" is +441632960777. "" where there is nothing to dial."""
    written = "".join(str(unicodedata.decimal(one, one)) for one in number)
    found = [_digits(one) for one in NUMBER.findall(written)]
    return next((one for one in found if len(one.lstrip("+")) >= SHORTEST), "")


def _digits(written: str) -> str:
    """The digits alone, without the (0) that only callers at home dial."""
    if ABROAD.match(written):
        written = LEFT_OUT_ABROAD.sub("", written)
    plus = "+" if written.startswith("+") else ""
    return plus + re.sub(r"\D", "", written)
