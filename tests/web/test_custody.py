"""Somebody decides about what a tablet sent: each way out, and the way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, answers, refer
from tests.support.sealing import Tablet
from tests.support.surveying import saved
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    AuditEntry,
    Custody,
    Device,
    Occasion,
    Outcome,
    SafetyFlag,
    ServiceUser,
    SyncItem,
    Ticket,
)
from wellbeing_app.services import clock, devices, held, surveys, tickets

ONE = INSTRUMENT.keys[0]
WORRY = {"concern": "She has not eaten", "told": "The GP"}


@pytest.fixture
def tablet(asha: Client) -> Tablet:
    tablet = Tablet(asha)
    tablet.enrol()
    return tablet


@pytest.fixture
def visit(db: Session, crew: Crew) -> Ticket:
    return tickets.plan(db, crew.asha, refer(db, crew.asha, "Grace").id, Occasion.BASELINE, clock.today())


def sent(db: Session, crew: Crew, tablet: Tablet, ticket: Ticket | None, **more: Any) -> SyncItem:
    """Sent, and held."""
    given = answers(more.pop("scores", None))
    assert tablet.deliver(tablet.item(crew.asha, ticket, given, **more))["receipts"][0]["state"] == "held"
    return db.scalars(select(SyncItem).order_by(SyncItem.received_at.desc())).first()


def decide(client: Client, item: SyncItem, do: str, fields: dict[str, str] | None = None) -> Any:
    return client.submit(f"/held/{item.id}/{do}", fields, page=f"/held/{item.id}")


def of(db: Session, item: SyncItem) -> tuple[Custody, Outcome | None, bool]:
    kept = db.scalars(select(SyncItem).where(SyncItem.id == item.id)).one()
    return kept.state, kept.outcome, kept.sealed is not None


def test_what_a_revoked_tablet_sent_is_accepted_and_says_who_took_it(
    db: Session, crew: Crew, tablet: Tablet, visit: Ticket
) -> None:
    devices.revoke(db, crew.adam, db.scalars(select(Device.id)).one())
    tickets.void(db, crew.asha, visit.id)
    item = sent(db, crew, tablet, visit, scores={ONE: 4})
    tablet.client.sign_in(crew.mandy)
    assert "was revoked" in tablet.client.get("/held").text
    decide(tablet.client, item, "accept")
    assert [(one.ticket_id, one.recorded_by_id) for one in saved(db)] == [(visit.id, crew.asha.id)]
    assert of(db, item) == (Custody.SETTLED, Outcome.ACCEPTED, False)
    told = select(AuditEntry.action).where(AuditEntry.actor_id == crew.mandy.id)
    assert {"held_item_decided", "survey_recorded", "survey_reinstated"} <= set(db.scalars(told))


def test_a_stranger_is_added_as_a_new_person_and_then_matched(
    db: Session, crew: Crew, tablet: Tablet
) -> None:
    who = {"first_name": "Bo", "last_name": "Newcome", "telephone": "01709 000000"}
    item = sent(db, crew, tablet, None, person=who, flag=WORRY)
    page = tablet.client.get("/held").text
    assert "Bo Newcome" in page
    assert "Safety flag" in page
    form = f"/people/new?held={item.id}"
    assert 'value="Newcome"' in tablet.client.get(form).text
    fields = {**who, "pathway": "long_term_conditions", "referred_on": clock.today().isoformat()}
    added = tablet.client.submit(form, {**fields, "language": "en", "advisor_id": str(crew.asha.id)})
    assert added.location == f"/held/{item.id}"
    person = db.scalars(select(ServiceUser).where(ServiceUser.first_name == "Bo")).one()
    assert person.reference in tablet.client.get(added.location).text
    wrong = decide(tablet.client, item, "match", {"reference": "R-00000"})
    assert wrong.status_code == 404
    decide(tablet.client, item, "match", {"reference": person.reference.lower()})
    assert [one.episode.service_user_id for one in saved(db)] == [person.id]
    assert [flag.service_user_id for flag in db.scalars(select(SafetyFlag))] == [person.id]
    assert of(db, item) == (Custody.SETTLED, Outcome.MATCHED, False)


def test_of_two_surveys_for_one_visit_both_are_shown_and_one_stands(
    db: Session, crew: Crew, tablet: Tablet, visit: Ticket
) -> None:
    surveys.record(db, crew.asha, visit.id, answers({ONE: 2}))
    item = sent(db, crew, tablet, visit, scores={ONE: 5}, notes={ONE: "It was better"})
    shown = tablet.client.get(f"/held/{item.id}").text
    assert "It was better" in shown
    assert "Saved" in shown
    decide(tablet.client, item, "stands")
    assert of(db, item) == (Custody.SETTLED, Outcome.STANDS, True)
    decide(tablet.client, item, "reopen")
    assert of(db, item)[:2] == (Custody.HELD, None)
    assert decide(tablet.client, item, "correct", {"reason": ""}).status_code == 422
    decide(tablet.client, item, "correct", {"reason": "The tablet was right"})
    survey = saved(db)[0]
    assert (getattr(survey, ONE), survey.revision) == (5, 2)
    assert of(db, item) == (Custody.SETTLED, Outcome.CORRECTED, False)
    assert decide_again(tablet.client, item) == 422


def decide_again(client: Client, item: SyncItem) -> int:
    token = {"csrf_token": client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]}
    return client.post(f"/held/{item.id}/stands", data=token).status_code


def test_answers_in_which_something_is_wrong_are_put_right_in_the_form(
    db: Session, crew: Crew, tablet: Tablet, visit: Ticket
) -> None:
    item = sent(db, crew, tablet, visit, scores={ONE: 6}, notes={ONE: "Kept all the same"})
    assert "Something has to be put right first" in tablet.client.get(f"/held/{item.id}").text
    form = decide(tablet.client, item, "form")
    assert form.location == f"/surveys/{visit.id}?check=1"
    assert "Kept all the same" in tablet.client.get(form.location).text
    assert of(db, item) == (Custody.SETTLED, Outcome.DRAFTED, True)


def test_a_manager_destroys_with_a_reason_and_an_advisor_cannot(
    db: Session, crew: Crew, tablet: Tablet, visit: Ticket
) -> None:
    item = sent(db, crew, tablet, visit, mode="by carrier pigeon")
    assert "Destroy" not in tablet.client.get(f"/held/{item.id}").text
    tablet.client.sign_in(crew.mandy)
    assert decide(tablet.client, item, "destroy", {"why": " "}).status_code == 422
    decide(tablet.client, item, "destroy", {"why": "A test of the tablet"})
    db.refresh(item)
    assert (item.outcome, item.content, item.note) == (Outcome.DESTROYED, None, "A test of the tablet")
    assert of(db, item)[2] is False
    assert "A test of the tablet" in tablet.client.get(f"/held/{item.id}").text


def test_who_is_no_longer_their_advisor_leaves_it_to_the_manager(
    db: Session, crew: Crew, tablet: Tablet, visit: Ticket
) -> None:
    visit.episode.advisor_id = crew.carol.id
    item = sent(db, crew, tablet, visit)
    page = tablet.client.get(f"/held/{item.id}").text
    assert "Your manager can decide this" in page
    assert "Grace" not in page
    tablet.client.sign_in(crew.carol)
    assert tablet.client.get(f"/held/{item.id}").status_code == 404


def test_what_was_decided_is_not_kept_longer_than_a_month(
    db: Session, crew: Crew, tablet: Tablet, visit: Ticket
) -> None:
    surveys.record(db, crew.asha, visit.id, answers({ONE: 2}))
    item = sent(db, crew, tablet, visit, scores={ONE: 5})
    decide(tablet.client, item, "stands")
    db.refresh(item)
    item.settled_at = clock.now() - held.KEPT_AFTER - timedelta(hours=1)
    tablet.client.get("/held")
    assert of(db, item) == (Custody.SETTLED, Outcome.STANDS, False)
