"""The stored rows of what is due: counted again, in the same transaction, by whatever changes an episode.

A list then costs as much for a million people as for a hundred. That the rows are what a full count would
make is tested; `rebuild` makes them all again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, cast

from sqlalchemy import BindParameter, Row, Select, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from wellbeing_app.model import DueRow, Episode, Occasion, Survey
from wellbeing_app.services import bulk, followups, schedules
from wellbeing_app.services.followups import Due, Facts, Schedule

_DUE, _EPISODE, _SURVEY = (cast(Table, kind.__table__) for kind in (DueRow, Episode, Survey))
AT_ONCE = 5_000
SOME = 500

_LOCK = select(_EPISODE.c.id).where(_EPISODE.c.id == bindparam("episode")).with_for_update()
_FACTS = select(
    _EPISODE.c.id.label("episode_id"),
    *(_EPISODE.c[name] for name in ("advisor_id", "pathway", "referred_on", "closed_on", "moved")),
    *(_EPISODE.c[name] for name in ("follow_up_ended", "follow_up_ended_on", "counting_decided_at")),
    *(_SURVEY.c[name] for name in ("occasion", "counts", "completed_on", "recorded_at")),
).select_from(_EPISODE.outerjoin(_SURVEY, _SURVEY.c.episode_id == _EPISODE.c.id))
_OF_ONE = _FACTS.add_columns(schedules.CHOICES).where(_EPISODE.c.id == bindparam("episode"))
_SOME: BindParameter[Any] = bindparam("episodes", expanding=True)
_OF_SOME = _FACTS.where(_EPISODE.c.closed_on.is_(None), _EPISODE.c.id.in_(_SOME)).order_by(_EPISODE.c.id)
_DROP_SOME = delete(_DUE).where(_DUE.c.episode_id.in_(_SOME))
_DROP = delete(_DUE).where(_DUE.c.episode_id == bindparam("episode"))
_UPDATE = update(_DUE).where(_DUE.c.episode_id == bindparam("episode"))
_INSERT = insert(_DUE)


def refresh(db: Session, episode_id: uuid.UUID) -> None:
    """Count again what is due for this episode. Call after any change of what it hangs on."""
    db.flush()
    db.execute(_LOCK, {"episode": episode_id})
    rows = db.execute(_OF_ONE, {"episode": episode_id}).all()
    if not rows or rows[0].closed_on is not None:
        db.execute(_DROP, {"episode": episode_id})
        return
    values = _values(rows, schedules.of(rows[0].choices or {}))
    changed = db.execute(_UPDATE, {"episode": episode_id, **values})
    if cast("CursorResult[Any]", changed).rowcount == 0:
        db.execute(_INSERT, values)


def refresh_all(db: Session, episodes: Sequence[uuid.UUID]) -> None:
    """The same for many episodes at once."""
    schedule = schedules.read(db)
    db.flush()
    for start in range(0, len(episodes), SOME):
        some = episodes[start : start + SOME]
        db.execute(_DROP_SOME, {"episodes": some})
        found = _by_episode(db.execute(_OF_SOME, {"episodes": some}))
        rows = [_values(of_one, schedule) for of_one in found]
        bulk.insert_rows(db, DueRow, rows)


def rebuild(db: Session, tell: Callable[[int, int], object] = lambda _done, _of: None) -> int:
    """Make all rows again; returns how many. `tell` hears how many of how many episodes are done."""
    schedule = schedules.read(db)
    db.flush()
    db.execute(delete(_DUE))
    total = db.scalar(select(func.count()).select_from(_EPISODE).where(_EPISODE.c.closed_on.is_(None))) or 0
    made = 0
    for chunk in _chunks(db):
        rows = [_values(of_one, schedule) for of_one in _by_episode(db.execute(chunk))]
        bulk.insert_rows(db, DueRow, rows)
        made += len(rows)
        tell(made, total)
    return made


def recounted(db: Session) -> dict[uuid.UUID, dict[str, Any]]:
    """What the rows should be, by episode: for a test, and for whoever doubts them."""
    schedule = schedules.read(db)
    found = (_values(rows, schedule) for chunk in _chunks(db) for rows in _by_episode(db.execute(chunk)))
    return {values["episode_id"]: values for values in found}


def facts_of(rows: Sequence[Any]) -> Facts:
    """What is known of one episode: a row for each of its surveys, or one without any."""
    first = rows[0]
    surveys = [row for row in rows if row.completed_on is not None]
    baselines = [row for row in surveys if row.occasion is Occasion.BASELINE]
    counting = [row.completed_on for row in baselines if row.counts]
    decided = first.counting_decided_at
    return Facts(
        first.pathway,
        first.referred_on,
        baseline_on=max(counting, default=None),
        follow_ups_on=[row.completed_on for row in surveys if row.occasion is Occasion.FOLLOW_UP],
        undecided=len(baselines) > 1
        and (decided is None or any(row.recorded_at > decided for row in baselines)),
        moved=first.moved or {},
        ended=first.follow_up_ended,
        ended_on=first.follow_up_ended_on,
    )


def of_row(row: Any) -> Due:
    """A stored row, or anything that has its columns, as what it says."""
    return Due(row.stage, row.sort_on, row.opens, row.closes, row.early_on, row.number)


def _values(rows: Sequence[Any], schedule: Schedule) -> dict[str, Any]:
    first = rows[0]
    due = followups.reckon(facts_of(rows), schedule)
    return {
        "episode_id": first.episode_id,
        "advisor_id": first.advisor_id,
        "pathway": first.pathway,
        **vars(due),
    }


def _chunks(db: Session) -> Iterator[Select[Any]]:
    """The facts of all open episodes, some thousands at a time."""
    after: uuid.UUID | None = None
    while True:
        ids = select(_EPISODE.c.id).where(_EPISODE.c.closed_on.is_(None))
        ids = ids if after is None else ids.where(_EPISODE.c.id > after)
        last = db.scalars(ids.order_by(_EPISODE.c.id).limit(AT_ONCE)).all()
        if not last:
            return
        within = _FACTS.where(_EPISODE.c.closed_on.is_(None), _EPISODE.c.id <= last[-1])
        within = within if after is None else within.where(_EPISODE.c.id > after)
        yield within.order_by(_EPISODE.c.id)
        after = last[-1]


def _by_episode(rows: Iterable[Row[Any]]) -> Iterable[list[Row[Any]]]:
    return (list(of_one) for _id, of_one in groupby(rows, key=lambda row: row.episode_id))
