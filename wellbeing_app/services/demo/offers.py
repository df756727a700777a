"""What the invented providers offer, who goes there, and what else came of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from wellbeing_app.model import Activity, Episode, OutcomeKind, Setting, Theme
from wellbeing_app.services import clock, ledger
from wellbeing_app.services.access import Actor
from wellbeing_app.services.demo.tales import Case
from wellbeing_app.services.ledger import ActivityDetails

OFFERS = (
    ActivityDetails("Kind Callers", "Visits at home", Theme.BEFRIENDING_PLUS, Setting.INDIVIDUAL),
    ActivityDetails("Canal Learning", "Back to work, step by step", Theme.EDUCATION, Setting.INDIVIDUAL),
    ActivityDetails("Northtown Ramblers", "Slow walks", Theme.COMMUNITY_GROUP, Setting.GROUP, 15),
    ActivityDetails("The Potting Shed", "Gardening together", Theme.COMMUNITY_GROUP, Setting.GROUP, 10),
)
EVERY = timedelta(days=28)


def fill(db: Session, manager: Actor, cases: Sequence[Case], chance: random.Random) -> None:
    """Places for those who took up a service, with hours, and outcomes of closed episodes."""
    offered = [ledger.add_activity(db, manager, one) for one in OFFERS]
    for case in cases:
        began = case.episode.took_up_on
        if began is not None:
            _place(db, case, chance.choice(offered), began, chance)
        if case.episode.closed_on is not None and began is not None:
            kinds = chance.sample(list(OutcomeKind), chance.randrange(3))
            ledger.set_outcomes(
                db, case.advisor, case.episode.id, dict.fromkeys(kinds, _last_day(case.episode))
            )
    first = clock.today() - 12 * EVERY
    for activity in offered:
        if activity.setting is Setting.GROUP:
            for month in range(12):
                ledger.add_group_hours(db, manager, activity.id, first + month * EVERY, Decimal(8))


def _place(db: Session, case: Case, activity: Activity, began: date, chance: random.Random) -> None:
    placement = ledger.place(db, case.advisor, case.episode.id, activity.id, began)
    last = _last_day(case.episode)
    if activity.setting is Setting.INDIVIDUAL:
        ledger.add_hours(db, case.advisor, placement.id, last, Decimal(chance.randint(2, 24)) / 2)
    if case.episode.closed_on is not None:
        ledger.end_placement(db, case.advisor, placement.id, last)


def _last_day(episode: Episode) -> date:
    """Its closing, or today; a closing never comes before what began in it."""
    return max(episode.closed_on or clock.today(), episode.took_up_on or episode.referred_on)
