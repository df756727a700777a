"""When the service wants its follow-ups to be: read from its choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from wellbeing_app.model import Pathway, ServiceRecord
from wellbeing_app.services.followups import USUAL_MONTHS, Schedule

_READ = select(cast(Table, ServiceRecord.__table__).c.choices)


CHOICES = _READ.scalar_subquery().label("choices")
"""For a question that wants the schedule too: hand what it finds to `of`, or {} for nothing."""


def read(db: Session) -> Schedule:
    """As the service has chosen, or the usual."""
    return of(db.scalar(_READ) or {})


def of(choices: Mapping[str, Any]) -> Schedule:
    """The schedule among a service's choices."""
    chosen: Mapping[str, Sequence[int]] = choices.get("follow_up_months", {})
    months = {pathway: chosen.get(pathway, USUAL_MONTHS[pathway]) for pathway in Pathway}
    return Schedule(
        {pathway: (first, last) for pathway, (first, last) in months.items()}, choices.get("repeat_after", 0)
    )
