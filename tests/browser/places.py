"""A service with something on every page: people at each point of their way, and sign-ins to look at them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser.places_tablets import held
from tests.support.people import Crew, answers, begin_episode, days_ago, record_survey, refer, staff_of
from wellbeing_app.forms.survey import of_answers
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    ClosingReason,
    Episode,
    Mode,
    Occasion,
    Pathway,
    PlanOutcome,
    Purpose,
    Respondent,
    Role,
    Setting,
    StaffSession,
    Theme,
)
from wellbeing_app.services import (
    access,
    accounts,
    agreements,
    ledger,
    papers,
    pathway,
    piles,
    plans,
    printing,
    readings,
    retyping,
    safety,
    scans,
    sessions,
    summaries,
    surveys,
    tickets,
    views,
)
from wellbeing_app.services import answers as stored
from wellbeing_app.services.access import Actor
from wellbeing_app.services.importing import batches
from wellbeing_app.services.ledger import ActivityDetails
from wellbeing_app.services.papers import Found
from wellbeing_app.services.plans import Step
from wellbeing_app.services.policy import Action

ONE, TWO, THREE, FOUR = INSTRUMENT.keys[:4]
LONG_NOTE = "She said that it is better since the garden, and worse when it rains for days. " * 3


@dataclass(frozen=True)
class Place:
    """A person, and what their pages' addresses need."""

    reference: str
    episode_id: uuid.UUID
    survey_id: uuid.UUID | None = None
    ticket_id: uuid.UUID | None = None
    flag_id: uuid.UUID | None = None
    activity_id: uuid.UUID | None = None
    page_id: uuid.UUID | None = None
    reading_id: uuid.UUID | None = None
    line_id: uuid.UUID | None = None
    code: str = ""
    batch_id: uuid.UUID | None = None
    copy_id: uuid.UUID | None = None
    summaries_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Places:
    """Everybody by what they stand for; sign-ins by name; and a one-time link that nobody used yet."""

    people: Mapping[str, Place]
    sign_ins: Mapping[str, str]
    staff_id: uuid.UUID
    link: str
    held: Mapping[str, uuid.UUID]


def fill(db: Session, crew: Crew) -> Places:
    """People of Asha's, each with another state of things. Carol broke the glass of one; Nia is new."""
    told = {
        "full": _full(db, crew),
        "bare": _place(refer(db, crew.asha, "Bo")),
        "once": _once(db, crew.asha),
        "twice": _twice(db, crew.asha),
        "agreed": _agreed(db, crew.asha),
        "closed": _closed(db, crew.asha),
        "cancelled": _cancelled(db, crew.asha),
        "conflict": _conflict(db, crew.asha),
        "fresh": _fresh(db, crew.asha),
        "half": _begun(db, crew.asha, "Hanna", 3),
        "ready": _begun(db, crew.asha, "Rhys", 8),
        "done": _done(db, crew.asha),
    }
    told["walks"] = replace(told["bare"], activity_id=_offer(db, crew, told["once"]))
    told["blank"] = _papers(db, crew, told["bare"], told["once"])
    told["pile"] = _pile(db, crew.asha, told["full"])
    told["read"] = _read(db, crew.dev, told["fresh"])
    access.open_form(db, crew.dev, told["fresh"].code)
    access.break_glass(db, crew.carol, told["full"].reference, "Her advisor is ill, and she rang in distress")
    nia, link = accounts.invite(db, crew.adam, accounts.Details("Nia", "nia@service.example", Role.ADVISOR))
    sign_ins = {**_sign_ins(db, crew, told), "nia": sessions.start(db, nia, "A browser")}
    file = batches.keep(db, crew.mandy, "people.csv", b"person,pathway,money\nC-1,,3\n", ["person", "money"])
    return Places(told, sign_ins, crew.asha.id, link, {**held(db, crew), "import_id": file.id})


def _offer(db: Session, crew: Crew, taken_by: Place) -> uuid.UUID:
    """A group and a visitor; somebody has a place on both."""
    walks = ActivityDetails("Northtown Ramblers", "Walks", Theme.COMMUNITY_GROUP, Setting.GROUP, 12)
    visits = ActivityDetails("Kind Callers", "Visits at home", Theme.BEFRIENDING_PLUS, Setting.INDIVIDUAL)
    offered = [ledger.add_activity(db, crew.mandy, one) for one in (walks, visits)]
    for one in offered:
        ledger.place(db, crew.asha, taken_by.episode_id, one.id, days_ago(1))
    return offered[0].id


def _place(episode: Episode, **more: Any) -> Place:
    return Place(episode.service_user.reference, episode.id, **more)


def _full(db: Session, crew: Crew) -> Place:
    """Somebody of whom everything is known, with a name that needs room."""
    asha = crew.asha
    first = refer(
        db,
        asha,
        "Maximiliane-Theodora",
        last_name="Featherstonehaugh-Cholmondeley",
        date_of_birth=days_ago(24000),
        telephone="01709 000000",
        address="The Old Schoolhouse\n2 Longest Lane\nRotherham",
        language="ur",
        needs_interpreter=True,
        needs_large_print=True,
        access_notes=LONG_NOTE,
        safe_times="Never on a Friday",
        referred_on=days_ago(700),
    )
    person = first.service_user
    pathway.close(db, asha, first.id, days_ago(400), ClosingReason.COMPLETED, "She had what she came for")
    _agree(db, asha, person.reference)
    flag = _flags(db, asha, person.reference)
    episode = begin_episode(
        db, asha, person, referred_on=days_ago(200), joint_meeting_on=days_ago(190), took_up_on=days_ago(180)
    )
    survey = _surveyed(db, asha, episode)
    ticket = tickets.plan(db, asha, episode.id, Occasion.FOLLOW_UP, days_ago(0))
    tickets.save_draft(db, asha, ticket, _typed(3))
    line = _talked(db, asha, episode)
    return _place(
        episode,
        survey_id=survey,
        ticket_id=ticket.id,
        flag_id=flag,
        line_id=line,
        code=ticket.code,
        summaries_id=summaries.make(db, asha, summaries.Setting(), [episode.id]).id,
    )


def _talked(db: Session, asha: Actor, episode: Episode) -> uuid.UUID:
    """A plan with a step that is done and one that is late, and two answers that Asha sees differently."""
    late = Step(ONE, LONG_NOTE[:150], "Her sister and her", "The library in the market place", days_ago(2))
    line = plans.add(db, asha, episode.id, late)
    done = plans.add(db, asha, episode.id, Step(TWO, "Walk on Tuesdays"))
    plans.settle(db, asha, episode.id, done.id, PlanOutcome.DONE, LONG_NOTE)
    for survey in episode.surveys:
        views.note(db, asha, survey.id, ONE, 2, LONG_NOTE)
    return line.id


def _agree(db: Session, asha: Actor, reference: str) -> None:
    for purpose in (Purpose.TAKE_PART, Purpose.SHARE_WITH_GP):
        agreements.give(db, asha, reference, purpose, "I agree to this, in these words.", days_ago(190))
    agreements.withdraw(db, asha, reference, Purpose.SHARE_WITH_GP, days_ago(100))


def _flags(db: Session, asha: Actor, reference: str) -> uuid.UUID:
    """One that is closed, and one that is open and was acted on."""
    closed = safety.raise_flag(db, asha, reference, "Had not eaten for two days", "the duty manager")
    safety.close(db, asha, reference, closed.id, "Her sister stays with her")
    flag = safety.raise_flag(db, asha, reference, LONG_NOTE, "her GP")
    safety.act(db, asha, reference, flag.id, "Rang the practice, they will visit")
    return flag.id


def _surveyed(db: Session, asha: Actor, episode: Episode) -> uuid.UUID:
    """A baseline with gaps and a correction, and two follow-ups."""
    baseline = record_survey(
        db,
        asha,
        episode,
        scores={ONE: 1, TWO: 4},
        unanswered={THREE: "dont_know", FOUR: "declined"},
        completed_on=days_ago(150),
        notes={ONE: LONG_NOTE, TWO: "یہ بہتر ہے"},
        prompts={ONE: [INSTRUMENT.measure(ONE).prompts[0].key]},
        with_interpreter=True,
        language="ur",
    )
    corrected = replace(stored.of_row(baseline), scores={**stored.scores_of(baseline), TWO: 2})
    surveys.correct(db, asha, baseline.id, corrected, "The wrong line was ticked", baseline.revision)
    later = {"respondent": Respondent.PROXY, "helper": "Her daughter", "mode": Mode.TELEPHONE}
    record_survey(db, asha, episode, Occasion.FOLLOW_UP, {ONE: 3}, completed_on=days_ago(60), **later)
    record_survey(db, asha, episode, Occasion.FOLLOW_UP, {ONE: 4, TWO: 1}, completed_on=days_ago(9))
    return baseline.id


def _once(db: Session, asha: Actor) -> Place:
    episode = refer(db, asha, "Olu", pathway=Pathway.MENTAL_HEALTH, care_cluster=4, referred_on=days_ago(140))
    survey = record_survey(db, asha, episode, completed_on=days_ago(130))
    return _place(episode, survey_id=survey.id)


def _agreed(db: Session, asha: Actor) -> Place:
    """Somebody whose GP may be told."""
    episode = refer(db, asha, "Gita", referred_by="Kestrel Surgery")
    record_survey(db, asha, episode, completed_on=days_ago(20))
    reference = episode.service_user.reference
    agreements.give(db, asha, reference, Purpose.SHARE_WITH_GP, "I agree to this.", days_ago(20))
    return _place(episode)


def _twice(db: Session, asha: Actor) -> Place:
    episode = refer(db, asha, "Tove")
    record_survey(db, asha, episode, completed_on=days_ago(20))
    another = tickets.plan(db, asha, episode.id, Occasion.BASELINE, days_ago(10), another=True)
    survey = surveys.record(db, asha, another.id, answers({ONE: 5}, completed_on=days_ago(10))).survey_id
    return _place(episode, survey_id=survey)


def _closed(db: Session, asha: Actor) -> Place:
    episode = refer(db, asha, "Cleo")
    pathway.close(db, asha, episode.id, days_ago(1), ClosingReason.MOVED_AWAY)
    return _place(episode)


def _fresh(db: Session, asha: Actor) -> Place:
    """Somebody whose first survey is planned."""
    episode = refer(db, asha, "Femi")
    ticket = tickets.plan(db, asha, episode.id, Occasion.BASELINE, days_ago(0))
    return _place(episode, ticket_id=ticket.id, code=ticket.code)


def _begun(db: Session, asha: Actor, name: str, answered: int) -> Place:
    """Somebody half-way through their first survey."""
    episode = refer(db, asha, name, date_of_birth=days_ago(20000))
    ticket = tickets.plan(db, asha, episode.id, Occasion.BASELINE, days_ago(0))
    tickets.save_draft(db, asha, ticket, _typed(answered))
    return _place(episode, ticket_id=ticket.id, code=ticket.code)


def _cancelled(db: Session, asha: Actor) -> Place:
    place = _begun(db, asha, "Vera", 2)
    assert place.ticket_id
    tickets.void(db, asha, place.ticket_id)
    return place


def _conflict(db: Session, asha: Actor) -> Place:
    """Saved on one browser, and with other answers on another."""
    place = _done(db, asha)
    assert place.ticket_id
    ticket = access.ticket(db, asha, Action.FILL_SURVEY, place.ticket_id)
    tickets.save_draft(db, asha, ticket, {**_typed(8), f"answer-{ONE}": "5"})
    return place


def _done(db: Session, asha: Actor) -> Place:
    place = _begun(db, asha, "Dana", 8)
    assert place.ticket_id
    survey = surveys.record(db, asha, place.ticket_id, answers()).survey_id
    return replace(place, survey_id=survey)


def _papers(db: Session, crew: Crew, bare: Place, once: Place) -> Place:
    """A blank form of Asha's; answers that she keeps for a decision; and two entries that differ."""
    copy, _token = printing.one(db, crew.asha, printing.Edition("survey", 1, "en"))
    fields = {f"answer-{ONE}": "4", f"answer-{TWO}": "dont_know"}
    papers.hold(db, crew.asha, copy.human_id, "void_copy", fields, "From the group on Monday")
    assert once.survey_id is not None
    retyping.ask(db, crew.asha, once.survey_id, {ONE: "3"}, every=True, percent=0)
    retyping.enter(db, crew.mandy, once.survey_id, {ONE: "4"})
    return replace(bare, copy_id=copy.id)


def _pile(db: Session, asha: Actor, whose: Place) -> Place:
    """A form for somebody whose printing was stopped."""
    assert whose.ticket_id is not None
    edition = printing.Edition("survey", 1, "en")
    pile = printing.batch_for(db, asha, edition, [whose.ticket_id], void_old=True)
    piles.cancel(db, asha, pile.id)
    return replace(whose, batch_id=pile.id)


def _read(db: Session, dev: Actor, whose: Place) -> Place:
    """A form that was read from a picture, half of it surely."""
    ticket = access.open_form(db, dev, whose.code)
    rows = {row: ("value", row % 5 + 1) if row < 6 else ("unsure", None) for row in range(1, 9)}
    page = scans.take(db, dev, Found(None, ticket), rows, b"")
    sent = readings.begin(db, dev, uuid.uuid4(), ["monday.pdf", "blurred.jpg"])
    readings.take_next(db)
    readings.counted(db, sent.id, [2, 1])
    readings.note_page(db, sent.id, 1)
    readings.note_page(db, sent.id, 2, "corners_missing")
    readings.cancel(db, dev, sent.id)
    return replace(whose, page_id=page.id, reading_id=sent.id)


def _typed(answered: int) -> dict[str, Any]:
    """The survey's fields with the first few answered."""
    fields = of_answers(answers(notes={ONE: LONG_NOTE}))
    return {**fields, **{f"answer-{key}": "" for key in INSTRUMENT.keys[answered:]}}


def _sign_ins(db: Session, crew: Crew, told: Mapping[str, Place]) -> dict[str, str]:
    """Everybody's, and Asha's tablet in the hands of three people; for one of them her sign-in has ended."""
    everybody = {name: staff_of(db, actor) for name, actor in vars(crew).items()}
    tokens = {name: sessions.start(db, staff, "A browser") for name, staff in everybody.items()}
    for name in ("half", "ready", "done"):
        tokens[name] = token = sessions.start(db, everybody["asha"], "A tablet")
        db.flush()
        row = select(StaffSession).where(StaffSession.token_hash == sessions.digest(token))
        db.scalars(row).one().handed_over_ticket_id = told[name].ticket_id
    tokens["ended"] = token = sessions.start(db, everybody["asha"], "A tablet")
    db.flush()
    over = db.scalars(select(StaffSession).where(StaffSession.token_hash == sessions.digest(token))).one()
    over.handed_over_ticket_id, over.ended_at = told["half"].ticket_id, over.created_at
    return tokens
