"""The offline form's rules and star in the browser: the same answers as the server's, on the same vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.rules import KNOWN, by_python, cases, made_up

STAR = json.loads((Path(__file__).parents[1] / "vectors" / "star.json").read_text())
CHECK_ALL = """async ([known, forms]) => {
    const { check } = await import('/static/js/rules.js')
    return forms.map(([fields, when]) => check(fields, known, when))
}"""
DRAW_ALL = """async ({ rings, cases }) => {
    const { marksOf, pathOf } = await import('/static/js/star.js')
    const points = rings.map(ring => ring.split(' '))
    return cases.map(({ scores }) => {
        const marks = marksOf(points, scores)
        return { scores, path: pathOf(marks), marks }
    })
}"""


def by_the_browser(page: Page, forms: list[Any]) -> list[dict[str, str]]:
    page.goto("/help")
    found: list[dict[str, str]] = page.evaluate(CHECK_ALL, [KNOWN, forms])
    return found


def test_the_browser_finds_what_the_vectors_say(page: Page) -> None:
    wanted = {name: problems for name, _fields, _when, problems in cases()}
    found = by_the_browser(page, [(fields, when) for _name, fields, when, _problems in cases()])
    assert dict(zip(wanted, found, strict=True)) == wanted


def test_whatever_is_typed_the_browser_finds_what_the_server_finds(page: Page) -> None:
    forms = made_up(400, seed=3)
    wanted = [by_python(fields, when) for fields, when in forms]
    found = by_the_browser(page, forms)
    apart = [(forms[n], wanted[n], found[n]) for n in range(len(forms)) if wanted[n] != found[n]]
    assert apart[:1] == []
    assert sum(map(bool, wanted)) > 200


def test_the_browser_draws_the_star_of_the_vectors(page: Page) -> None:
    page.goto("/help")
    assert page.evaluate(DRAW_ALL, STAR) == STAR["cases"]
