"""Writing what was planned, and taking it out again: all of it in one transaction, through the one writer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.model import Agreement, Episode, ImportBatch, Role, ServiceUser, Staff, Team
from wellbeing_app.services import access, audit, bulk, clock, due, pathway, people, surveys
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.importing import ledger
from wellbeing_app.services.importing.ledger import Told
from wellbeing_app.services.importing.plan import NewEpisode, NewPerson, Options, Plan
from wellbeing_app.services.importing.quietly import quietly
from wellbeing_app.services.policy import Action
from wellbeing_app.services.surveys import Past

WORDING = "As in the file that the person came in from."
UNKNOWN_ADVISOR = "records-from-a-file@service.invalid"


@quietly
def write(db: Session, actor: Actor, batch: ImportBatch, planned: Plan, options: Options) -> None:
    """Write the whole plan; raises `Invalid` if anything stands against it."""
    access.require(actor, Action.IMPORT_RECORDS)
    if planned.problems:
        raise Invalid({"file": "problems"})
    advisors = _advisors(db, planned, options)
    new = [person for person in planned.people if person.details is not None]
    begun = [(person, one) for person in planned.people for one in person.episodes if one.is_new]
    _people(db, actor, batch, new)
    _episodes(db, actor, batch, begun, advisors)
    _agreements(db, actor, batch, new)
    told = [Told(person.id, one.id, one.ledger) for person, one in begun]
    ledger.write(db, actor, batch.at, told)
    surveys.record_past(db, actor, batch.id, _past(planned), batch.at)
    due.refresh_all(db, [episode.id for person in planned.people for episode in person.episodes])
    batch.people, batch.episodes, batch.surveys = len(new), len(begun), planned.new_surveys
    batch.committed_at, batch.content = clock.now(), None
    counted = {"people": batch.people, "episodes": batch.episodes, "surveys": batch.surveys}
    audit.record(db, actor, "imported", subject=f"import:{batch.id}", file=batch.file_name, counted=counted)


def _past(planned: Plan) -> list[Past]:
    return [
        Past(person.id, episode.id, one.occasion, one.counts, one.given, one.version, one.modes)
        for person in planned.people
        for episode in person.episodes
        for one in episode.surveys
    ]


def _people(db: Session, actor: Actor, batch: ImportBatch, new: Sequence[NewPerson]) -> None:
    fresh = iter(people.free_references(db, sum(person.reference is None for person in new)))
    rows: list[dict[str, Any]] = [
        {
            "id": person.id,
            "reference": person.reference or next(fresh),
            "earlier_reference": person.earlier,
            "import_batch_id": batch.id,
            "created_at": clock.now(),
            "version": 1,
            **people.columns_of(person.details),
        }
        for person in new
        if person.details is not None
    ]
    bulk.insert_rows(db, ServiceUser, rows)
    audit.record_many(db, actor, "person_added", [(row["id"], "") for row in rows])


def _episodes(
    db: Session,
    actor: Actor,
    batch: ImportBatch,
    begun: Sequence[tuple[NewPerson, NewEpisode]],
    advisors: Mapping[str, uuid.UUID],
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": episode.id,
            "service_user_id": person.id,
            "import_batch_id": batch.id,
            "created_at": clock.now(),
            "counting_decided_at": batch.at if episode.decided else None,
            "closed_on": None,
            "closing_reason": None,
            "closing_note": "",
            "follow_up_ended": None,
            "follow_up_ended_on": None,
            "version": 1,
            **pathway.columns_of(episode.details),
            "advisor_id": advisors[episode.advisor],
            **episode.beyond,
        }
        for person, episode in begun
    ]
    bulk.insert_rows(db, Episode, rows)
    about = [(row["service_user_id"], f"episode:{row['id']}") for row in rows]
    audit.record_many(db, actor, "episode_opened", about)


def _agreements(db: Session, actor: Actor, batch: ImportBatch, new: Sequence[NewPerson]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": uuid.uuid4(),
            "service_user_id": person.id,
            "purpose": purpose,
            "wording": WORDING,
            "given_on": day,
            "recorded_at": clock.now(),
            "recorded_by_id": actor.id,
            "import_batch_id": batch.id,
        }
        for person in new
        for purpose, day in person.agreed.items()
    ]
    bulk.insert_rows(db, Agreement, rows)
    audit.record_many(db, actor, "agreement_given", [(row["service_user_id"], "") for row in rows])


def _advisors(db: Session, planned: Plan, options: Options) -> dict[str, uuid.UUID]:
    """By the address in the file, the advisor: known here, else as was chosen, else an account for it."""
    begun = [one for person in planned.people for one in person.episodes if one.is_new]
    teams = {one.advisor: one.team for one in begun}
    known = {email: staff for email, staff in db.execute(select(Staff.email, Staff.id))}  # noqa: C416 - rows
    found = {email: known[email] for email in teams if email in known}
    for email in teams.keys() - found.keys():
        found[email] = options.advisor_id or _account(db, email or UNKNOWN_ADVISOR, teams[email])
    return found


def _account(db: Session, email: str, team: str = "") -> uuid.UUID:
    """An account that cannot sign in: the people have somebody to stand with until they are handed on."""
    found = db.scalar(select(Staff.id).where(Staff.email == email))
    if found is not None:
        return found
    staff = Staff(
        email=email[:254],
        name=email.split("@")[0][:200],
        role=Role.ADVISOR,
        team=_team(db, team) if team else None,
        active=False,
        created_at=clock.now(),
    )
    db.add(staff)
    db.flush()
    audit.record(db, None, "account_from_file", subject=f"staff:{staff.id}")
    return staff.id


def _team(db: Session, name: str) -> Team:
    return db.scalars(select(Team).where(Team.name == name)).one_or_none() or Team(name=name)


def on_the_machine(db: Session) -> Actor:
    """Who takes a file in by command: the first manager, or an account for it before there is one."""
    query = select(Staff).where(Staff.role == Role.MANAGER, Staff.active).order_by(Staff.created_at)
    manager = db.scalars(query.limit(1)).one_or_none()
    if manager is not None:
        return Actor(manager.id, manager.name, Role.MANAGER)
    return Actor(_account(db, UNKNOWN_ADVISOR), UNKNOWN_ADVISOR, Role.MANAGER)
