"""Nothing that a tablet sends is refused: every item gets its one receipt, whatever became of it meanwhile.

Failure modes 2, 3 and 7 of those that other systems' users met, as far as a server can have them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.support.people import Crew, answers, refer, staff_of
from tests.support.sealing import contents, item, seal
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import AuditEntry, Custody, Device, Occasion, SafetyFlag, Survey, SyncItem, Ticket
from wellbeing_app.services import (
    again,
    clock,
    devices,
    held,
    intake,
    merging,
    packing,
    soundness,
    surveys,
    sync,
    tickets,
)
from wellbeing_app.services.devices import Contact
from wellbeing_app.services.sync import Item, Receipt

ONE = INSTRUMENT.keys[0]


@pytest.fixture
def tablet(db: Session, crew: Crew) -> Device:
    return devices.enrol(db, crew.asha, None, "A tablet", "")[0]


@pytest.fixture
def key(db: Session, tablet: Device) -> bytes:
    return intake.public_keys(db)[0].raw


def visit(db: Session, crew: Crew, tablet: Device, name: str = "Grace") -> Ticket:
    ticket = tickets.plan(db, crew.asha, refer(db, crew.asha, name).id, Occasion.BASELINE, clock.today())
    packing.pack(db, crew.asha, tablet, [ticket.id])
    return ticket


def deliver(db: Session, tablet: Device | None, *items: Item, **more: Any) -> Sequence[Receipt]:
    db.flush()
    if tablet is not None:
        db.refresh(tablet, ["users"])
    contact = Contact("", len(items), more.get("now", clock.now()), len(items))
    return sync.receive(db, tablet, contact, items).receipts


def outcome(receipts: Sequence[Receipt]) -> list[str]:
    return [receipt.say or receipt.state.value for receipt in receipts]


def give_to_carol(db: Session, crew: Crew, ticket: Ticket) -> None:
    ticket.episode.advisor_id = crew.carol.id


def test_every_item_gets_one_receipt_and_a_bad_one_does_not_hold_up_the_others(
    db: Session, crew: Crew, tablet: Device, key: bytes
) -> None:
    plain, gone, merged, moved, late, saved, same, wrong, erased = (
        visit(db, crew, tablet, name) for name in "ABCDEFGHI"
    )
    tickets.void(db, crew.asha, gone.id)
    kept = refer(db, crew.asha, "Kept").service_user
    merging.merge(db, crew.asha, kept.reference, merged.episode.service_user.reference)
    give_to_carol(db, crew, moved)
    give_to_carol(db, crew, late)
    surveys.record(db, crew.asha, saved.id, answers({ONE: 1}))
    surveys.record(db, crew.asha, same.id, answers())
    too_late = (clock.now() + timedelta(days=packing.PACK_DAYS, hours=1)).isoformat()
    twin = contents(crew.asha, plain)
    sent = {
        "unreadable": Item(str(uuid.uuid4()), hashlib.sha256(b"no box").hexdigest(), b"no box"),
        "recorded": item(key, twin),
        "withdrawn": item(key, contents(crew.asha, gone)),
        "recorded for the kept record": item(key, contents(crew.asha, merged)),
        "recorded, packed before she was moved": item(key, contents(crew.asha, moved)),
        "reassigned": item(key, contents(crew.asha, late, finished_at=too_late)),
        "two_surveys": item(key, contents(crew.asha, saved, answers({ONE: 5}))),
        "recorded before": item(key, contents(crew.asha, same)),
        "answers": item(key, contents(crew.asha, wrong, answers({ONE: 6}))),
        "unknown_ticket": item(key, {**contents(crew.asha, erased), "ticket": str(uuid.uuid4())}),
        "unknown_person": item(key, contents(crew.asha, None, person={"first_name": "Bo"})),
        "unknown_author": item(key, {**contents(crew.asha, erased), "author": str(uuid.uuid4())}),
        "not_on_this_device": item(key, contents(crew.ben, erased)),
        "other_schema": item(key, contents(crew.asha, erased, schema=7)),
        "other_form": item(key, contents(crew.asha, erased, instrument_version="another")),
        "not_understood": item(key, contents(crew.asha, erased, mode="by carrier pigeon")),
        "conflict": item(key, {**contents(crew.asha, plain, answers({ONE: 5})), "id": twin["id"]}),
    }
    receipts = deliver(db, tablet, *sent.values())
    expected = [word.split(" ")[0].rstrip(",") for word in sent]
    assert outcome(receipts) == expected
    assert [(one.id, one.sha256) for one in receipts] == [(one.id, one.sha256) for one in sent.values()]
    assert deliver(db, tablet, *sent.values()) == receipts
    assert len(db.scalars(select(SyncItem)).all()) == len(sent)
    held = db.scalars(select(SyncItem).where(SyncItem.state == Custody.HELD)).all()
    assert {one.item_id: one.sealed for one in held} == {
        one.id: one.sealed for one, word in zip(sent.values(), expected, strict=True) if word != "recorded"
    }
    recorded = db.scalars(select(Survey).where(Survey.ticket_id == merged.id)).one()
    assert recorded.episode.service_user_id == kept.id
    assert soundness.problems(db) == []
    said = db.scalars(select(AuditEntry).where(AuditEntry.action == "item_held")).all()
    assert len(said) == len(held)


@pytest.mark.parametrize(
    ("reason", "accident"),
    [
        ("device_revoked", lambda db, crew, tablet: devices.revoke(db, crew.adam, tablet.id)),
        ("account_disabled", lambda db, crew, _: setattr(staff_of(db, crew.asha), "active", False)),
        ("unknown_device", None),
    ],
)
def test_what_comes_after_all_trust_has_ended_is_still_kept(
    db: Session, crew: Crew, tablet: Device, key: bytes, reason: str, accident: Any
) -> None:
    worry = {"concern": "She has not eaten", "told": ""}
    one = item(key, contents(crew.asha, visit(db, crew, tablet), flag=worry))
    if accident:
        accident(db, crew, tablet)
    assert outcome(deliver(db, tablet if accident else None, one)) == [reason]
    # A worry cannot wait for the answers to be believed, if it came from a tablet of ours.
    flags = db.scalars(select(SafetyFlag)).all()
    assert len(flags) == (1 if accident else 0)


def test_a_copy_damaged_on_its_way_frees_nothing_and_is_let_go_of_when_the_item_comes_whole(
    db: Session, crew: Crew, tablet: Device, key: bytes
) -> None:
    whole = item(key, contents(crew.asha, visit(db, crew, tablet)))
    damaged = Item(whole.id, whole.sha256, whole.sealed[:-1])
    receipt = deliver(db, tablet, damaged)[0]
    assert receipt.say == "damaged"
    assert receipt.sha256 != whole.sha256  # so the tablet does not take it for its own
    assert outcome(deliver(db, tablet, whole)) == ["recorded"]
    kept = db.scalars(select(SyncItem).order_by(SyncItem.received_at)).all()
    assert [(one.state, one.sealed) for one in kept] == [(Custody.SETTLED, None), (Custody.RECORDED, None)]


def test_a_flag_alone_and_the_same_flag_with_the_answers_is_one_flag(
    db: Session, crew: Crew, tablet: Device, key: bytes
) -> None:
    ticket, flag = visit(db, crew, tablet), str(uuid.uuid4())
    alone = contents(crew.asha, ticket, kind="flag", flag_id=flag, concern="A worry", told="GP")
    later = contents(crew.asha, ticket, flag={"concern": "A worry", "told": "GP"}, flag_id=flag)
    with clock.at(clock.now() - timedelta(hours=2)):
        assert outcome(deliver(db, tablet, item(key, alone))) == ["recorded"]
    assert outcome(deliver(db, tablet, item(key, later))) == ["recorded"]
    assert [(one.concern, one.told) for one in db.scalars(select(SafetyFlag))] == [("A worry", "GP")]


def test_two_tablets_two_baselines_in_one_delivery_the_first_counts(
    db: Session, crew: Crew, tablet: Device, key: bytes
) -> None:
    first = visit(db, crew, tablet)
    items = [item(key, contents(crew.asha, first, answers({ONE: score}))) for score in (2, 4)]
    assert outcome(deliver(db, tablet, *items)) == ["recorded", "two_surveys"]
    assert [survey.money for survey in db.scalars(select(Survey))] == [3]


def test_the_office_hears_of_answers_that_a_tablet_has_lost(db: Session, crew: Crew, tablet: Device) -> None:
    def contact(unsent: int, items: int, minutes: int) -> int:
        now = clock.now() + timedelta(minutes=minutes)
        return sync.receive(db, tablet, Contact("", unsent, now, items), []).lost

    assert contact(5, 2, 1) == 0  # three are left
    assert contact(0, 0, 0) == 0  # this one was long on its way, and says nothing new
    assert contact(4, 1, 2) == 0  # one more was finished since
    assert contact(1, 0, 3) == 2
    assert contact(1, 0, 4) == 2


def test_a_restored_backup_opens_what_was_sealed_before_and_an_unknown_key_opens_nothing(
    db: Session, crew: Crew, tablet: Device, key: bytes
) -> None:
    one, other = (item(key, contents(crew.asha, visit(db, crew, tablet, name))) for name in "AB")
    newest = intake.make_key(db)
    assert intake.public_keys(db)[0].id == newest.id
    assert outcome(deliver(db, tablet, one)) == ["recorded"]
    kept = db.get_one(intake.IntakeKey, intake.key_id(key))
    of_kept = {name: getattr(kept, name) for name in ("id", "public", "private", "created_at")}
    db.execute(delete(intake.IntakeKey).where(intake.IntakeKey.id == kept.id))
    assert outcome(deliver(db, tablet, other)) == ["unreadable"]
    assert again.judge_again(db, crew.mandy) == 0
    db.add(intake.IntakeKey(**of_kept))
    db.flush()
    assert (again.judge_again(db, crew.ben), again.judge_again(db, crew.mandy)) == (0, 1)
    assert outcome(deliver(db, tablet, other)) == ["recorded"]
    taken = select(AuditEntry.actor_id).where(AuditEntry.action == "survey_recorded")
    assert db.scalars(taken).all() == [crew.asha.id] * 2
    assert db.scalars(select(SyncItem.sealed)).all() == [None, None]


def test_who_it_is_may_be_sealed_once_more_inside(
    db: Session, crew: Crew, tablet: Device, key: bytes
) -> None:
    """While a tablet is in the person's hands their name lies on it sealed only, to the office."""
    more = contents(crew.asha, None)
    inner = seal(key, f"{more['id']}/person", json.dumps({"first_name": "Zora"}).encode())
    more["person_sealed"] = base64.urlsafe_b64encode(inner).decode().rstrip("=")
    assert outcome(deliver(db, tablet, item(key, more))) == ["unknown_person"]
    assert held.queue(db, crew.asha)[0].person == "Zora"
    odd = contents(crew.asha, None, person_sealed="nothing of ours")
    assert outcome(deliver(db, tablet, item(key, odd))) == ["unknown_person"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_in_a_box_is_kept(
    db: Session, crew: Crew, tablet: Device, key: bytes, data: st.DataObject
) -> None:
    sound = {**contents(crew.asha, None), "ticket": str(uuid.uuid4())}
    odd = {**sound, data.draw(st.sampled_from(sorted(sound))): data.draw(JSON), "id": sound["id"]}
    sealed = seal(key, sound["id"], odd)
    receipt = deliver(db, tablet, Item(sound["id"], hashlib.sha256(sealed).hexdigest(), sealed))[0]
    assert receipt.state is Custody.HELD
