"""Tablets: who sees them, what revoking and erasing does at the next contact, and what never came back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, refer, staff_of
from tests.support.sealing import Tablet
from wellbeing_app.model import Device, Occasion, Packing
from wellbeing_app.services import clock, packing, tickets


def test_a_tablet_is_erased_and_revoked_at_its_next_contact_after_it_has_sent_what_it_holds(
    db: Session, crew: Crew, client: Client, elsewhere: Client
) -> None:
    client.sign_in(crew.asha)
    tablet = Tablet(client)
    asha = tablet.enrol()["staff"]
    client.sign_in(crew.ben)
    ben = tablet.enrol()["staff"]
    elsewhere.sign_in(crew.adam)
    device = db.scalars(select(Device)).one()
    elsewhere.submit(f"/devices/{device.id}/wipe", page="/devices")
    assert tablet.deliver(unsent=3)["wipe"] == []
    assert tablet.deliver(unsent=0)["wipe"] == [asha, ben]
    assert "3 surveys" not in elsewhere.get("/devices").text
    elsewhere.submit(f"/devices/{device.id}/keep", page="/devices")
    assert tablet.deliver()["wipe"] == []
    staff_of(db, crew.asha).active = False
    assert tablet.deliver()["wipe"] == [asha]
    elsewhere.submit(f"/devices/{device.id}/revoke", page="/devices")
    reply = tablet.deliver()
    assert (reply["revoked"], reply["wipe"]) == (True, [asha, ben])
    page = elsewhere.get("/devices").text
    assert page.count("the tablet has not said yet that it is done") == 2
    assert tablet.deliver(vaults=[ben])["wipe"] == [ben]
    page = elsewhere.get("/devices").text
    assert page.count("erased, the tablet said") == page.count("the tablet has not said yet") == 1
    assert tablet.enrol()["device"] != str(device.id)


def test_a_tablet_that_lost_answers_raises_the_alarm_until_somebody_has_looked(
    db: Session, crew: Crew, asha: Client, elsewhere: Client
) -> None:
    tablet = Tablet(asha)
    tablet.enrol()
    tablet.deliver(unsent=2)
    assert tablet.deliver(unsent=0)["lost"] == 2
    elsewhere.sign_in(crew.mandy)
    assert "2 answers are missing" in elsewhere.get("/devices").text
    device = db.scalars(select(Device.id)).one()
    elsewhere.submit(f"/devices/{device}/seen", page="/devices")
    assert "lost" not in tablet.deliver()


def test_a_visit_that_was_packed_and_never_came_is_named(
    db: Session, crew: Crew, asha: Client, elsewhere: Client
) -> None:
    tablet = Tablet(asha)
    tablet.enrol()
    ticket = tickets.plan(db, crew.asha, refer(db, crew.asha, "Nadia").id, Occasion.BASELINE, clock.today())
    tablet.pack(ticket)
    assert packing.expected(db, crew.asha) == []
    for packed in db.scalars(select(Packing)):
        packed.packed_at -= timedelta(days=2)
    ticket.planned_for -= timedelta(days=2)
    elsewhere.sign_in(crew.mandy)
    for page in (asha.get("/visits").text, elsewhere.get("/devices").text):
        assert "Expected, and not received" in page
        assert "Nadia" in page
    tablet.deliver(tablet.item(crew.asha, ticket))
    assert packing.expected(db, crew.asha) == []


def test_what_is_due_is_planned_with_one_button_and_can_be_packed(
    db: Session, crew: Crew, asha: Client
) -> None:
    refer(db, crew.asha, "Grace")
    assert "One survey is due that is not planned yet" in asha.get("/visits").text
    asha.submit("/visits/plan", page="/visits")
    assert [ticket.episode.service_user.first_name for ticket in packing.choice(db, crew.asha)] == ["Grace"]
    assert "is due that is not planned" not in asha.get("/visits").text


def test_somebody_elses_visit_is_left_out_and_the_attempt_is_on_the_trail(
    db: Session, crew: Crew, asha: Client
) -> None:
    tablet = Tablet(asha)
    tablet.enrol()
    ticket = tickets.plan(db, crew.carol, refer(db, crew.carol).id, Occasion.BASELINE, clock.today())
    bundle = tablet.pack(ticket)
    assert (bundle["visits"], bundle["left_out"]) == ([], [str(ticket.id)])
