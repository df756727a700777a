"""What a person agreed to, purpose by purpose, from when, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from wellbeing_app.model import Agreement, Purpose, ServiceUser
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action


def standing(person: ServiceUser) -> Mapping[Purpose, Agreement]:
    """The agreements in force."""
    return {agreement.purpose: agreement for agreement in person.agreements if agreement.withdrawn_on is None}


def give(db: Session, actor: Actor, reference: str, purpose: Purpose, wording: str, on: date) -> Agreement:
    """Record that the person agreed, in these words, on this day; raises `Invalid`. Twice is as once."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    _refuse_future(on)
    already = standing(person).get(purpose)
    if already is not None:
        return already
    agreement = Agreement(
        service_user_id=person.id,
        purpose=purpose,
        wording=wording,
        given_on=on,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )
    person.agreements.append(agreement)
    db.flush()
    audit.record(db, actor, "agreement_given", person=person.id, purpose=purpose)
    return agreement


def withdraw(db: Session, actor: Actor, reference: str, purpose: Purpose, on: date) -> None:
    """Record that the person no longer agrees; raises `Invalid` if it is before they agreed."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    _refuse_future(on)
    agreement = standing(person).get(purpose)
    if agreement is None:
        return
    if on < agreement.given_on:
        raise Invalid({"on": "before_agreement"})
    agreement.withdrawn_on, agreement.withdrawal_recorded_by_id = on, actor.id
    db.flush()
    audit.record(db, actor, "agreement_withdrawn", person=person.id, purpose=purpose)


def _refuse_future(on: date) -> None:
    if on > clock.today():
        raise Invalid({"on": "in_future"})
