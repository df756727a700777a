"""Small services whose reports are hard to share: few people, who hardly moved, or all one way."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from wellbeing_app.evaluation.cells import count, packed
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import OutcomeKind, Setting, Theme
from wellbeing_app.services.counting import TOTAL, Held, Steps
from wellbeing_app.services.report import Counted
from wellbeing_app.services.reporting import Measured
from wellbeing_app.services.tallies import Closed, Offer

YEARS = ("2015_16", "2016_17")
PEOPLE = (8, 9, 10, 12, 15, 20, 30, 45)
LEANINGS = ((1, 2, 3), (3, 4, 5), (5, 5, 4), (1, 2, 3, 4, 5))
MOVES = (
    (0,),
    (0, 0, 0, 1),
    (0, 0, 0, -1, 1),
    (1, 2),
    (-1, 0, 1, 2),
    (*[0] * 12, 1),
    (*[0] * 12, -1),
)
Pair = tuple[dict[str, int | None], dict[str, int | None]]


def counted(chance: Random) -> Counted:
    """All that a report is made of."""
    steps = {year: _steps(chance) for year in YEARS}
    closed = {year: _closed(chance) for year in YEARS}
    everywhere = {kind: sum(one.outcomes[kind] for one in closed.values()) for kind in OutcomeKind}
    observed = chance.randint(0, 20)
    return Counted(
        _measured(chance),
        {**steps, TOTAL: sum(steps.values(), Steps())},
        Held(observed, chance.randint(0, observed)),
        tuple(_offers(chance)),
        {**closed, TOTAL: Closed(sum(one.episodes for one in closed.values()), everywhere)},
    )


def _measured(chance: Random) -> Measured:
    number, leaning, moves = chance.choice(PEOPLE), chance.choice(LEANINGS), chance.choice(MOVES)
    missing = chance.choice((0, 0.03, 0.3))
    pairs = [_pair(chance, leaning, moves, missing) for _ in range(number)]
    cohort = count(INSTRUMENT.keys, (packed(INSTRUMENT.keys, before, after) for before, after in pairs))
    both = sum(any(after.values()) for _before, after in pairs)
    return Measured(cohort, cohort.people, both, *(chance.randint(0, 9) for _ in range(3)))


def _pair(chance: Random, leaning: tuple[int, ...], moves: tuple[int, ...], missing: float) -> Pair:
    is_lost = chance.random() < 0.25
    before = {key: chance.choice(leaning) for key in INSTRUMENT.keys}
    after = {key: min(5, max(1, score + chance.choice(moves))) for key, score in before.items()}
    return (
        {key: None if chance.random() < missing else score for key, score in before.items()},
        {key: None if is_lost or chance.random() < missing else score for key, score in after.items()},
    )


def _steps(chance: Random) -> Steps:
    referred, reviewed = chance.randint(0, 40), chance.randint(0, 20)
    discharged = chance.randint(0, reviewed)
    met, took_up = chance.randint(0, referred), chance.randint(0, referred)
    return Steps(referred, met, took_up, reviewed, discharged, chance.randint(0, discharged))


def _offers(chance: Random) -> list[Offer]:
    return [
        Offer("Somebody", str(number), Theme.EDUCATION, setting, chance.randint(0, 25), Decimal(number + 1))
        for setting in Setting
        for number in range(3)
    ]


def _closed(chance: Random) -> Closed:
    episodes = chance.randint(0, 40)
    return Closed(episodes, {kind: chance.randint(0, episodes) for kind in OutcomeKind})
