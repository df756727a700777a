"""Keeps the report's paired copy of each episode's scores as fresh as the episodes and surveys themselves.

Nobody who writes has to think of it: every change of an episode or of a survey raises a version, and
agreements are only added or ended. So a few sums say at once whether anything changed since, and then the
versions say what.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, cast, delete, func, insert, or_, select, text
from sqlalchemy.orm import Session

from wellbeing_app.evaluation.cells import packed
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    SCORE_COLUMNS,
    Agreement,
    Episode,
    Occasion,
    PairedEpisode,
    PairedTotals,
    Pathway,
    Purpose,
    Respondent,
    Survey,
)
from wellbeing_app.services import schedules
from wellbeing_app.services.followups import Schedule

AT_ONCE = 500
"""How many episodes are packed in one go."""

_OF_EPISODE = (Episode.id, Episode.service_user_id, Episode.advisor_id, Episode.pathway, Episode.referred_on)
_SCORES = tuple(getattr(Survey, column) for column in SCORE_COLUMNS)
_OF_SURVEY = (
    Survey.id.label("survey_id"),
    Survey.occasion,
    Survey.counts,
    Survey.completed_on,
    Survey.recorded_at,
    Survey.mode,
    Survey.respondent,
    Survey.revision,
)


def freshen(db: Session) -> int:
    """Pack again what was changed since it was last packed; returns how many episodes that were."""
    schedule = schedules.read(db)
    there: dict[str, object] = {"windows": _in_words(schedule)}
    for one in _TOTALS:
        there.update(db.execute(one).mappings().one())
    kept = db.execute(_KEPT).mappings().one_or_none()
    if kept is not None and there == dict(kept):
        return 0
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("LOCK TABLE paired_episode IN SHARE ROW EXCLUSIVE MODE"))  # one at a time
    if kept is not None and kept["windows"] != there["windows"]:
        db.execute(delete(PairedEpisode))  # which follow-up is the nearest may be another now
    stale = db.scalars(_STALE).all()
    for start in range(0, len(stale), AT_ONCE):
        some = stale[start : start + AT_ONCE]
        db.execute(delete(PairedEpisode).where(PairedEpisode.episode_id.in_(some)))
        db.execute(insert(PairedEpisode), list(_packed(db, schedule, some)))
    db.execute(delete(PairedTotals))
    db.execute(insert(PairedTotals).values(id=1, **there))
    return len(stale)


def rebuild(db: Session) -> int:
    """Throw the paired copy away and make it anew; returns how many episodes it holds."""
    db.execute(delete(PairedTotals))
    db.execute(delete(PairedEpisode))
    return freshen(db)


def _totals() -> tuple[Any, ...]:
    """What there is to be packed, in numbers that no change leaves as they were."""
    return (
        select(func.count(Episode.id).label("episodes"), _sum(Episode.version).label("versions")),
        select(
            func.count(Survey.id).label("surveys"),
            _sum(Survey.revision).label("revisions"),
            func.max(Survey.recorded_at).label("last_recorded_at"),
        ),
        select(
            func.count(Agreement.purpose).label("agreements"),
            func.count(Agreement.withdrawn_on).label("withdrawals"),
        ).where(Agreement.purpose == Purpose.EVALUATION),
    )


def _stale() -> Select[uuid.UUID]:
    """The episodes that have no packed row, or one made of something else than there is now."""
    of_survey = (
        select(Survey.episode_id, func.count().label("surveys"), func.sum(Survey.revision).label("revisions"))
        .group_by(Survey.episode_id)
        .subquery()
    )
    return (
        select(Episode.id)
        .outerjoin(PairedEpisode, PairedEpisode.episode_id == Episode.id)
        .outerjoin(of_survey, of_survey.c.episode_id == Episode.id)
        .where(
            or_(
                PairedEpisode.episode_id.is_(None),
                PairedEpisode.version != Episode.version,
                PairedEpisode.surveys != func.coalesce(of_survey.c.surveys, 0),
                PairedEpisode.revisions != func.coalesce(of_survey.c.revisions, 0),
                PairedEpisode.agreed != _agreed(),
            )
        )
    )


def _agreed() -> ColumnElement[bool]:
    in_force = select(Agreement.service_user_id).where(
        Agreement.purpose == Purpose.EVALUATION, Agreement.withdrawn_on.is_(None)
    )
    return Episode.service_user_id.in_(in_force)


def _sum(column: Any) -> Any:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


_TOTALS = _totals()
_STALE = _stale()
_KEPT = select(*(column for column in PairedTotals.__table__.c if column.name != "id"))


def _packed(db: Session, schedule: Schedule, episodes: Sequence[uuid.UUID]) -> Iterator[dict[str, object]]:
    query = (
        select(*_OF_EPISODE, Episode.version, _agreed().label("agreed"), *_OF_SURVEY, *_SCORES)
        .outerjoin(Survey, Survey.episode_id == Episode.id)
        .where(Episode.id.in_(episodes))
        .order_by(Episode.id, Survey.completed_on, Survey.recorded_at, Survey.id)
    )
    rows: Any = db.execute(query)
    for _episode_id, of_episode in groupby(rows, key=lambda row: row.id):
        yield _row(schedule, list(of_episode))


def _row(schedule: Schedule, rows: Sequence[Row[Any]]) -> dict[str, object]:
    """The packed row of an episode, from one row for each of its surveys (or a single one with none)."""
    episode = rows[0]
    surveys = [row for row in rows if row.survey_id is not None]
    baseline = next((row for row in surveys if row.occasion is Occasion.BASELINE and row.counts), None)
    return {
        "episode_id": episode.id,
        "service_user_id": episode.service_user_id,
        "advisor_id": episode.advisor_id,
        "pathway": episode.pathway,
        "version": episode.version,
        "surveys": len(surveys),
        "revisions": sum(row.revision for row in surveys),
        "last_recorded_at": max((row.recorded_at for row in surveys), default=None),
        "agreed": bool(episode.agreed),
        "referred_on": episode.referred_on,
        "baseline_on": baseline.completed_on if baseline else None,
        **_choices(schedule, episode.pathway, baseline, surveys),
    }


def _choices(
    schedule: Schedule, pathway: Pathway, baseline: Row[Any] | None, surveys: Sequence[Row[Any]]
) -> dict[str, object]:
    """The pair of each choice of follow-up, among those after the baseline."""
    later = _after(baseline, surveys)
    found: dict[str, Row[Any] | None] = dict.fromkeys(("first", "latest", "nearest"))
    if baseline is not None and later:
        window = schedule.window(pathway, 1, baseline.completed_on)
        found = {"first": later[0], "latest": later[-1], "nearest": _nearest(window, later)}
    return {
        f"{choice}_{name}": value
        for choice, follow_up in found.items()
        for name, value in _pair(baseline, follow_up).items()
    }


def _after(baseline: Row[Any] | None, surveys: Sequence[Row[Any]]) -> list[Row[Any]]:
    if baseline is None:
        return []
    begun = (baseline.completed_on, baseline.recorded_at)
    follow_ups = (row for row in surveys if row.occasion is Occasion.FOLLOW_UP)
    return [row for row in follow_ups if (row.completed_on, row.recorded_at) > begun]


def _nearest(window: tuple[date, date] | None, later: Sequence[Row[Any]]) -> Row[Any]:
    """The follow-up inside its window, or the fewest days from it; of two alike the earlier."""
    if window is None:
        return later[0]
    opens, closes = window
    return min(
        later, key=lambda row: max((opens - row.completed_on).days, (row.completed_on - closes).days, 0)
    )


def _in_words(schedule: Schedule) -> str:
    return "; ".join(
        f"{pathway} {first}-{last}" for pathway, (first, last) in sorted(schedule.months.items())
    )


def _pair(baseline: Row[Any] | None, follow_up: Row[Any] | None) -> dict[str, object]:
    if baseline is None:
        return {"cells": None, "on": None, "proxy": False, "alike": False}
    both = [one for one in (baseline, follow_up) if one is not None]
    return {
        "cells": packed(INSTRUMENT.keys, _scores(baseline), _scores(follow_up) if follow_up else {}),
        "on": follow_up.completed_on if follow_up else None,
        "proxy": any(one.respondent is Respondent.PROXY for one in both),
        "alike": follow_up is not None and baseline.mode is follow_up.mode,
    }


def _scores(row: Row[Any]) -> dict[str, int | None]:
    return {column: getattr(row, column) for column in SCORE_COLUMNS}
