"""The invented talks: what was agreed, where advisor and person differ, and the tries to reach somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from wellbeing_app.model import ContactOutcome, Mode, Occasion, PlanOutcome, Purpose
from wellbeing_app.services import (
    agreements,
    answers,
    clock,
    contacts,
    letters,
    plans,
    progress,
    tickets,
    views,
)
from wellbeing_app.services.demo import words
from wellbeing_app.services.demo.stories import Story
from wellbeing_app.services.demo.tales import Case, on
from wellbeing_app.services.plans import Step

Twist = Callable[[Session, Case, Story], None]
ANSWERED_BEFORE, BROKEN_OFF_AT = 2, 4


def _plan(db: Session, case: Case, story: Story) -> None:
    """Steps agreed when the first survey was talked about; nobody has looked back on them yet."""
    assert story.baseline is not None
    with on(story.baseline, 12):
        for what, who, place, days in words.STEPS[_place_in(case) :][:2]:
            step = Step(_lowest(case), what, who, place, clock.today() + timedelta(days=days))
            plans.add(db, case.advisor, case.episode.id, step)


def _plan_settled(db: Session, case: Case, story: Story) -> None:
    """The same; at the follow-up they said what became of them, and agreed on one more."""
    _plan(db, case, story)
    with on(story.follow_ups[-1], 13):
        outcomes = ((PlanOutcome.DONE, words.WENT_WELL), (PlanOutcome.NOT_YET, words.STOOD_IN_THE_WAY))
        lines = plans.of_episode(db, case.episode.id)
        for line, (outcome, note) in zip(lines, outcomes, strict=False):
            plans.settle(db, case.advisor, case.episode.id, line.id, outcome, note)
        what, who, place, days = words.STEPS[-1]
        step = Step(_lowest(case), what, who, place, clock.today() + timedelta(days=days))
        plans.add(db, case.advisor, case.episode.id, step)


def _sees_otherwise(db: Session, case: Case, story: Story) -> None:
    survey = case.surveys[-1]
    scores = answers.scores_of(survey)
    measure = min(scores, key=lambda key: scores[key])
    with on(story.follow_ups[-1], 14):
        views.note(db, case.advisor, survey.id, measure, scores[measure] + 1, words.SEES_OTHERWISE)


def _given_home(db: Session, case: Case, story: Story) -> None:
    """The summary to take home, and where they agree a letter to whoever referred."""
    with on(story.follow_ups[-1], 15):
        language = case.person.language if case.person.language == "ur" else "en"
        kind = "large" if case.person.needs_large_print else "usual"
        progress.note_summary(db, case.advisor, case.person, kind=kind, language=language)
        if Purpose.SHARE_WITH_GP in agreements.standing(case.person):
            letter = letters.prepare(db, case.advisor, case.person.reference, case.episode.id)
            letters.send(db, case.advisor, letter, [words.REFERRAL_TERMS.splitlines()[0]])


def _telephone(db: Session, case: Case, story: Story) -> None:
    """Before each follow-up by telephone: nobody there, a message where one may be left, then they spoke."""
    may_leave = case.person.may_leave_message
    second = ContactOutcome.LEFT_MESSAGE if may_leave else ContactOutcome.NO_ANSWER
    for taken in story.follow_ups:
        tries = (
            (taken + 6, 10, ContactOutcome.NO_ANSWER),
            (taken + 3, 15, second),
            (taken, 11, ContactOutcome.SPOKE),
        )
        for days_ago, hour, outcome in tries:
            with on(days_ago, hour):
                contacts.add(db, case.advisor, case.episode.id, outcome)


def _call_broken_off(db: Session, case: Case, _story: Story) -> None:
    """Begun on a visit, gone on with by telephone, and broken off in the middle: they ask to be rung back."""
    about = {"respondent": "self", "language": "en"}
    given = {f"answer-{key}": str(score) for key, score in case.scores.items()}
    before, later = (dict(list(given.items())[:number]) for number in (ANSWERED_BEFORE, BROKEN_OFF_AT - 1))
    with on(6) as then:
        ticket = tickets.plan(db, case.advisor, case.episode.id, Occasion.FOLLOW_UP, then)
        tickets.save_draft(db, case.advisor, ticket, {**about, **before, "mode": Mode.IN_PERSON.value})
    with on(1, 11):
        contacts.add(db, case.advisor, case.episode.id, ContactOutcome.SPOKE)
        place = {tickets.PLACE: str(BROKEN_OFF_AT)}
        tickets.save_draft(
            db, case.advisor, ticket, {**about, **later, **place, "mode": Mode.TELEPHONE.value}
        )
    with on(1, 12):
        later_on = contacts.safe_from(case.person, clock.now() + timedelta(days=2))
        contacts.add(db, case.advisor, case.episode.id, ContactOutcome.CALL_BACK, words.BAD_MOMENT, later_on)


def _lowest(case: Case) -> str:
    """The measure that they scored lowest at first: there is most to plan for."""
    first = answers.scores_of(case.surveys[0])
    return min(first, key=lambda key: first[key])


def _place_in(case: Case) -> int:
    """Where in the list of steps this person's begin: not the same ones for everybody."""
    return len(case.person.last_name) % (len(words.STEPS) - 2)


TWISTS: Mapping[str, Twist] = {
    "plan": _plan,
    "plan_settled": _plan_settled,
    "sees_otherwise": _sees_otherwise,
    "given_home": _given_home,
    "telephone": _telephone,
    "call_broken_off": _call_broken_off,
}
