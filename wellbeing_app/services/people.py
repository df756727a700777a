"""Adding, finding, reading and editing people. Joining two records is in `merging`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.exc import StaleDataError

from wellbeing_app.model import BreakGlass, Episode, ServiceUser, Ticket
from wellbeing_app.services import access, audit, clock, codes
from wellbeing_app.services.access import Actor
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import readable_name

MOST_FOUND = 50
OLDEST = 120
AT_ONCE = 500


@dataclass(frozen=True)
class PersonDetails:
    """What is known of a person, as typed."""

    first_name: str
    last_name: str = ""
    date_of_birth: date | None = None
    telephone: str = ""
    address: str = ""
    language: str = "en"
    needs_interpreter: bool = False
    needs_bsl: bool = False
    needs_large_print: bool = False
    access_notes: str = ""
    may_telephone: bool = True
    may_leave_message: bool = False
    may_post: bool = True
    safe_times: str = ""
    ring_days: str | None = None
    ring_from: time | None = None
    ring_until: time | None = None


@dataclass(frozen=True)
class Duplicates:
    """People who may be the same: those the actor may see, and how many others the service knows."""

    in_reach: Sequence[ServiceUser]
    elsewhere: int

    def __bool__(self) -> bool:
        return bool(self.in_reach) or self.elsewhere > 0


def add(db: Session, actor: Actor, details: PersonDetails) -> ServiceUser:
    """Add a person under a fresh reference; raises `Invalid`. An episode follows in the same transaction."""
    access.require(actor, Action.ADD_PERSON)
    _check(details)
    person = ServiceUser(reference=free_references(db, 1)[0], created_at=clock.now(), **columns_of(details))
    db.add(person)
    db.flush()
    audit.record(db, actor, "person_added", person=person.id)
    return person


def possible_duplicates(db: Session, actor: Actor, details: PersonDetails) -> Duplicates:
    """People with the same name, or the same day of birth and first or last name."""
    full = searchable(details.first_name, details.last_name)
    alike: ColumnElement[bool] = ServiceUser.search_name == full
    if details.date_of_birth is not None:
        parts = [part for part in full.split() if part]
        any_part = or_(*(_contains(part) for part in parts))
        alike = or_(alike, (ServiceUser.date_of_birth == details.date_of_birth) & any_part)
    in_reach = access.people_in_reach(actor, Action.SEE_PERSON)
    query = select(ServiceUser, in_reach).where(alike, ServiceUser.merged_into_id.is_(None)).limit(MOST_FOUND)
    rows = db.execute(query).all()
    seen = [person for person, allowed in rows if allowed]
    for person in seen:
        audit.record(db, actor, "listed", person=person.id, subject="possible_duplicate")
    elsewhere = [person for person, allowed in rows if not allowed]
    for person in elsewhere:
        audit.record(db, actor, "told_of_likeness", person=person.id, elsewhere=len(elsewhere))
    return Duplicates(seen, len(elsewhere))


def find(db: Session, actor: Actor, text: str, born: date | None = None) -> Sequence[ServiceUser]:
    """People in reach by reference, any parts of the name, or day of birth; at most `MOST_FOUND`, by name."""
    access.require(actor, Action.SEE_PERSON)
    words = searchable(text).split()
    if not words and born is None:
        return []
    match = ServiceUser.date_of_birth == born if born else _name_or_reference(text, words)
    query = (
        select(ServiceUser)
        .where(match, access.people_in_reach(actor, Action.SEE_PERSON), ServiceUser.merged_into_id.is_(None))
        .order_by(ServiceUser.search_name)
        .limit(MOST_FOUND)
    )
    found = db.scalars(query).all()
    for person in found:
        audit.record(db, actor, "listed", person=person.id, subject="search")
    audit.record(db, actor, "searched", found=len(found))
    return found


def record(db: Session, actor: Actor, reference: str) -> ServiceUser:
    """A person with all that hangs on the record, in as many queries for one episode as for ten."""
    person = access.person(db, actor, Action.SEE_PERSON, reference)
    episodes = selectinload(ServiceUser.episodes)
    query = select(ServiceUser).where(ServiceUser.id == person.id)
    return db.scalars(
        query.options(
            episodes.joinedload(Episode.advisor),
            episodes.selectinload(Episode.surveys),
            episodes.selectinload(Episode.tickets).joinedload(Ticket.draft),
            selectinload(ServiceUser.agreements),
            selectinload(ServiceUser.safety_flags),
        )
    ).one()


def is_in_reach(db: Session, actor: Actor, person: ServiceUser) -> bool:
    """Whether the actor may still open this record."""
    return access.reaches(db, actor, Action.SEE_PERSON, person.id)


def glass_broken_until(db: Session, actor: Actor, person: ServiceUser) -> datetime | None:
    """Until when the actor may open this record for a reason given, if that is why it is open."""
    query = select(func.max(BreakGlass.expires_at)).where(
        BreakGlass.staff_id == actor.id,
        BreakGlass.service_user_id == person.id,
        BreakGlass.expires_at > clock.now(),
    )
    return db.scalar(query)


def edit(db: Session, actor: Actor, reference: str, details: PersonDetails, version: int) -> ServiceUser:
    """Save what is known of a person; raises `Invalid`, or `Superseded` with the row that stands now."""
    person = access.person(db, actor, Action.EDIT_PERSON, reference)
    _check(details)
    if person.version != version:
        raise Superseded(person)
    columns = columns_of(details)
    changed = [item.name for item in fields(details) if getattr(person, item.name) != columns[item.name]]
    for name, value in columns.items():
        setattr(person, name, value)
    try:
        db.flush()
    except StaleDataError as lost_race:
        raise Superseded(None) from lost_race
    audit.record(db, actor, "person_edited", person=person.id, fields=changed)
    return person


def access_log(
    db: Session, actor: Actor, reference: str, before: datetime | None = None
) -> tuple[ServiceUser, Sequence[audit.Line]]:
    """Who opened or changed a person's record, or one that was joined with it, newest first."""
    person = access.person(db, actor, Action.SEE_ACCESS_LOG, reference)
    merged = db.scalars(select(ServiceUser.id).where(ServiceUser.merged_into_id == person.id))
    return person, audit.of_people(db, {person.id, *merged}, before)


def searchable(*names: str) -> str:
    """Names as they are compared: no capitals, no accents, single spaces."""
    decomposed = unicodedata.normalize("NFKD", " ".join(map(readable_name, names)).casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def age(born: date, today: date) -> int:
    """Whole years. Somebody born on 29 February is a year older on 1 March where there is no such day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def columns_of(details: PersonDetails) -> dict[str, object]:
    """The details as the columns of a person's row."""
    typed = {name: v.strip() if isinstance(v, str) else v for name, v in vars(details).items()}
    names = {name: readable_name(getattr(details, name)) for name in ("first_name", "last_name")}
    return {**typed, **names, "search_name": searchable(*names.values())}


def problems_with(details: PersonDetails) -> dict[str, str]:
    """What is wrong, by field; empty when all is well."""
    problems = {}
    if not readable_name(details.first_name):
        problems["first_name"] = "required"
    born = details.date_of_birth
    if born is not None and not 0 <= clock.today().year - born.year <= OLDEST:
        problems["date_of_birth"] = "unlikely"
    if born is not None and born > clock.today():
        problems["date_of_birth"] = "in_future"
    if details.ring_from and details.ring_until and details.ring_until <= details.ring_from:
        problems["ring_until"] = "before_from"
    return problems


def free_references(db: Session, many: int) -> list[str]:
    """So many references that nobody has."""
    free: dict[str, None] = {}
    while len(free) < many:
        some = {codes.new_reference() for _ in range(min(many - len(free), AT_ONCE))}
        taken = set(db.scalars(select(ServiceUser.reference).where(ServiceUser.reference.in_(some))))
        free.update(dict.fromkeys(some - taken))
    return list(free)


def _check(details: PersonDetails) -> None:
    if problems := problems_with(details):
        raise Invalid(problems)


def _name_or_reference(text: str, words: Sequence[str]) -> ColumnElement[bool]:
    by_name = ServiceUser.search_name != ""
    for word in words:
        by_name = by_name & _contains(word)
    return or_(by_name, ServiceUser.reference == codes.tidy_reference(text))


def _contains(word: str) -> ColumnElement[bool]:
    return ServiceUser.search_name.contains(word, autoescape=True)
