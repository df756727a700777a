"""Data for research: names for one export only, ages in bands, months for days, no group too small."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from wellbeing_app.model import Purpose
from wellbeing_app.services import codes, people
from wellbeing_app.services.dataset import AT, BORN, EPISODE, PERSON, SMALLEST_GROUP, Part

PSEUDONYM_LENGTH = 10
AGES = (18, 25, 35, 45, 55, 65, 75, 85)

Group = tuple[Any, ...]


def pseudonym() -> str:
    """A name for one export only: nothing leads from it to the person, or to another export."""
    return "P-" + "".join(secrets.choice(codes.ALPHABET) for _ in range(PSEUDONYM_LENGTH))


def age_band(row: Any) -> str:
    """The age at the referral, ten years to a band; "" where it is not known."""
    born, referred = row[BORN], row[AT["referred_on"]]
    if born is None or referred is None:
        return ""
    age = people.age(date.fromisoformat(str(born)), date.fromisoformat(str(referred)))
    if age < AGES[0]:
        return f"under {AGES[0]}"
    if age >= AGES[-1]:
        return f"{AGES[-1]} and over"
    place = sum(age >= limit for limit in AGES)
    return f"{AGES[place - 1]} to {AGES[place] - 1}"


def group_of(row: Any) -> Group:
    """What a stranger could know of somebody: age band, pathway, care cluster."""
    return age_band(row), row[AT["pathway"]], row[AT["care_cluster"]]


def agreed(part: Part) -> set[Any]:
    """Those of the part who agreed that their answers may be used for evaluation."""
    return {person for person, given in part.beside.agreed.items() if Purpose.EVALUATION in given}


def rare_groups(parts: Iterable[Part]) -> frozenset[Group]:
    """The groups of fewer than `SMALLEST_GROUP` people, among those who agreed."""
    counted: Counter[Group] = Counter()
    for part in parts:
        among = agreed(part)
        rows = (row for row in part.rows if row[EPISODE] and row[PERSON] in among)
        counted.update(group for _person, group in {(row[PERSON], group_of(row)) for row in rows})
    return frozenset(group for group, many in counted.items() if many < SMALLEST_GROUP)
