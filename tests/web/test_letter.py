"""The letter to the GP: only while the person agrees, and with no more in it than that."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdf
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.trail import trail
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Purpose
from wellbeing_app.services import agreements, plans, safety, settings
from wellbeing_app.services.plans import Step

ONE = INSTRUMENT.keys[0]
TERMS = "Referral to social prescribing service 871731000000106\nSocial prescribing declined 871711000000103"


def test_a_letter_needs_the_agreement_and_says_what_it_covers(asha: Client, db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha, last_name="Hill", referred_by="Kestrel Surgery", referred_on=days_ago(200))
    reference = episode.service_user.reference
    record_survey(db, crew.asha, episode, notes={ONE: "drinks alone"}, completed_on=days_ago(150))
    record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, {ONE: 5}, completed_on=days_ago(9))
    safety.raise_flag(db, crew.asha, reference, "She is not safe")
    plans.add(db, crew.asha, episode.id, Step(ONE, "Ask at the library"))
    settings.change(db, crew.adam, replace(settings.read(db), referral_terms=TERMS))
    letter = f"/people/{reference}/letter"
    assert "has not agreed" in asha.get(letter).text
    assert asha.submit(letter, {"to": "The GP"}, page="/help").status_code == 409
    agreements.give(db, crew.asha, reference, Purpose.SHARE_WITH_GP, "I agree.", days_ago(100))
    assert "Kestrel Surgery</textarea>" in asha.get(letter).text
    assert asha.submit(letter, {"to": ""}).status_code == 422
    made = asha.submit(
        letter, {"to": "Kestrel Surgery\n1 Brook Street", "terms": TERMS.splitlines()[0], "more": "She sings"}
    )
    said = " ".join(pypdf.PdfReader(io.BytesIO(made.data)).pages[0].extract_text().split())
    for word in ("1 of 8 areas moved up", "Ask at the library", "871731000000106", "She sings", "Hill"):
        assert word in said
    for word in ("871711000000103", "drinks", "not safe"):
        assert word not in said
    assert trail(db, episode.service_user_id)[-1] == "letter_made"
    agreements.withdraw(db, crew.asha, reference, Purpose.SHARE_WITH_GP, days_ago(0))
    assert "no longer agrees" in asha.get(letter).text
