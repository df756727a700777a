"""What an answer comes to: whether it opened, whom it showed, and what the trail says of it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.house.matrix import CASES, Case
from tests.house.routes import Route
from tests.house.world import MARKS
from wellbeing_app.forms.labels import DONE

ATTEMPTS = ("refused", "not_allowed")


def verdict(route: Route, name: str) -> str:
    """Ask, and say how it ended; then whatever is wrong with that."""
    case = CASES[name]
    with route.world.trial():
        response = route.ask(case)
        how = ended(route, case, response)
        return "; ".join([how, *leaks(case, response), *gaps(route, case, how)])


def ended(route: Route, case: Case, response: TestResponse) -> str:
    goes_to = urlsplit(response.headers.get("Location", ""))
    own = route.world.dossiers["asha's"].values
    own_form, kept = f"/self/{own['ticket_id']}/", f"/people/{own['reference']}"
    sent_to_sign_in = goes_to.path == "/sign-in" and goes_to.query.startswith("next=")
    if sent_to_sign_in if route.method == "GET" else response.status_code == 401:
        return "asks to sign in"
    if response.status_code == 404:
        return "not found"
    if case.who == "handed over" and goes_to.path == own_form and not route.is_on_tablet(case):
        return "leads to the own form"
    if route.row.leads and goes_to.path == f"/surveys/{route.values(case)['ticket_id']}":
        return "leads to the advisor's form"
    if case.whose == "merged" and goes_to.path == kept:
        return "leads to the kept record"
    usual = (200,) if route.method == "GET" else (302,)
    return "opens" if response.status_code in (route.row.answers or usual) else response.status


def leaks(case: Case, response: TestResponse) -> Iterator[str]:
    """The people whom this answer shows to somebody who must not know of them."""
    text = response.get_data().decode("utf-8", "replace") + str(response.headers)
    return (f"shows {mark}" for whose, mark in MARKS.items() if whose not in case.sees and mark in text)


def gaps(route: Route, case: Case, how: str) -> Iterator[str]:
    """What should stand in the trail and does not."""
    trail = route.world.trail()
    person = route.world.dossiers[case.whose].person
    about = {(entry.action in ATTEMPTS, entry.service_user_id) for entry in trail}
    yield from (f"no plain words for {entry.action}" for entry in trail if entry.action not in DONE)
    if how == "opens" and route.is_personal and (False, person) not in about:
        yield "not in the person's trail"
    if how == "opens" and route.method == "POST" and not route.row.silent and not trail:
        yield "not in the trail"
    if how == "not found" and is_an_attempt(route, case):
        at_whom = person if route.is_personal and route.role_may(case) else None
        if about != {(True, at_whom)}:
            yield "the attempt is not in the trail"


def is_an_attempt(route: Route, case: Case) -> bool:
    """Whether somebody of the service asked for what is there, and not for them."""
    if case.whose == "missing" or case.who == "handed over" or route.is_of_an_account:
        return False
    return route.is_personal or not route.role_may(case)
