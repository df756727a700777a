"""What a file's columns can mean, and a guess at it from what they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import SCORE_COLUMNS
from wellbeing_app.services.dataset import MODE_BEFORE, OF_EPISODE, OF_PERSON, OF_SURVEY, OUTCOMES, PURPOSES

AGREED = {f"agreed_{purpose}": purpose for purpose in PURPOSES}
PERSON = tuple(column.name for column in OF_PERSON)
LEDGER = (*(column.name for column in OUTCOMES.values()), "activities")
EPISODE = (*(column.name for column in OF_EPISODE), *LEDGER)
SURVEY = (*(column.name for column in OF_SURVEY), MODE_BEFORE.name)
ANSWER = ("measure", "score", "status", "prompts", "note")
TARGETS = (
    "person",
    *PERSON,
    *AGREED,
    "episode",
    *EPISODE,
    "survey",
    *SURVEY,
    *ANSWER,
    *SCORE_COLUMNS,
)
"""Everything a column can mean. The last are for files with a column for each measure."""

ALSO_CALLED = {
    "reference": "person",
    "person_ref": "person",
    "id": "person",
    "client_id": "person",
    "forename": "first_name",
    "given_name": "first_name",
    "name": "first_name",
    "surname": "last_name",
    "family_name": "last_name",
    "dob": "date_of_birth",
    "birth_date": "date_of_birth",
    "born": "date_of_birth",
    "phone": "telephone",
    "mobile": "telephone",
    "telephone_number": "telephone",
    "cluster": "care_cluster",
    "referrer": "referred_by",
    "referral_date": "referred_on",
    "date_of_referral": "referred_on",
    "date_referred": "referred_on",
    "discharge_date": "discharged_on",
    "closed": "closed_on",
    "wave": "occasion",
    "date": "completed_on",
    "survey_date": "completed_on",
    "interpreter": "with_interpreter",
    "helped_by": "helper",
    "version": "instrument_version",
    "value": "score",
    "reason": "status",
    "comment": "note",
}

Mapping_ = Mapping[str, str]


@lru_cache(maxsize=1000)
def plain(heading: str) -> str:
    """A heading as it is compared: small letters and digits, joined by "_"."""
    return re.sub(r"[\W_]+", "_", heading.strip().casefold()).strip("_")


def _titles() -> dict[str, str]:
    titled = {plain(measure.title): measure.key for measure in INSTRUMENT.measures}
    return titled | {plain(measure.alias): measure.key for measure in INSTRUMENT.measures if measure.alias}


def guess(header: Sequence[str], remembered: Mapping_ | None = None) -> dict[str, str]:
    """From target to heading: as it was said for such a file before, else by what the columns are called."""
    if remembered and set(remembered.values()) <= set(header):
        return dict(remembered)
    known = {name: name for name in TARGETS} | ALSO_CALLED | _titles()
    found: dict[str, str] = {}
    for heading in header:
        target = known.get(plain(heading))
        if target is not None and target not in found:
            found[target] = heading
    return found


def places(header: Sequence[str], mapping: Mapping_) -> dict[str, int]:
    """From target to the place of its column."""
    at = {heading: place for place, heading in reversed(list(enumerate(header)))}
    return {target: at[heading] for target, heading in mapping.items() if target in TARGETS and heading in at}
