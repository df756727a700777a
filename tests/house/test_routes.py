"""Every route, every method, every role, and whose it is: who gets in, and what everybody else sees.

Who may is written by hand in `matrix`. Each request is sent as a browser would send it, and undone.
"""

from __future__ import annotations

import pytest

from tests.house.markup import forms_without_token, inline
from tests.house.matrix import CASES, ROWS
from tests.house.routes import Route, routes
from tests.house.verdict import leaks, verdict
from tests.house.world import MARKS, World

PAGES = [key for key in ROWS if key.endswith(" GET")]
UNSAFE = [key for key in ROWS if key not in PAGES]
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)

Forged = tuple[dict[str, str | None], dict[str, str]]
FORGED: dict[str, Forged] = {
    "no token": ({"csrf_token": None}, {}),
    "a wrong token": ({"csrf_token": "IjEi.aaaaaa.bbbbbb"}, {}),
    "another site": ({}, {"Sec-Fetch-Site": "cross-site"}),
    "another host of this site": ({}, {"Sec-Fetch-Site": "same-site"}),
    "another origin": ({}, {"Origin": "https://elsewhere.example"}),
    "an origin that is hidden": ({}, {"Origin": "null"}),
}
ODD = ("\0", "9" * 40, "-1", "x" * 5000, "\u202e😀١")
QUERIES = ("q", "next", "before", "episode", "first", "latest", "other", "show", "who", "number", "reference")


def test_every_route_has_a_row_and_every_row_a_route(world: World) -> None:
    assert set(ROWS) == set(routes(world.app))


@pytest.mark.parametrize("key", ROWS)
def test_a_route_opens_for_those_who_may_and_is_not_there_for_anybody_else(world: World, key: str) -> None:
    route = Route(world, key)
    found = {name: verdict(route, name) for name in route.cases()}
    assert found == {name: route.expected(name) for name in route.cases()}


@ON_SQLITE
@pytest.mark.parametrize("key", UNSAFE)
def test_what_is_forged_is_refused_and_writes_nothing(world: World, key: str) -> None:
    route = Route(world, key)
    before = world.contents()
    anothers: Forged = ({"csrf_token": world.other_form[1]}, {})
    for how, (instead, headers) in {**FORGED, "another browser's token": anothers}.items():
        with world.trial():
            response = route.ask(route.one_who_may(), instead, headers)
            assert 400 <= response.status_code < 500, how
            assert world.contents() == before, how


@ON_POSTGRESQL
@pytest.mark.parametrize("key", UNSAFE)
def test_no_form_is_broken_by_what_it_is_sent(world: World, key: str) -> None:
    route = Route(world, key)
    asking = route.one_who_may()
    fields = route.sends(asking)
    odd: list[dict[str, str | None]] = [{name: value} for name in fields for value in ODD]
    for instead in [dict.fromkeys(fields), *odd]:
        with world.trial():
            assert route.ask(asking, instead).status_code < 500, instead


@ON_POSTGRESQL
@pytest.mark.parametrize("key", PAGES)
def test_no_page_is_broken_by_what_it_is_asked(world: World, key: str) -> None:
    route = Route(world, key)
    asking = route.one_who_may()
    for value in ODD:
        address = route.address(asking, query=dict.fromkeys(QUERIES, value))
        with world.trial():
            assert world.ask("GET", address, asking.who).status_code < 500, value


@ON_SQLITE
@pytest.mark.parametrize("key", PAGES)
def test_a_page_holds_nothing_inline_and_its_forms_bring_the_token(world: World, key: str) -> None:
    route = Route(world, key)
    with world.trial():
        response = route.ask(route.one_who_may())
    if response.mimetype == "text/html":
        assert inline(response.text) == []
        assert forms_without_token(response.text) == []


@ON_SQLITE
@pytest.mark.parametrize("key", PAGES)
def test_asking_for_the_head_alone_tells_no_more(world: World, key: str) -> None:
    route = Route(world, key)
    for name in set(route.cases()) & {"other team's", "evaluator", "signed out", "handed over"}:
        with world.trial():
            whole = route.ask(CASES[name])
            head = world.ask("HEAD", route.address(CASES[name]), CASES[name].who)
        assert head.status_code == whole.status_code or (name == "handed over" and head.status_code == 404)
        assert head.get_data() == b""


@ON_SQLITE
def test_other_methods_open_nothing(world: World) -> None:
    for key in ROWS:
        route = Route(world, key)
        asking = route.one_who_may()
        for method in ("PUT", "PATCH", "DELETE"):
            with world.trial():
                assert world.ask(method, route.address(asking), asking.who).status_code == 405, key


@ON_SQLITE
@pytest.mark.parametrize("key", PAGES)
def test_no_list_and_no_search_tells_of_anybody_out_of_reach(world: World, key: str) -> None:
    """Everybody's last name in this world ends in "son"."""
    route = Route(world, key)
    for name in [] if route.rule.arguments else route.row.opens_for & set(route.cases()):
        for query in ({"q": "son"}, {"who": "all"}, {"who": "all", "show": "closed"}):
            with world.trial():
                response = world.ask("GET", route.address(CASES[name], query=query), CASES[name].who)
                assert list(leaks(CASES[name], response)) == [], (name, query)


@ON_SQLITE
def test_adding_somebody_alike_does_not_tell_who_that_is(world: World) -> None:
    asked = Route(world, "people.add POST")
    reference = asked.values(CASES["own"])["reference"]
    mark = MARKS["asha's"]
    for name, told in (("own", True), ("other team's", False)):
        with world.trial():
            response = asked.ask(CASES[name], {"first_name": mark, "last_name": f"{mark}son"})
            assert response.status_code == 200
            assert (reference in response.text) == told


@ON_SQLITE
@pytest.mark.parametrize("key", ROWS)
def test_what_is_not_this_persons_is_not_found_under_their_reference(world: World, key: str) -> None:
    route = Route(world, key)
    own, others = CASES["own"], CASES["colleague's"]
    below = route.rule.arguments - {"reference"} if route.has_reference else set()
    for name in below:
        address = route.address(own, {name: route.values(others)[name]})
        with world.trial():
            form = {"csrf_token": world.form[1], **route.sends(own)} if route.method == "POST" else None
            assert world.ask(route.method, address, own.who, form).status_code == 404
