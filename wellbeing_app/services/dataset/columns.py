"""The one table of what an export holds: its columns, what each could give away, and where they are from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any
from typing import cast as cast_to

from sqlalchemy import ColumnElement, String, Table, case, cast, func, type_coerce

from wellbeing_app.model import (
    SCORE_COLUMNS,
    Episode,
    OutcomeKind,
    Purpose,
    ServiceUser,
    Staff,
    Survey,
    Team,
)

SMALLEST_GROUP = 5


class Kind(Enum):
    """What a column could give away."""

    PLAIN = "plain"
    DAY = "day"
    IDENTIFIER = "identifier"
    FREE_TEXT = "free_text"


@dataclass(frozen=True)
class Named:
    """One column of the export. `about` is its line in the codebook."""

    name: str
    kind: Kind
    about: str


@dataclass(frozen=True)
class Column(Named):
    """One that is read with the person, the episode and the survey."""

    source: ColumnElement[Any]


def _yes(source: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((source.is_(None), None), (source, "yes"), else_="no")


def _plain(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.PLAIN, about, type_coerce(source, String))


def _number(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.PLAIN, about, source)


def _truth(name: str, about: str, source: ColumnElement[bool], kind: Kind = Kind.PLAIN) -> Column:
    return Column(name, kind, f"{about}: yes or no", _yes(source))


def _day(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.DAY, about, type_coerce(source, String))


def _identifier(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.IDENTIFIER, about, type_coerce(source, String))


def _to_the_second(source: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.substr(cast(source, String), 1, 8)


def _free(name: str, about: str, source: Any) -> Column:
    return Column(name, Kind.FREE_TEXT, about, source)


_ID = Kind.IDENTIFIER  # also what is rare enough to point at somebody
# The tables, not the classes: no objects are made, which takes half as long.
people, episodes, surveys, staff, teams = (
    cast_to(Table, kind.__table__) for kind in (ServiceUser, Episode, Survey, Staff, Team)
)
_person, _episode, _survey = people.c, episodes.c, surveys.c
OF_PERSON = (
    _identifier("first_name", "First name", _person.first_name),
    _identifier("last_name", "Last name", _person.last_name),
    _identifier("date_of_birth", "Day of birth", cast(_person.date_of_birth, String)),
    _identifier("telephone", "Telephone", _person.telephone),
    _identifier("address", "Address", _person.address),
    _identifier("earlier_reference", "The person in the file they came from", _person.earlier_reference),
    _identifier("person_language", "Language the person prefers", _person.language),
    _truth("needs_interpreter", "Needs an interpreter", _person.needs_interpreter, _ID),
    _truth("needs_bsl", "Needs British Sign Language", _person.needs_bsl, _ID),
    _truth("needs_large_print", "Needs large print", _person.needs_large_print, _ID),
    _free("access_notes", "What else helps the person take part", _person.access_notes),
    _truth("may_telephone", "May be rung", _person.may_telephone, _ID),
    _truth("may_leave_message", "A message may be left", _person.may_leave_message, _ID),
    _truth("may_post", "May be written to", _person.may_post, _ID),
    _identifier("ring_days", "Days it is safe to ring, Monday is 1", _person.ring_days),
    _identifier("ring_from", "From when it is safe to ring", _to_the_second(_person.ring_from)),
    _identifier("ring_until", "Until when it is safe to ring", _to_the_second(_person.ring_until)),
    _free("safe_times", "When it is safe to ring", _person.safe_times),
)
OF_EPISODE = (
    _plain("pathway", "long_term_conditions or mental_health", _episode.pathway),
    _number("care_cluster", "Care cluster, in mental health: 4, 7 or 11", _episode.care_cluster),
    _free("referred_by", "Who referred", _episode.referred_by),
    _day("referred_on", "Day of the referral", _episode.referred_on),
    _day("joint_meeting_on", "Day of the joint meeting", _episode.joint_meeting_on),
    _day("took_up_on", "Day the person took the service up", _episode.took_up_on),
    _day("discharge_review_on", "Day of the discharge review", _episode.discharge_review_on),
    _day("discharged_on", "Day of discharge from mental health services", _episode.discharged_on),
    _day("re_referred_on", "Day of a re-referral to them", _episode.re_referred_on),
    _plain("follow_up_ended", "Why there will be no follow-up", _episode.follow_up_ended),
    _day("follow_up_ended_on", "Day that was known", _episode.follow_up_ended_on),
    _day("closed_on", "Day the episode was closed; blank while it is open", _episode.closed_on),
    _plain("closing_reason", "Why it was closed", _episode.closing_reason),
    _free("closing_note", "What was noted at the closing", _episode.closing_note),
    _identifier("advisor", "E-mail address of the advisor", staff.c.email),
    _plain("team", "Team of the advisor", teams.c.name),
)
OF_SURVEY = (
    _plain("occasion", "baseline or follow_up", _survey.occasion),
    _truth("counts", "Of several baselines, the one that counts", _survey.counts),
    _day("completed_on", "Day the questions were answered", _survey.completed_on),
    _free("date_reason", "Why it is dated before the referral or the baseline", _survey.date_reason),
    _plain("mode", "in_person, telephone, self_tablet or self_paper", _survey.mode),
    _plain("respondent", "Who answered: self, self_with_help or proxy", _survey.respondent),
    _free("helper", "Who helped, or answered for the person", _survey.helper),
    _truth("with_interpreter", "An interpreter took part", _survey.with_interpreter),
    _identifier("language", "Language it was asked in", _survey.language),
    _plain("instrument_version", "Version of the questionnaire", _survey.instrument_version),
)
COLUMNS = (*OF_PERSON, *OF_EPISODE, *OF_SURVEY)
OUTCOMES = {
    kind: Named(f"{kind}_on", Kind.DAY, f"Wider outcome, since when: {kind.replace('_', ' ')}")
    for kind in OutcomeKind
}
BESIDE_EPISODE = (
    *OUTCOMES.values(),
    Named("places", Kind.PLAIN, "How many places on activities the person had"),
    Named("activity_hours", Kind.PLAIN, "Hours of activities of the person’s own, not of groups"),
    Named("activities", Kind.IDENTIFIER, "Each place, with its hours by day, as JSON"),
)
MODE_BEFORE = Named(
    "mode_before",
    Kind.PLAIN,
    "How it was asked at first, if that changed half-way, and until how many measures: in_person:3",
)
EVERY_COLUMN: tuple[Named, ...] = (*OF_PERSON, *OF_EPISODE, *BESIDE_EPISODE, *OF_SURVEY, MODE_BEFORE)
PURPOSES = tuple(Purpose)
ANSWERS = (*SCORE_COLUMNS, "unanswered", "prompts", "notes")
# Where in a row each thing is.
PERSON, BORN, REFERENCE, EPISODE, SURVEY = range(5)
AT = {column.name: SURVEY + 1 + place for place, column in enumerate(COLUMNS)}
FIRST_SCORE = SURVEY + 1 + len(COLUMNS)
UNANSWERED, PROMPTS, NOTES = range(FIRST_SCORE + len(SCORE_COLUMNS), FIRST_SCORE + len(ANSWERS))
