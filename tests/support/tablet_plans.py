"""What happens in each run of a tablet: drawn from the seed and the run's number alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.support import office
from tests.support.faulty import FAULTS
from tests.support.visiting import KEYS

VALUES = [*"12345", "dont_know", "declined", "not_applicable", "not_asked"]
OF_THE_PERSON = VALUES[:-1]
DEVICE_FAULTS = {
    "none": 4,
    "killed at the form": 2,
    "killed while saving": 2,
    "killed while sending": 1,
    "killed in the person's hands": 1,
    "loaded again": 2,
    "locked": 1,
    "a second tab": 2,
    "a new worker": 2,
    "no room": 2,
    "a wrong clock": 2,
    "in the person's hands": 2,
}


@dataclass(frozen=True)
class Plan:
    """What happens in a run."""

    number: int
    on_the_device: str
    on_the_network: tuple[str, ...]
    in_the_office: str
    signal: bool
    answers: Mapping[str, str]

    def __str__(self) -> str:
        network = ", ".join(self.on_the_network) or "none"
        where = "with a signal" if self.signal else "without a signal"
        what = f"{self.on_the_device}, {where}"
        return f"run {self.number}: {what}; office: {self.in_the_office}; network: {network}"


def plan(seed: int, number: int) -> Plan:
    """The same for the same seed and number."""
    chance = Random(f"{seed} {number}")
    kinds = list(DEVICE_FAULTS)
    on_the_device = chance.choices(kinds, weights=list(DEVICE_FAULTS.values()))[0]
    values = OF_THE_PERSON if "hands" in on_the_device else VALUES
    in_the_office = chance.choices(list(office.FAULTS), weights=list(office.FAULTS.values()))[0]
    return Plan(
        number=number,
        on_the_device=on_the_device,
        on_the_network=tuple(chance.choices(FAULTS, k=chance.choice([0, 0, 1, 1, 2, 3]))),
        in_the_office=in_the_office,
        # A tablet that hears of it forgets the advisor at once, and what they had not finished.
        signal=chance.random() < 0.3 and in_the_office not in office.ENDS_THE_PACKING,
        answers={key: chance.choice(values) for key in KEYS},
    )
