"""Episodes: opening, dating, closing, opening again; and which week and phase of the pathway it is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.model import CARE_CLUSTERS, ClosingReason, Episode, Pathway, Role, ServiceUser, Staff
from wellbeing_app.services import access, audit, clock, due, referrers
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.policy import Action, Scope, scope

SENT_TWICE = timedelta(minutes=1)
PHASE_WEEKS = (10, 18, 26)
CAN_BE_PLANNED = ("joint_meeting_on", "discharge_review_on")


@dataclass(frozen=True)
class EpisodeDetails:
    """What is known of an episode, as typed."""

    pathway: Pathway
    referred_on: date
    advisor_id: uuid.UUID
    care_cluster: int | None = None
    referred_by: str = ""
    joint_meeting_on: date | None = None
    took_up_on: date | None = None
    discharge_review_on: date | None = None
    discharged_on: date | None = None
    re_referred_on: date | None = None


KEY_DATES = tuple(item.name for item in fields(EpisodeDetails) if item.name.endswith("_on"))


def open_episode(db: Session, actor: Actor, person: ServiceUser, details: EpisodeDetails) -> Episode:
    """Begin an episode for somebody already through the door; raises `Invalid`."""
    _check(db, actor, details)
    details = _tidied(db, details)
    episode = Episode(service_user=person, created_at=clock.now(), **columns_of(details))
    db.add(episode)
    db.flush()
    due.refresh(db, episode.id)
    _log(db, actor, "episode_opened", episode, advisor=episode.advisor.name)
    return episode


def begin_another(
    db: Session, actor: Actor, person: ServiceUser, details: EpisodeDetails, *, beside_open: bool = False
) -> Episode:
    """Begin an episode for somebody who has had one; the same details sent twice begin one.

    Raises `Invalid`, also while one is open, unless it is to stand `beside_open`.
    """
    db.execute(select(ServiceUser.id).where(ServiceUser.id == person.id).with_for_update(key_share=True))
    query = select(Episode).where(Episode.service_user_id == person.id)
    had = db.scalars(query.execution_options(populate_existing=True)).all()
    lately = [episode for episode in had if clock.now() - episode.created_at < SENT_TWICE]
    details = _tidied(db, details)
    for episode in lately:
        if all(getattr(episode, name) == value for name, value in columns_of(details).items()):
            return episode
    if not beside_open and any(episode.is_open for episode in had):
        raise Invalid({"beside_open": "another_open"})
    return open_episode(db, actor, person, details)


def edit(db: Session, actor: Actor, episode_id: uuid.UUID, details: EpisodeDetails, version: int) -> Episode:
    """Save an episode's details and key dates; raises `Invalid`, or `Superseded` with what stands now.

    Somebody who is in only through broken glass cannot change the advisor.
    """
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    if episode.version != version:
        raise Superseded(episode)
    _check(db, actor, details, episode)
    before, details = episode.advisor, _tidied(db, details, episode.referred_by)
    changed = [name for name, value in columns_of(details).items() if getattr(episode, name) != value]
    for name in changed:
        setattr(episode, name, columns_of(details)[name])
    _flush(db)
    due.refresh(db, episode.id)
    _log(db, actor, "episode_edited", episode, fields=changed, **_passed_on(db, before, episode))
    return episode


def close(
    db: Session, actor: Actor, episode_id: uuid.UUID, on: date, reason: ClosingReason, note: str = ""
) -> Episode:
    """Close an episode; raises `Invalid` for a day before the referral or after today. Only once."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    if not episode.is_open:
        return episode
    problem = clock.problem_with(on, clock.today())
    if problem or on < episode.referred_on:
        raise Invalid({"closed_on": problem or "before_referral"})
    episode.closed_on, episode.closing_reason, episode.closing_note = on, reason, note.strip()
    _flush(db)
    due.refresh(db, episode.id)
    _log(db, actor, "episode_closed", episode, reason=reason)
    return episode


def reopen(db: Session, actor: Actor, episode_id: uuid.UUID) -> Episode:
    """Take back a closing; the note of it stays for the next."""
    episode = access.episode(db, actor, Action.EDIT_PERSON, episode_id)
    if episode.is_open:
        return episode
    episode.closed_on, episode.closing_reason = None, None
    _flush(db)
    due.refresh(db, episode.id)
    _log(db, actor, "episode_reopened", episode)
    return episode


def advisors(db: Session, actor: Actor) -> Sequence[Staff]:
    """Those whom this actor may give an episode to, by name: all, or for an advisor their own team."""
    query = select(Staff).where(Staff.role == Role.ADVISOR, Staff.active).order_by(Staff.name)
    if scope(actor.role, Action.EDIT_PERSON) is not Scope.SERVICE:
        of_team = Staff.team_id == actor.team_id if actor.team_id else false()
        query = query.where(or_(Staff.id == actor.id, of_team))
    return db.scalars(query).all()


def advisors_for(db: Session, actor: Actor, episode: Episode) -> Sequence[Staff]:
    """The present advisor, who may be of another team or have left, and whom else it may be given to."""
    if not access.reaches(db, actor, Action.HAND_ON, episode.service_user_id):
        return [episode.advisor]
    return [episode.advisor, *(one for one in advisors(db, actor) if one.id != episode.advisor_id)]


def latest(person: ServiceUser) -> Episode | None:
    """The open episode that began last; else the last one."""
    episodes = [episode for episode in person.episodes if episode.is_open] or person.episodes
    return episodes[-1] if episodes else None


def week(referred_on: date, today: date) -> int:
    """The week since the referral; the day of referral is in week 1."""
    return max((today - referred_on).days, 0) // 7 + 1


def phase_ends(referred_on: date, moved: Mapping[str, str] | None = None) -> tuple[date, ...]:
    """The last day of each phase: weeks 10, 18 and 26 after the referral, unless it was moved."""
    ends = [referred_on + timedelta(weeks=weeks, days=-1) for weeks in PHASE_WEEKS]
    chosen = [(moved or {}).get(phase_key(number)) for number in range(1, len(ends) + 1)]
    return tuple(date.fromisoformat(day) if day else end for day, end in zip(chosen, ends, strict=True))


def phase_key(number: int) -> str:
    """What the moved end of a phase is called in `Episode.moved`."""
    return f"phase_{number}"


def phase(
    pathway: Pathway, referred_on: date, today: date, moved: Mapping[str, str] | None = None
) -> int | None:
    """Phase 1, 2 or 3 of the mental health pathway's 26 weeks; None beyond, or on the other pathway."""
    if pathway is not Pathway.MENTAL_HEALTH:
        return None
    ends = phase_ends(referred_on, moved)
    return next((number for number, last in enumerate(ends, start=1) if today <= last), None)


def columns_of(details: EpisodeDetails) -> dict[str, object]:
    """The details as the columns of an episode's row."""
    columns: dict[str, object] = {item.name: getattr(details, item.name) for item in fields(details)}
    return {**columns, "referred_by": details.referred_by.strip()}


def problems_with(details: EpisodeDetails) -> dict[str, str]:
    """What is wrong, by field, whoever the advisor is; empty when all is well."""
    problems = _date_problems(details)
    if details.pathway is Pathway.MENTAL_HEALTH and details.care_cluster not in CARE_CLUSTERS:
        problems["care_cluster"] = "required"
    if details.pathway is not Pathway.MENTAL_HEALTH and details.care_cluster is not None:
        problems["care_cluster"] = "only_mental_health"
    return problems


def _tidied(db: Session, details: EpisodeDetails, own: str = "") -> EpisodeDetails:
    """Who referred in the spelling that is known, so that a practice counts as one."""
    return replace(details, referred_by=referrers.as_known(db, details.referred_by, own))


def _check(db: Session, actor: Actor, details: EpisodeDetails, episode: Episode | None = None) -> None:
    problems = problems_with(details)
    offered = advisors_for(db, actor, episode) if episode else advisors(db, actor)
    if details.advisor_id not in {advisor.id for advisor in offered}:
        problems["advisor_id"] = "not_an_advisor"
    if problems:
        raise Invalid(problems)


def _date_problems(details: EpisodeDetails) -> dict[str, str]:
    today = clock.today()
    days = {name: day for name in KEY_DATES if (day := getattr(details, name))}
    found = {name: "before_referral" for name, day in days.items() if day < details.referred_on}
    for name, day in days.items():
        if problem := clock.problem_with(day, today, planned=name in CAN_BE_PLANNED):
            found[name] = problem
    return found


def _passed_on(db: Session, before: Staff, episode: Episode) -> dict[str, str]:
    """From whom to whom an episode went, for the trail."""
    if before.id == episode.advisor_id:
        return {}
    db.refresh(episode, ["advisor"])
    return {"advisor_before": before.name, "advisor": episode.advisor.name}


def _flush(db: Session) -> None:
    try:
        db.flush()
    except StaleDataError as lost_race:
        raise Superseded(None) from lost_race


def _log(db: Session, actor: Actor, action: str, episode: Episode, **detail: object) -> None:
    audit.record(db, actor, action, person=episode.service_user_id, subject=f"episode:{episode.id}", **detail)
