"""What makes a story particular: the things that go awry, or that nobody planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from wellbeing_app.model import ContactOutcome, FollowUpEnd, Occasion, Purpose
from wellbeing_app.services import (
    access,
    agreements,
    answers,
    clock,
    contacts,
    merging,
    moving,
    people,
    safety,
    surveys,
    tickets,
)
from wellbeing_app.services.demo import scores, tales, talks, words
from wellbeing_app.services.demo.stories import Story
from wellbeing_app.services.demo.tales import Case, on
from wellbeing_app.services.people import PersonDetails

Twist = Callable[[Session, Case, Story], None]


def add(db: Session, case: Case, story: Story) -> None:
    """All the story's twists that are events of their own."""
    for name in story.twists:
        if name in _TWISTS:
            _TWISTS[name](db, case, story)


def _draft(db: Session, case: Case, _story: Story, occasion: Occasion = Occasion.BASELINE) -> None:
    """Begun yesterday, and put away after five measures."""
    half = list((case.scores or scores.start(case.chance)).items())[:5]
    with on(1, 14) as then:
        ticket = tickets.plan(db, case.advisor, case.episode.id, occasion, then)
        fields = {f"answer-{key}": str(score) for key, score in half}
        about = {
            "completed_on": then.isoformat(),
            "mode": "in_person",
            "respondent": "self",
            "language": "en",
        }
        tickets.save_draft(db, case.advisor, ticket, {**about, **fields})


def _follow_up_draft(db: Session, case: Case, story: Story) -> None:
    _draft(db, case, story, Occasion.FOLLOW_UP)


def _planned(db: Session, case: Case, _story: Story) -> None:
    """A form was printed, and lies with the person."""
    with on(3) as then:
        tickets.plan(db, case.advisor, case.episode.id, Occasion.FOLLOW_UP, then)


def _corrected(db: Session, case: Case, story: Story) -> None:
    survey = case.surveys[-1]
    given = answers.of_row(survey)
    slipped, was = next(iter(given.scores.items()))
    right = replace(given, scores={**given.scores, slipped: was - 1 if was > 1 else was + 1})
    days_ago = (story.follow_ups or (story.baseline or 2,))[-1]
    with on(days_ago - 3, 16):
        surveys.correct(db, case.advisor, survey.id, right, words.CORRECTION, survey.revision)


def _two_baselines(db: Session, case: Case, story: Story) -> None:
    """Somebody took it again: both are kept, and nobody has said yet which counts."""
    assert story.baseline is not None
    case.scores = scores.later(case.chance, case.scores, 0)
    tales.take(db, case, story.baseline - 4, Occasion.BASELINE, story, another=True)


def _two_baselines_decided(db: Session, case: Case, story: Story) -> None:
    first = case.surveys[0]
    _two_baselines(db, case, story)
    with on((story.baseline or 0) - 6, 15):
        surveys.decide_counting(db, case.advisor, first.id)


def _cancelled(db: Session, case: Case, _story: Story) -> None:
    """A follow-up that was planned, and then not wanted."""
    with on(20) as then:
        ticket = tickets.plan(db, case.advisor, case.episode.id, Occasion.FOLLOW_UP, then)
        tickets.void(db, case.advisor, ticket.id)


def _safety_open(db: Session, case: Case, _story: Story) -> None:
    _flag(db, case, 2)


def _safety_acted(db: Session, case: Case, _story: Story) -> None:
    _flag(db, case, 6, acted=True)


def _safety_closed(db: Session, case: Case, _story: Story) -> None:
    _flag(db, case, 58, acted=True, closed=True)


def _flag(db: Session, case: Case, days_ago: int, *, acted: bool = False, closed: bool = False) -> None:
    reference = case.person.reference
    with on(days_ago, 12):
        concern = case.chance.choice(words.CONCERNS)
        flag = safety.raise_flag(db, case.advisor, reference, concern, words.TOLD)
    with on(days_ago, 15):
        if acted:
            safety.act(db, case.advisor, reference, flag.id, words.DONE)
    with on(days_ago - 1, 16):
        if closed:
            safety.close(db, case.advisor, reference, flag.id, words.OUTCOME)


def _withdrew(db: Session, case: Case, _story: Story) -> None:
    with on(15) as then:
        for purpose in agreements.standing(case.person):
            if purpose is not Purpose.TAKE_PART:
                agreements.withdraw(db, case.advisor, case.person.reference, purpose, then)


def _returned(db: Session, case: Case, story: Story) -> None:
    """Closed after the last survey; referred again a month ago, with a baseline of its own."""
    tales.close(db, case, replace(story, closed=story.follow_ups[-1] - 14))
    again = Story(36, 24, cluster=story.cluster)
    with on(again.referred):
        case.episode = tales.begin(db, case.advisor, case.person, again, case.chance)
    case.scores = scores.start(case.chance)
    tales.take(db, case, 24, Occasion.BASELINE, again)


def _re_referred(db: Session, case: Case, _story: Story) -> None:
    """Discharged, and taken back some weeks later."""
    discharged_on = tales.day(80)
    with on(30) as then:
        tales.date_episode(db, case, discharged_on=discharged_on, re_referred_on=then)


def _duplicate(db: Session, case: Case, _story: Story) -> None:
    """Added once more by another team, under a short name; the manager joins the two."""
    kept = case.person
    other = next(actor for actor in case.crew.advisors if actor.team_id != case.advisor.team_id)
    with on(28):
        details = PersonDetails(kept.first_name, kept.last_name[:4], kept.date_of_birth)
        twin = people.add(db, other, details)
        tales.begin(db, other, twin, Story(28), case.chance)
    with on(25):
        merging.merge(db, case.crew.manager, kept.reference, twin.reference)


def _break_glass(db: Session, case: Case, _story: Story) -> None:
    other = next(actor for actor in case.crew.advisors if actor.team_id != case.advisor.team_id)
    with on(4):
        access.break_glass(db, other, case.person.reference, words.BREAK_GLASS)
        people.record(db, other, case.person.reference)


def _rang(db: Session, case: Case, _story: Story) -> None:
    """Twice, and nobody answered."""
    for days_ago, hour in ((4, 10), (2, 15)):
        with on(days_ago, hour):
            contacts.add(db, case.advisor, case.episode.id, ContactOutcome.NO_ANSWER)


def _rang_back(db: Session, case: Case, story: Story) -> None:
    """Reached at last, at a bad moment."""
    _rang(db, case, story)
    with on(1, 11):
        later = contacts.safe_from(case.person, clock.now() + timedelta(days=2))
        contacts.add(db, case.advisor, case.episode.id, ContactOutcome.CALL_BACK, words.BAD_MOMENT, later)


def _not_wanted(db: Session, case: Case, _story: Story) -> None:
    with on(12, 14):
        contacts.add(db, case.advisor, case.episode.id, ContactOutcome.DECLINED, words.NOT_WANTED)


def _lost(db: Session, case: Case, _story: Story) -> None:
    """Nobody at the number for weeks."""
    for days_ago in (40, 33, 21):
        with on(days_ago, 10):
            contacts.add(db, case.advisor, case.episode.id, ContactOutcome.NO_ANSWER)
    with on(14):
        moving.end(db, case.advisor, case.episode.id, FollowUpEnd.LOST)


def _moved(db: Session, case: Case, _story: Story) -> None:
    with on(5) as then:
        to = then + timedelta(days=21)
        moving.move(db, case.advisor, case.episode.id, moving.FOLLOW_UP, to, words.WHY_MOVED)


_TWISTS: Mapping[str, Twist] = {
    **talks.TWISTS,
    "draft": _draft,
    "follow_up_draft": _follow_up_draft,
    "planned": _planned,
    "corrected": _corrected,
    "two_baselines": _two_baselines,
    "two_baselines_decided": _two_baselines_decided,
    "cancelled": _cancelled,
    "safety_open": _safety_open,
    "safety_acted": _safety_acted,
    "safety_closed": _safety_closed,
    "withdrew": _withdrew,
    "returned": _returned,
    "re_referred": _re_referred,
    "duplicate": _duplicate,
    "break_glass": _break_glass,
    "rang": _rang,
    "rang_back": _rang_back,
    "not_wanted": _not_wanted,
    "lost": _lost,
    "moved": _moved,
}
