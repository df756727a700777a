"""What a person agreed to, purpose by purpose, from when, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from wellbeing_app.model import Agreement, Purpose, ServiceUser
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action


def standing(person: ServiceUser) -> Mapping[Purpose, Agreement]:
    """The agreements in force; of two for one purpose, the later."""
    return {agreement.purpose: agreement for agreement in person.agreements if agreement.withdrawn_on is None}


def history(person: ServiceUser, purpose: Purpose) -> Sequence[Agreement]:
    """All that was agreed and withdrawn for one purpose, the latest first."""
    return [agreement for agreement in person.agreements if agreement.purpose is purpose][::-1]


def give(db: Session, actor: Actor, reference: str, purpose: Purpose, wording: str, on: date) -> Agreement:
    """Record that the person agreed, in these words, on this day; raises `Invalid`. Twice is as once."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    _check_day(on)
    already = standing(person).get(purpose)
    if already is not None:
        return already
    if on < _last_withdrawal(person, purpose):
        raise Invalid({"on": "before_withdrawal"})
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
    _check_day(on)
    if purpose not in standing(person):
        return
    if on < standing(person)[purpose].given_on:
        raise Invalid({"on": "before_agreement"})
    _end(actor, person, purpose, on)
    db.flush()
    audit.record(db, actor, "agreement_withdrawn", person=person.id, purpose=purpose)


def settle(actor: Actor, person: ServiceUser) -> None:
    """After two records were joined: what was withdrawn on one is no longer agreed to on the other."""
    for purpose in Purpose:
        said_no = _last_withdrawal(person, purpose)
        agreement = standing(person).get(purpose)
        if agreement is not None and agreement.given_on <= said_no:
            _end(actor, person, purpose, said_no)


def _end(actor: Actor, person: ServiceUser, purpose: Purpose, on: date) -> None:
    # Two can be in force where two records were joined.
    for agreement in history(person, purpose):
        if agreement.withdrawn_on is None:
            agreement.withdrawn_on, agreement.withdrawal_recorded_by_id = on, actor.id


def _last_withdrawal(person: ServiceUser, purpose: Purpose) -> date:
    return max((one.withdrawn_on for one in history(person, purpose) if one.withdrawn_on), default=date.min)


def _check_day(on: date) -> None:
    if problem := clock.problem_with(on, clock.today()):
        raise Invalid({"on": problem})
