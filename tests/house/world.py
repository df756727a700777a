"""One service with everybody in it, in which every request is tried and then undone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from tests.conftest import KEY
from tests.support.people import PASSWORD, Crew, answers, hire, record_survey, refer, staff_of
from tests.support.pictures import PNG
from tests.support.sealing import contents
from wellbeing_app.forms.survey import Fields, of_answers, read
from wellbeing_app.model import (
    AuditEntry,
    Base,
    CalendarTitles,
    Custody,
    Device,
    Episode,
    ItemKind,
    Mode,
    Occasion,
    Purpose,
    ServiceUser,
    Setting,
    StaffSession,
    SyncItem,
    Theme,
    Ticket,
)
from wellbeing_app.services import (
    access,
    accounts,
    agreements,
    calendars,
    clock,
    devices,
    ledger,
    merging,
    papers,
    piles,
    plans,
    printing,
    readings,
    retyping,
    safety,
    scans,
    sessions,
    settings,
    summaries,
    tickets,
)
from wellbeing_app.services.access import Actor
from wellbeing_app.services.importing import batches
from wellbeing_app.services.ledger import ActivityDetails
from wellbeing_app.services.papers import Found
from wellbeing_app.services.plans import Step
from wellbeing_app.web import sync
from wellbeing_app.web.guard import cookie_name

# A word in all that is written of a person, so that a leak shows.
MARKS = {"asha's": "Kestrel", "ben's": "Lapwing", "carol's": "Merlin"}
NOWHERE = uuid.UUID(int=0)
REASON = "The advisor is ill and the person rang"


@dataclass(frozen=True)
class Dossier:
    """A person (None: nobody), and what stands in the addresses and forms of all that hangs on them."""

    person: uuid.UUID | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """The service. `sign_ins` are session tokens by name; `form` and `other_form` are cookie and token;
    `device` is the token of the tablet that all of them use."""

    app: Flask
    connection: Connection
    sessions: sessionmaker[Session]
    crew: Crew
    sign_ins: Mapping[str, str]
    dossiers: Mapping[str, Dossier]
    form: tuple[str, str]
    other_form: tuple[str, str]
    device: str
    began: datetime

    def ask(
        self,
        method: str,
        address: str,
        who: str | None = None,
        fields: Mapping[str, Any] | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """One request from somebody's browser, with just these fields."""
        cookies = {self.app.config["SESSION_COOKIE_NAME"]: self.form[0]}
        with self.app.app_context():
            cookies[sync.cookie_name()] = self.device
            if who is not None:
                cookies[cookie_name()] = self.sign_ins[who]
        line = "; ".join(f"{name}={value}" for name, value in cookies.items())
        client = self.app.test_client(use_cookies=False)
        sent = {"Cookie": line, **(headers or {})}
        response = client.open(address, method=method, data=fields, headers=sent)
        response.get_data()
        response.close()
        return response

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever is written inside is undone at the end."""
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()

    def trail(self) -> list[AuditEntry]:
        """The rows that this trial has added to the audit trail."""
        with self.sessions() as db:
            return list(db.scalars(select(AuditEntry).where(AuditEntry.at > self.began)))

    def contents(self) -> dict[str, list[str]]:
        """Every row of every table."""
        tables = Base.metadata.sorted_tables
        return {table.name: sorted(map(repr, self.connection.execute(select(table)))) for table in tables}


def make_world(app: Flask, connection: Connection, factory: sessionmaker[Session]) -> World:
    """Hire everybody, and give each advisor a person with all that a person can have."""
    with factory.begin() as db:
        crew = hire(db)
        device, token = devices.enrol(db, crew.asha, None, "A tablet", "")
        devices.enrol(db, crew.mandy, token, "", "")
        device.lost = 1
        dossiers = {f"{name}'s": _dossier(db, crew, name, device) for name in ("asha", "ben", "carol")}
        dossiers["merged"] = _under_old_reference(dossiers["asha's"])
        dossiers["missing"] = _missing(dossiers["asha's"])
        for which in ("reference", "other"):
            access.break_glass(db, crew.carol, dossiers["ben's"].values[which], REASON)
        access.open_form(db, crew.dev, dossiers["carol's"].values["code"])
        settings.set_logo(db, crew.adam, PNG)
        sign_ins = _sign_ins(db, crew, dossiers["asha's"].values["ticket_id"])
    form, other_form = _form_of(app), _form_of(app)
    return World(app, connection, factory, crew, sign_ins, dossiers, form, other_form, token, clock.now())


def _dossier(db: Session, crew: Crew, name: str, device: Device) -> Dossier:
    advisor, mark = getattr(crew, name), MARKS[f"{name}'s"]
    episode = _person(db, advisor, mark)
    person = episode.service_user
    old_reference = _merge_in(db, advisor, person)
    survey = record_survey(db, advisor, episode, notes={"money": f"{mark} said so"})
    retyped = retyping.ask(db, advisor, survey.id, {"money": "3"}, every=True, percent=0)
    assert retyped is not None
    retyping.enter(db, crew.mandy, survey.id, {"money": "4"})
    flag = safety.flag_person(db, advisor, person, f"{mark} has not eaten")
    agreements.give(db, advisor, person.reference, Purpose.TAKE_PART, "I agree.", clock.today())
    of_ticket = _of_ticket(db, advisor, episode)
    return Dossier(
        person.id,
        {
            **_addresses(person, episode, survey.id, flag.id),
            **of_ticket,
            "item_id": _held(db, advisor, device, of_ticket["ticket_id"]),
            "device_id": device.id,
            **_of_advisor(db, crew, advisor),
            "summaries_id": summaries.make(db, advisor, summaries.Setting(), [episode.id]).id,
            "activity_id": _activity(db, crew, list(MARKS).index(f"{name}'s")),
            "line_id": plans.add(db, advisor, episode.id, Step("money", f"{mark} asks for advice")).id,
            "import_id": batches.keep(db, crew.mandy, "people.csv", b"person,pathway\n", ["person"]).id,
            "old_reference": old_reference,
            "token": calendars.make(db, advisor, CalendarTitles.INITIALS),
            "version": person.version,
            "retyping_id": retyped.id,
            "other": _person(db, advisor, mark).service_user.reference,
            "today": clock.today().isoformat(),
            "password": PASSWORD,
        },
    )


def _activity(db: Session, crew: Crew, number: int) -> uuid.UUID:
    """Something on offer, which is nobody's."""
    details = ActivityDetails("Ramblers", f"Walk {number}", Theme.COMMUNITY_GROUP, Setting.GROUP)
    return ledger.add_activity(db, crew.mandy, details).id


def _person(db: Session, advisor: Actor, mark: str) -> Episode:
    return refer(
        db,
        advisor,
        mark,
        last_name=f"{mark}son",
        telephone="01709 000000",
        address=f"1 {mark} Row",
        access_notes=f"{mark} is hard of hearing",
        safe_times=f"Not when {mark} is at work",
    )


def _addresses(person: ServiceUser, episode: Episode, survey: uuid.UUID, flag: uuid.UUID) -> dict[str, Any]:
    return {
        "reference": person.reference,
        "episode_id": episode.id,
        "survey_id": survey,
        "flag_id": flag,
        "number": 1,
        "filename": "icon.svg",
        "spoken": "en",
        "place": "no-connection",
        "name": "show_card",
        "shell_version": "0",
    }


def _of_ticket(db: Session, advisor: Actor, episode: Episode) -> dict[str, Any]:
    """A follow-up that is filled in from paper, so that data entry may open it, and only has to be saved."""
    ticket = tickets.plan(db, advisor, episode.id, Occasion.FOLLOW_UP, clock.today())
    fields = of_answers(answers(mode=Mode.SELF_PAPER))
    tickets.save_draft(db, advisor, ticket, fields)
    given, _problems = read(fields, clock.today(), episode.referred_on)
    edition = printing.Edition("survey", 1, "en")
    copy, _token = printing.one(db, advisor, edition, ticket)
    held = papers.hold(db, advisor, ticket.code, "saved", fields, "", copy.id)
    pile = printing.batch_of_blanks(db, advisor, edition, 2)
    page = scans.take(
        db, advisor, Found(copy, ticket), {1: ("value", 3)}, scans.sealed({1: b"a picture"}, KEY)
    )
    sent = readings.begin(db, advisor, uuid.uuid4(), ["a.jpg"])
    return {
        "page_id": page.id,
        "reading_id": sent.id,
        "row": 1,
        "batch_id": pile.id,
        "copy_id": piles.next_copies(db, pile.id, 1)[0].id,
        "held_id": held.id,
        "ticket_id": ticket.id,
        "code": ticket.code,
        "digest": given.digest(),
        "answers": _sent(fields),
    }


def _held(db: Session, advisor: Actor, device: Device, ticket_id: uuid.UUID) -> uuid.UUID:
    """A survey that the advisor's tablet sent for the ticket, and that was held."""
    plain = contents(advisor, db.get_one(Ticket, ticket_id))
    item = SyncItem(
        item_id=plain["id"],
        sha256="",
        kind=ItemKind.SURVEY,
        state=Custody.HELD,
        reason="device_revoked",
        device=device,
        author_id=advisor.id,
        ticket_id=ticket_id,
        received_at=clock.now(),
        sealed=b"sealed",
        content=plain,
    )
    db.add(item)
    db.flush()
    return item.id


def _sent(fields: Fields) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _of_advisor(db: Session, crew: Crew, advisor: Actor) -> dict[str, Any]:
    """The advisor's own account, one more sign-in of theirs, and a one-time link that was made for them."""
    sessions.start(db, staff_of(db, advisor), "Another browser")
    db.flush()
    another = select(StaffSession.id).where(StaffSession.staff_id == advisor.id)
    _staff, link = accounts.new_link(db, crew.adam, advisor.id)
    return {"staff_id": advisor.id, "session_id": db.scalars(another).one(), "link": link}


def _merge_in(db: Session, advisor: Actor, kept: ServiceUser) -> str:
    """A second record of the same person, joined with the first; returns the reference that leads on now."""
    twin = _person(db, advisor, kept.first_name).service_user.reference
    merging.merge(db, advisor, kept.reference, twin)
    return twin


def _under_old_reference(kept: Dossier) -> Dossier:
    return Dossier(kept.person, {**kept.values, "reference": kept.values["old_reference"]})


NOTHING = {
    "code": "nonsense",
    "reference": "R-00000",
    "filename": "nothing.svg",
    "spoken": "xx",
    "token": "nothing",
}


def _missing(like: Dossier) -> Dossier:
    ids = {name: NOWHERE for name in like.values if name.endswith("_id")}
    return Dossier(None, {**like.values, **ids, **NOTHING})


def _sign_ins(db: Session, crew: Crew, ticket_id: uuid.UUID) -> dict[str, str]:
    """Everybody's; Asha's on a tablet that she handed over; and one of hers that has ended."""
    everybody = {name: staff_of(db, actor) for name, actor in vars(crew).items()}
    tokens = {name: sessions.start(db, staff, "A browser") for name, staff in everybody.items()}
    handed_over = sessions.start(db, everybody["asha"], "A tablet")
    ended = sessions.start(db, everybody["asha"], "An old browser")
    db.flush()
    _row(db, handed_over).handed_over_ticket_id = ticket_id
    _row(db, ended).ended_at = clock.now()
    return {**tokens, "handed over": handed_over, "ended": ended}


def _row(db: Session, token: str) -> StaffSession:
    return db.scalars(select(StaffSession).where(StaffSession.token_hash == sessions.digest(token))).one()


def _form_of(app: Flask) -> tuple[str, str]:
    """The cookie and the token of a browser that has opened a form."""
    with app.test_request_context():
        token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return serializer.dumps(dict(session)), token
