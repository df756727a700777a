"""Telling a story: each thing happens on its day, by whoever does it in the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Mode, Occasion, Pathway, Purpose, Respondent, ServiceUser, Survey
from wellbeing_app.services import agreements, clock, pathway, people, surveys, tickets
from wellbeing_app.services.access import Actor
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.demo import scores, words
from wellbeing_app.services.demo.crew import Crew
from wellbeing_app.services.demo.people import Invented
from wellbeing_app.services.demo.stories import Story
from wellbeing_app.services.pathway import EpisodeDetails
from wellbeing_app.services.people import PersonDetails

WORK_BEGINS = 9
SATURDAY = 5
TO_JOINT_MEETING, TO_TAKE_UP, TO_REVIEW, TO_DISCHARGE = 8, 30, 70, 4
PLANNED_AHEAD = 14


@dataclass
class Case:
    """A person of the story, with what is needed to go on telling."""

    crew: Crew
    advisor: Actor
    chance: Random
    person: ServiceUser
    episode: Episode
    scores: dict[str, int]
    surveys: list[Survey]


def day(days_ago: int) -> date:
    """That day, or the Friday before if it is a weekend."""
    then = clock.today() - timedelta(days=days_ago)
    return then - timedelta(days=max(then.weekday() - SATURDAY + 1, 0))


@contextmanager
def on(days_ago: int, hour: int = WORK_BEGINS) -> Iterator[date]:
    """Let it be that day, at work. Nothing is told of today: it may be early in the morning."""
    then = day(max(days_ago, 1))
    with clock.at(datetime.combine(then, time(hour, 20), clock.LOCAL)):
        yield then


def tell(db: Session, crew: Crew, advisor: Actor, invented: Invented, story: Story, chance: Random) -> Case:
    """Tell a person's story from the referral on, but for its twists."""
    with on(story.referred):
        person = people.add(db, advisor, _details(invented, chance))
        episode = begin(db, advisor, person, story, chance)
        _agree(db, advisor, person, chance)
    case = Case(crew, advisor, chance, person, episode, {}, [])
    _date(db, case, story)
    if story.baseline is not None:
        case.scores = scores.start(chance)
        take(db, case, story.baseline, Occasion.BASELINE, story)
    for number, days_ago in enumerate(story.follow_ups):
        case.scores = scores.later(chance, case.scores, 1 / (1 + 2 * number))
        take(db, case, days_ago, Occasion.FOLLOW_UP, story)
    if story.closed is not None:
        close(db, case, story)
    return case


def begin(db: Session, advisor: Actor, person: ServiceUser, story: Story, chance: Random) -> Episode:
    """The referral, on the day it is."""
    mental_health = story.cluster is not None
    details = EpisodeDetails(
        pathway=Pathway.MENTAL_HEALTH if mental_health else Pathway.LONG_TERM_CONDITIONS,
        referred_on=clock.today(),
        advisor_id=advisor.id,
        care_cluster=story.cluster,
        referred_by=chance.choice(words.PRACTITIONERS if mental_health else words.REFERRERS),
    )
    return pathway.open_episode(db, advisor, person, details)


def date_episode(db: Session, case: Case, **dates: date) -> None:
    """Write key dates into the episode."""
    now = {item.name: getattr(case.episode, item.name) for item in fields(EpisodeDetails)}
    details = EpisodeDetails(**{**now, **dates})
    pathway.edit(db, case.advisor, case.episode.id, details, case.episode.version)


def take(
    db: Session, case: Case, days_ago: int, occasion: Occasion, story: Story, *, another: bool = False
) -> Survey:
    """Take a survey of the case's scores, in the way that the story's twists say."""
    with on(days_ago, WORK_BEGINS + 2) as then:
        ticket = tickets.plan(db, case.advisor, case.episode.id, occasion, then, another=another)
    given = _answers(case, then, occasion, story)
    on_paper = given.mode is Mode.SELF_PAPER
    with on(days_ago - 4 if on_paper else days_ago, WORK_BEGINS + 2):
        actor = case.crew.data_entry if on_paper else case.advisor
        if on_paper:
            tickets.open_by_code(db, actor, ticket.code)
        receipt = surveys.record(db, actor, ticket.id, given)
    survey = db.get_one(Survey, receipt.survey_id)
    case.surveys.append(survey)
    return survey


def close(db: Session, case: Case, story: Story) -> None:
    """Close the episode as the story says."""
    assert story.closed is not None
    with on(story.closed, WORK_BEGINS + 6) as then:
        pathway.close(db, case.advisor, case.episode.id, then, story.reason)


def _details(invented: Invented, chance: Random) -> PersonDetails:
    careful = chance.random() < 0.2
    return PersonDetails(
        first_name=invented.first_name,
        last_name=invented.last_name,
        date_of_birth=invented.born,
        telephone=f"07700 900 {chance.randrange(1000):03}",
        address=f"{chance.randrange(1, 90)} {chance.choice(words.STREETS)}, Riverbank",
        language=invented.language,
        needs_interpreter="interpreter" in invented.needs,
        needs_bsl="bsl" in invented.needs,
        needs_large_print="large_print" in invented.needs,
        access_notes=chance.choice(words.ACCESS_NOTES) if chance.random() < 0.12 else "",
        may_leave_message=not careful,
        **(_safe_times(chance) if careful else {}),
    )


def _safe_times(chance: Random) -> Mapping[str, Any]:
    said, days, first, last = chance.choice(words.SAFE_TIMES)
    return {"safe_times": said, "ring_days": days, "ring_from": time(first), "ring_until": time(last)}


def _agree(db: Session, advisor: Actor, person: ServiceUser, chance: Random) -> None:
    shares = {Purpose.SHARE_WITH_GP: 0.7, Purpose.EVALUATION: 0.9, Purpose.BE_CONTACTED: 0.8}
    for purpose in Purpose:
        if chance.random() < shares.get(purpose, 1):
            wording = words.AGREEMENTS[purpose]
            agreements.give(db, advisor, person.reference, purpose, wording, clock.today())


def _date(db: Session, case: Case, story: Story) -> None:
    """The meetings on the way, as far as they lie behind; the review also if it comes soon."""
    steps = {"took_up_on": story.referred - TO_TAKE_UP}
    if story.cluster is not None:
        steps = {"joint_meeting_on": story.referred - TO_JOINT_MEETING, **steps}
        steps["discharge_review_on"] = story.referred - TO_REVIEW
        if case.chance.random() < 0.55:
            steps["discharged_on"] = story.referred - TO_REVIEW - TO_DISCHARGE
    for name, days_ago in steps.items():
        planned = name == "discharge_review_on" and 0 >= days_ago >= -PLANNED_AHEAD
        if days_ago > 1 or planned:
            then = day(days_ago)
            with on(days_ago, WORK_BEGINS + 1):
                date_episode(db, case, **{name: then})


def _answers(case: Case, then: date, occasion: Occasion, story: Story) -> SurveyAnswers:
    twists = story.twists
    unanswered = _unanswered(twists, occasion)
    given = {key: score for key, score in case.scores.items() if key not in unanswered}
    return SurveyAnswers(
        scores=given,
        unanswered=unanswered,
        completed_on=then,
        mode=_mode(twists, occasion),
        respondent=Respondent.SELF_WITH_HELP if "helped" in twists else Respondent.SELF,
        helper=case.chance.choice(words.HELPERS) if "helped" in twists else "",
        with_interpreter=case.person.needs_interpreter,
        language=case.person.language if case.person.language == "ur" else "en",
        **_remarks(case, twists),
    )


def _mode(twists: tuple[str, ...], occasion: Occasion) -> Mode:
    if "paper" in twists:
        return Mode.SELF_PAPER
    if "tablet" in twists:
        return Mode.SELF_TABLET
    by_telephone = "telephone" in twists and occasion is Occasion.FOLLOW_UP
    return Mode.TELEPHONE if by_telephone else Mode.IN_PERSON


def _unanswered(twists: tuple[str, ...], occasion: Occasion) -> dict[str, str]:
    if "unreadable" in twists and occasion is Occasion.FOLLOW_UP:
        return {"lifestyle": "unreadable"}
    if "unanswered" in twists:
        at_first = {"work_volunteering": "not_applicable", "money": "declined"}
        return at_first if occasion is Occasion.BASELINE else {"money": "dont_know", "lifestyle": "not_asked"}
    return {}


def _remarks(case: Case, twists: tuple[str, ...]) -> Mapping[str, Any]:
    """Ticks on some prompts, and for some people notes."""
    measures = case.chance.sample(INSTRUMENT.measures, 3)
    ticked = {one.key: [case.chance.choice(one.prompts).key] for one in measures}
    noted = {one.key: case.chance.choice(words.NOTES) for one in measures[:2]} if "notes" in twists else {}
    return {"prompts": ticked, "notes": noted}
