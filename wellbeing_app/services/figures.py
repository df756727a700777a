"""The service in numbers, without names. Small numbers are told to the manager only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from wellbeing_app.evaluation.disclosure import Count, shielded
from wellbeing_app.evaluation.summary import MeasureSummary, ScorePair, summarise
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    SCORE_COLUMNS,
    Agreement,
    Episode,
    Occasion,
    Pathway,
    Purpose,
    Respondent,
    Role,
    ServiceUser,
    Survey,
)
from wellbeing_app.services import access, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.policy import Action


@dataclass(frozen=True)
class Figures:
    """The numbers as this actor may know them, on the day they were made.

    `exact`: no number is kept back. `pairs`: episodes with a baseline that counts and a later follow-up.
    `measures` leaves out those of people who have not agreed to the use of their answers for evaluation, and
    those that somebody else answered.
    """

    on: date
    exact: bool
    people: Count
    open_episodes: Mapping[Pathway, Count]
    baselines: Count
    follow_ups: Count
    pairs: Count
    not_agreed: Count
    by_proxy: Count
    measures: tuple[MeasureSummary, ...]


@dataclass(frozen=True)
class _Pair:
    agreed: bool
    by_proxy: bool
    scores: ScorePair


def overview(db: Session, actor: Actor) -> Figures:
    """The whole service today; raises `NotAllowed`."""
    access.require(actor, Action.SEE_FIGURES)
    exactly = actor.role is Role.MANAGER
    tell: Callable[[int], Count] = int if exactly else shielded
    pairs = _pairs(db)
    counted = [pair.scores for pair in pairs if pair.agreed and not pair.by_proxy]
    measures = summarise(INSTRUMENT.keys, counted)
    counts = {name: tell(count) for name, count in _counts(db).items()}
    return Figures(
        on=clock.today(),
        exact=exactly,
        people=counts["people"],
        open_episodes={pathway: counts[pathway.value] for pathway in Pathway},
        baselines=counts["baselines"],
        follow_ups=counts["follow_ups"],
        pairs=tell(len(pairs)),
        not_agreed=tell(sum(not pair.agreed for pair in pairs)),
        by_proxy=tell(sum(pair.agreed and pair.by_proxy for pair in pairs)),
        measures=measures if exactly else tuple(one.shielded() for one in measures),
    )


def _counts(db: Session) -> Mapping[str, int]:
    is_open, is_baseline = Episode.closed_on.is_(None), Survey.occasion == Occasion.BASELINE
    query = select(
        _count(ServiceUser, ServiceUser.merged_into_id.is_(None)).label("people"),
        *(_count(Episode, is_open, Episode.pathway == one).label(one.value) for one in Pathway),
        _count(Survey, is_baseline, Survey.counts).label("baselines"),
        _count(Survey, ~is_baseline).label("follow_ups"),
    )
    return dict(db.execute(query).mappings().one())


def _count(table: type, *where: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(*where).scalar_subquery()


def _pairs(db: Session) -> Sequence[_Pair]:
    """Each episode's counting baseline with the first follow-up after it."""
    first, latest, order = aliased(Survey), aliased(Survey), _follow_ups_in_order()
    proxy = or_(first.respondent == Respondent.PROXY, latest.respondent == Respondent.PROXY)
    query = (
        select(
            _agreed().label("agreed"),
            proxy.label("by_proxy"),
            *(getattr(survey, column) for survey in (first, latest) for column in SCORE_COLUMNS),
        )
        .join(Episode, Episode.id == first.episode_id)
        .join(order, order.c.episode_id == first.episode_id)
        .join(latest, latest.id == order.c.id)
        .where(first.occasion == Occasion.BASELINE, first.counts, order.c.place == 1)
    )
    return [_pair(*row) for row in db.execute(query)]


def _pair(agreed: bool, by_proxy: bool, *scores: int | None) -> _Pair:
    half = len(SCORE_COLUMNS)
    before, after = (dict(zip(SCORE_COLUMNS, one, strict=True)) for one in (scores[:half], scores[half:]))
    return _Pair(bool(agreed), bool(by_proxy), (before, after))


def _follow_ups_in_order() -> Any:
    """Those after their episode's counting baseline, each with its place among them."""
    baseline = aliased(Survey)
    place = func.row_number().over(
        partition_by=Survey.episode_id, order_by=(Survey.completed_on, Survey.recorded_at, Survey.id)
    )
    return (
        select(Survey.id, Survey.episode_id, place.label("place"))
        .join(baseline, baseline.episode_id == Survey.episode_id)
        .where(baseline.occasion == Occasion.BASELINE, baseline.counts)
        .where(Survey.occasion == Occasion.FOLLOW_UP, _order(Survey) > _order(baseline))
        .subquery()
    )


def _order(survey: Any) -> Any:
    return tuple_(survey.completed_on, survey.recorded_at)


def _agreed() -> Any:
    return (
        select(Agreement.id)
        .where(
            Agreement.service_user_id == Episode.service_user_id,
            Agreement.purpose == Purpose.EVALUATION,
            Agreement.withdrawn_on.is_(None),
        )
        .correlate(Episode)
        .exists()
    )
