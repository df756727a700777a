"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Size:
    """How much to measure: rounds, people on the caseload, what is asked for in each round, and of how many
    people a report is; then of ten times as many. `exported`: the people in the data that is taken out.
    `piles`: forms in a file, and in one whose memory is compared with that; `scans`: pages of each kind.
    """

    rounds: int
    people: int
    submits: int
    hellos: int
    pages: int
    episodes: int
    lists: int
    crowd: int
    exported: int
    piles: tuple[int, int]
    summaries: int
    scans: int

    @property
    def drafts(self) -> int:
        """Surveys to be submitted, in the rounds and in the one to warm up."""
        return (self.rounds + 1) * self.submits


FULL = Size(
    rounds=15,
    people=200,
    submits=20,
    hellos=300,
    pages=10,
    episodes=1_000_000,
    lists=30,
    crowd=10_000,
    exported=20_000,
    piles=(500, 5_000),
    summaries=100,
    scans=2,
)
LARGE = replace(FULL, crowd=100_000)
QUICK = Size(
    rounds=1,
    people=4,
    submits=2,
    hellos=20,
    pages=2,
    episodes=2_000,
    lists=2,
    crowd=200,
    exported=40,
    piles=(2, 20),
    summaries=3,
    scans=1,
)
SERVED = 5  # as many times more of everything, for a server needs longer turns
