"""What is finished leaves the tablet only against a receipt: the failures that users of other systems met."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from tests.support.people import Crew
from tests.support.server import LiveServer
from tests.support.tablet import finish, open_shell, pack, plan, says, send, stored
from wellbeing_app.model import StaffSession, Survey, SyncItem
from wellbeing_app.services.access import Actor

JSON = {"Content-Type": "application/json"}
PORTAL = "<!doctype html><title>Free wifi</title><form><button>Accept</button></form>"
TRY = "() => dispatchEvent(new Event('online'))"
Answer = Callable[[Route], None]


@dataclass
class Tablet:
    """Asha's, packed and locked, and the server it belongs to."""

    page: Page
    server: LiveServer
    asha: Actor
    tickets: Iterator[uuid.UUID]

    def finish(self) -> str:
        return finish(self.page, self.asha.id, next(self.tickets))

    def waiting(self) -> list[str]:
        return [one["id"] for one in stored(self.page, "outbox")]

    def has_arrived(self, *items: str) -> bool:
        with self.server.database() as db:
            return {
                item for item in items if db.scalar(select(SyncItem.id).where(SyncItem.item_id == item))
            } == set(items)


@pytest.fixture(scope="module")
def crew(live_server: LiveServer) -> Crew:
    return live_server.hire()


@pytest.fixture
def tablet(page: Page, live_server: LiveServer, crew: Crew) -> Tablet:
    planned = plan(live_server, crew.asha, *(f"Person {number}" for number in range(12)))
    live_server.sign_in(page, crew.asha)
    pack(page)
    open_shell(page)
    says(page, "nothing")
    return Tablet(page, live_server, crew.asha, iter(planned))


def answering(status: int, body: str = "{}", headers: dict[str, str] = JSON) -> Answer:
    return lambda route: route.fulfill(status=status, body=body, headers=headers)


def other_receipt(route: Route) -> None:
    """Our own server's form, but for another content than the one that was sent."""
    items = json.loads(route.request.post_data or "")["items"]
    receipts = [{"id": one["id"], "sha256": "0" * 64, "state": "recorded", "say": ""} for one in items]
    receipts.append({"id": str(uuid.uuid4()), "sha256": "0" * 64, "state": "recorded", "say": ""})
    answering(200, json.dumps({"receipts": receipts, "intake": [], "wipe": [], "revoked": False}))(route)


def no_verdict(route: Route) -> None:
    items = json.loads(route.request.post_data or "")["items"]
    receipts = [{"id": one["id"], "sha256": one["sha256"], "state": "lost", "say": ""} for one in items]
    answering(200, json.dumps({"receipts": receipts, "intake": [], "wipe": [], "revoked": False}))(route)


STATUSES = (204, 400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504)
NO_RECEIPT: dict[str, Answer] = {
    "nothing": lambda route: route.abort(),
    "a portal": answering(200, PORTAL, {"Content-Type": "text/html"}),
    "a portal that says JSON": answering(200, PORTAL),
    "another's JSON": answering(200, '{"ok": true}'),
    "moved": answering(301, "", {"Location": "/sign-in"}),
    "found elsewhere": answering(302, "", {"Location": "/sign-in"}),
    "a receipt for another content": other_receipt,
    "a receipt that says neither": no_verdict,
    **{str(status): answering(status) for status in STATUSES},
}


def test_3_no_answer_but_a_receipt_of_its_own_takes_an_item_from_the_outbox(tablet: Tablet) -> None:
    page = tablet.page
    page.route("**/sync", NO_RECEIPT["nothing"])
    item = tablet.finish()
    says(page, "offline")
    for what, answer in NO_RECEIPT.items():
        page.unroute("**/sync")
        page.route("**/sync", answer)
        with page.expect_request("**/sync"):
            send(page)
        assert tablet.waiting() == [item], what
        assert stored(page, "receipts") == [], what
    page.unroute("**/sync")
    send(page)
    says(page, "sent")
    assert tablet.waiting() == []
    assert tablet.has_arrived(item)


def refusing(poison: list[str]) -> Answer:
    def refuse(route: Route) -> None:
        sent = {one["id"] for one in json.loads(route.request.post_data or "")["items"]}
        if sent & set(poison):
            answering(422, '{"error": "malformed", "say": "No."}')(route)
        else:
            route.continue_()

    return refuse


def test_4_one_bad_item_does_not_hold_up_those_behind_it(tablet: Tablet) -> None:
    page = tablet.page
    poison: list[str] = []

    page.context.set_offline(True)
    poison.append(tablet.finish())
    good = [tablet.finish() for _ in range(10)]
    says(page, "offline")
    page.route("**/sync", refusing(poison))
    page.context.set_offline(False)
    says(page, "needs")
    assert tablet.waiting() == poison
    assert tablet.has_arrived(*good)
    assert not tablet.has_arrived(*poison)
    page.get_by_role("button", name="What waits").click()
    entry = page.locator("#waiting > li")
    expect(entry).to_contain_text("The office could not take it")
    expect(page.get_by_role("button", name="Save a rescue file")).to_be_visible()
    page.unroute("**/sync")
    send(page)
    expect(entry).to_have_count(0)
    assert tablet.has_arrived(*poison)


def test_5_the_queue_empties_when_the_signal_returns_without_a_touch(tablet: Tablet) -> None:
    page = tablet.page
    page.context.set_offline(True)
    items = [tablet.finish() for _ in range(3)]
    says(page, "offline")
    expect(page.locator("[data-status]")).to_contain_text("Waiting to send: 3")
    page.context.set_offline(False)
    says(page, "sent")
    assert tablet.has_arrived(*items)
    page.context.set_offline(True)
    late = tablet.finish()
    page.close()
    tablet.page.context.set_offline(False)
    tablet.page = page.context.new_page()
    open_shell(tablet.page)
    says(tablet.page, "sent")
    assert tablet.has_arrived(late)


def test_6_a_lost_reply_and_two_tabs_that_send_together_make_one_of_each(tablet: Tablet) -> None:
    page = tablet.page

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/sync", lose)
    item = tablet.finish()
    says(page, "offline")
    assert tablet.waiting() == [item]
    assert tablet.has_arrived(item)
    other = page.context.new_page()
    open_shell(other)
    page.unroute("**/sync")
    for one in (page, other):
        one.evaluate(TRY)
    says(other, "sent")
    assert tablet.waiting() == []
    with tablet.server.database() as db:
        copies = select(func.count()).select_from(SyncItem).where(SyncItem.item_id == item)
        assert db.scalar(copies) == 1


def test_7_an_expired_sign_in_does_not_hold_an_answer_back_nor_make_it_anothers(
    tablet: Tablet, crew: Crew
) -> None:
    page = tablet.page
    page.context.set_offline(True)
    item = tablet.finish()
    with tablet.server.database() as db:
        for one in db.scalars(select(StaffSession)):
            db.delete(one)
    tablet.server.sign_in(page, crew.carol)
    page.context.set_offline(False)
    says(page, "sent")
    with tablet.server.database() as db:
        came = db.scalars(select(SyncItem).where(SyncItem.item_id == item)).one()
        assert came.author_id == crew.asha.id
        survey = db.get_one(Survey, came.survey_id)
        assert survey.recorded_by_id == crew.asha.id
    kept = page.evaluate(
        """async () => {
            const found = []
            for (const name of await caches.keys()) {
                const cache = await caches.open(name)
                for (const request of await cache.keys()) {
                    const answer = await cache.match(request)
                    found.push([answer.redirected, answer.status, new URL(answer.url).pathname])
                }
            }
            return found
        }"""
    )
    assert len(kept) >= 6
    assert {(redirected, status) for redirected, status, _path in kept} == {(False, 200)}
    assert all(path.startswith("/visit/") for _redirected, _status, path in kept)
