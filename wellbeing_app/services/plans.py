"""The action plan: steps that were agreed in a talk, each towards one measure, and what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, PlanLine, PlanOutcome
from wellbeing_app.services import access, audit, clock
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, NotFound, Superseded
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import readable

LONGEST = {"what": 200, "who": 100, "place": 200, "note": 500}


@dataclass(frozen=True)
class Step:
    """A step as typed: what, who does it, with which activity or service, by when."""

    measure: str
    what: str
    who: str = ""
    place: str = ""
    due_on: date | None = None


def of_episode(db: Session, episode_id: uuid.UUID) -> Sequence[PlanLine]:
    """The steps of an episode that was opened already: by measure, as the instrument orders them."""
    query = select(PlanLine).where(PlanLine.episode_id == episode_id).order_by(PlanLine.made_at)
    order = {key: place for place, key in enumerate(INSTRUMENT.keys)}
    return sorted(db.scalars(query), key=lambda line: order.get(line.measure, len(order)))


def see(db: Session, actor: Actor, episode_id: uuid.UUID) -> tuple[Episode, Sequence[PlanLine]]:
    """An episode and its plan; raises as `access.episode`."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    return episode, of_episode(db, episode_id)


def see_line(
    db: Session, actor: Actor, episode_id: uuid.UUID, line_id: uuid.UUID
) -> tuple[Episode, PlanLine]:
    """One step and its episode; raises `NotFound` for one of another episode."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    line = db.get(PlanLine, line_id)
    if line is None or line.episode_id != episode.id:
        raise NotFound(str(line_id))
    return episode, line


def add(db: Session, actor: Actor, episode_id: uuid.UUID, step: Step) -> PlanLine:
    """Add a step; raises `Invalid`. The same step, while it is open, is not added twice."""
    episode, lines = see(db, actor, episode_id)
    step = _checked(step)
    for line in lines:
        if line.is_open and _step_of(line) == step:
            return line
    line = PlanLine(episode_id=episode.id, **vars(step), made_at=clock.now(), made_by_id=actor.id)
    db.add(line)
    db.flush()
    _log(db, actor, "plan_line_added", episode, line)
    return line


def change(
    db: Session, actor: Actor, episode_id: uuid.UUID, line_id: uuid.UUID, step: Step, version: int
) -> PlanLine:
    """Reword a step; raises `Invalid`, or `Superseded` if somebody else did since `version`."""
    episode, line = see_line(db, actor, episode_id, line_id)
    step = _checked(step)
    if line.version != version:
        raise Superseded(line)
    if _step_of(line) != step:
        for name, value in vars(step).items():
            setattr(line, name, value)
        _flush(db, line)
        _log(db, actor, "plan_line_changed", episode, line)
    return line


def settle(
    db: Session,
    actor: Actor,
    episode_id: uuid.UUID,
    line_id: uuid.UUID,
    outcome: PlanOutcome | None,
    note: str = "",
) -> PlanLine:
    """Say what became of a step, or with None that it was said too soon; raises `Invalid` or `Superseded`."""
    episode, line = see_line(db, actor, episode_id, line_id)
    note = readable(note).strip()
    if len(note) > LONGEST["note"]:
        raise Invalid({"note": "too_long"})
    if (line.outcome, line.outcome_note) != (outcome, note if outcome else ""):
        line.outcome, line.outcome_note = outcome, note if outcome else ""
        line.outcome_at = clock.now() if outcome else None
        line.outcome_by_id = actor.id if outcome else None
        _flush(db, line)
        _log(db, actor, "plan_line_settled", episode, line)
    return line


def _flush(db: Session, line: PlanLine) -> None:
    try:
        db.flush()
    except StaleDataError as lost_race:
        raise Superseded(line.id) from lost_race


def _step_of(line: PlanLine) -> Step:
    return Step(line.measure, line.what, line.who, line.place, line.due_on)


def _checked(step: Step) -> Step:
    what, who, place = (readable(text).strip() for text in (step.what, step.who, step.place))
    step = replace(step, what=what, who=who, place=place)
    problems = {
        name: "too_long" for name in ("what", "who", "place") if len(getattr(step, name)) > LONGEST[name]
    }
    if not what:
        problems["what"] = "required"
    if step.measure not in INSTRUMENT.keys:
        problems["measure"] = "unknown_measure"
    if step.due_on and (problem := clock.problem_with(step.due_on, clock.today(), planned=True)):
        problems["due_on"] = problem
    if problems:
        raise Invalid(problems)
    return step


def _log(db: Session, actor: Actor, action: str, episode: Episode, line: PlanLine) -> None:
    subject = f"plan_line:{line.id}"
    audit.record(db, actor, action, person=episode.service_user_id, subject=subject, measure=line.measure)
