"""What a file would change: who is new, who is here already, what cannot be taken in. It writes nothing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    ClosingReason,
    Mode,
    Occasion,
    Pathway,
    Purpose,
    Respondent,
)
from wellbeing_app.services import answers, clock, codes, pathway, people
from wellbeing_app.services.answers import SurveyAnswers
from wellbeing_app.services.dataset import BESIDE_EPISODE, MODE_BEFORE
from wellbeing_app.services.importing.beside import Ledger, Modes
from wellbeing_app.services.importing.gather import (
    NOT_ASKED,
    FileEpisode,
    FilePerson,
    FileSurvey,
    Gathered,
    Problem,
)
from wellbeing_app.services.importing.here import Here
from wellbeing_app.services.importing.quietly import quietly
from wellbeing_app.services.pathway import EpisodeDetails
from wellbeing_app.services.people import PersonDetails

OWN_REFERENCE = re.compile(f"R-[{codes.ALPHABET}]{{{codes.REFERENCE_LENGTH}}}")
NOT_RECORDED = "not recorded"
NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True)
class Options:
    """What the file does not say. `advisor_id`: whose people they are where no advisor known here is named.

    `agreed`: that the people agreed to the use for evaluation, where the file has no column for it.
    """

    pathway: Pathway | None = Pathway.LONG_TERM_CONDITIONS
    advisor_id: uuid.UUID | None = None
    agreed: bool = False
    with_likely: bool = False


@dataclass(frozen=True)
class NewSurvey:
    """A survey to be recorded."""

    occasion: Occasion
    counts: bool
    given: SurveyAnswers
    version: str | None
    modes: Modes = ()


@dataclass
class NewEpisode:
    """An episode to be begun, or one that is here (`is_new` False) and gets surveys."""

    id: uuid.UUID
    is_new: bool
    details: EpisodeDetails
    advisor: str
    team: str
    beyond: Mapping[str, Any]
    decided: bool
    ledger: Ledger = field(default_factory=Ledger)
    surveys: list[NewSurvey] = field(default_factory=list)


@dataclass
class NewPerson:
    """A person to be added, or one who is here (`details` None) and gets episodes or surveys."""

    id: uuid.UUID
    key: str
    details: PersonDetails | None
    reference: str | None
    earlier: str | None
    agreed: Mapping[Purpose, date]
    episodes: list[NewEpisode] = field(default_factory=list)


@dataclass
class Plan:
    """What would be written. `warnings` stop nothing; `problems` stop everything."""

    people: list[NewPerson] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rows: int = 0
    already: int = 0
    left_out: int = 0

    @property
    def new_people(self) -> int:
        return sum(person.details is not None for person in self.people)

    @property
    def new_episodes(self) -> int:
        return sum(episode.is_new for person in self.people for episode in person.episodes)

    @property
    def new_surveys(self) -> int:
        return sum(len(episode.surveys) for person in self.people for episode in person.episodes)

    @property
    def agreed(self) -> int:
        return sum(Purpose.EVALUATION in person.agreed for person in self.people)


@quietly
def plan(db: Session, gathered: Gathered, options: Options) -> Plan:
    """Compare what was gathered with what is here."""
    here = Here.of(db, gathered)
    planner = _Planner(here, options, gathered.columns)
    planner.plan.problems += gathered.problems
    planner.plan.rows = gathered.rows
    for person in gathered.people.values():
        planner.add(person)
    return planner.plan


class _Planner:
    def __init__(self, here: Here, options: Options, named: frozenset[str]) -> None:
        self.plan = Plan()
        self._here = here
        self._options = options
        self._named = named
        self._names: dict[tuple[str, date], str] = {}

    def add(self, person: FilePerson) -> None:
        known = self._here.persons.get(person.key)
        details = None if known else self._details(person)
        if details is not None and self._is_likely(person, details) and not self._options.with_likely:
            self.plan.left_out += 1
            return
        own = bool(OWN_REFERENCE.fullmatch(person.key))
        earlier = person.values.get("earlier_reference") or (
            None if own or "person" not in self._named else person.key
        )
        new = NewPerson(
            id=known or uuid.uuid4(),
            key=person.key,
            details=details,
            reference=person.key if own else None,
            earlier=earlier,
            agreed={} if known else self._agreed(person),
        )
        new.episodes = [
            episode for one in person.episodes.values() if (episode := self._episode(known, one)) is not None
        ]
        if details is not None or new.episodes:
            self.plan.people.append(new)

    def _details(self, person: FilePerson) -> PersonDetails:
        given = {
            "language" if name == "person_language" else name: value
            for name, value in person.values.items()
            if name != "earlier_reference"
        }
        details = PersonDetails(**{"first_name": person.key[:200], **given})
        self._problems(person.row, people.problems_with(details))
        return details

    def _is_likely(self, person: FilePerson, details: PersonDetails) -> bool:
        """Whether somebody here, or further up in the file, has the same name and day of birth."""
        if details.date_of_birth is None:
            return False
        same = people.searchable(details.first_name, details.last_name), details.date_of_birth
        for code, known in (("may_be_here", self._here.alike), ("twice_in_file", self._names)):
            if same in known:
                self.plan.warnings.append(Problem(person.row, "person", code, known[same]))
                return True
        self._names[same] = person.key
        return False

    def _agreed(self, person: FilePerson) -> dict[Purpose, date]:
        agreed = dict(person.agreed)
        if self._options.agreed and f"agreed_{Purpose.EVALUATION}" not in self._named:
            agreed[Purpose.EVALUATION] = None
        days = list(_days(person))
        first = min(days, default=clock.today())
        given = {purpose: day or first for purpose, day in agreed.items()}
        for purpose, day in given.items():
            if problem := clock.problem_with(day, clock.today()):
                self._wrong(person.row, f"agreed_{purpose}", problem, str(day))
        return given

    def _episode(self, known: uuid.UUID | None, episode: FileEpisode) -> NewEpisode | None:
        details = self._episode_details(episode)
        if details is None:
            return None
        here = self._here.episodes.get((known, details.pathway, details.referred_on)) if known else None
        new = NewEpisode(
            id=here.id if here else uuid.uuid4(),
            is_new=here is None,
            details=details,
            advisor=episode.values.get("advisor", ""),
            team=episode.values.get("team", ""),
            beyond=self._beyond(episode, details) if here is None else {},
            decided=any("counts" in one.values for one in episode.surveys.values()),
        )
        if here is None:
            self._problems(episode.row, pathway.problems_with(details))
            new.ledger = self._ledger(episode, details.referred_on)
        self._surveys(new, episode, self._here.surveys.get(new.id, ()))
        return new if new.is_new or new.surveys else None

    def _episode_details(self, episode: FileEpisode) -> EpisodeDetails | None:
        given = {name: value for name, value in episode.values.items() if name not in NOT_DETAILS}
        taken = [
            one.values["completed_on"] for one in episode.surveys.values() if "completed_on" in one.values
        ]
        referred_on = given.get("referred_on") or min(taken, default=None)
        in_mental_health = given.get("care_cluster") is not None
        which = given.get("pathway") or (Pathway.MENTAL_HEALTH if in_mental_health else self._options.pathway)
        if referred_on is None or which is None:
            self._wrong(episode.row, "pathway" if referred_on else "referred_on", "required")
            return None
        return EpisodeDetails(**{**given, "pathway": which, "referred_on": referred_on, "advisor_id": NOBODY})

    def _beyond(self, episode: FileEpisode, details: EpisodeDetails) -> dict[str, Any]:
        """What the app writes beside an episode's details: its closing, and a follow-up that will not be."""
        found = {name: episode.values[name] for name in BEYOND_DETAILS if name in episode.values}
        for day, reason in (("closed_on", "closing_reason"), ("follow_up_ended_on", "follow_up_ended")):
            if reason in found and day not in found:
                self._wrong(episode.row, day, "required")
            if day in found:
                self._day(episode.row, day, found[day], details.referred_on)
        if "closed_on" in found:
            found.setdefault("closing_reason", ClosingReason.OTHER)
        if "follow_up_ended_on" in found and "follow_up_ended" not in found:
            self._wrong(episode.row, "follow_up_ended", "required")
        return found

    def _ledger(self, episode: FileEpisode, referred_on: date) -> Ledger:
        found = Ledger.of(episode.values)
        for name, on in found.days():
            self._day(episode.row, name, on, referred_on)
        return found

    def _day(self, row: int, name: str, day: date, referred_on: date) -> None:
        too_early = "before_referral" if day < referred_on else None
        if problem := clock.problem_with(day, clock.today()) or too_early:
            self._wrong(row, name, problem, str(day))

    def _surveys(
        self, new: NewEpisode, episode: FileEpisode, here: Sequence[tuple[Occasion, date, bool]]
    ) -> None:
        already = {(occasion, on) for occasion, on, _counts in here}
        has_baseline = any(occasion is Occasion.BASELINE for occasion, *_ in here)
        found = [one for one in map(self._dated, episode.surveys.values()) if one is not None]
        counting = next(
            (on for occasion, on, counts in here if occasion is Occasion.BASELINE and counts), None
        )
        for survey in found:
            occasion, on = survey.values["occasion"], survey.values["completed_on"]
            if (occasion, on) in already:
                self.plan.already += 1
                continue
            counts = True
            if occasion is Occasion.BASELINE:
                counts = survey.values.get("counts", True) and not has_baseline
                if counts:
                    has_baseline, counting = True, on
            given = _given(survey)
            compared = counting if occasion is Occasion.FOLLOW_UP else None
            problems = answers.problems_with(given, clock.today(), new.details.referred_on, compared)
            self._problems(survey.row, problems)
            version, modes = survey.values.get("instrument_version"), survey.values.get(MODE_BEFORE.name, ())
            new.surveys.append(NewSurvey(occasion, counts, given, version, modes))

    def _dated(self, survey: FileSurvey) -> FileSurvey | None:
        missing = [name for name in ("occasion", "completed_on") if name not in survey.values]
        for name in missing:
            self._wrong(survey.row, name, "required")
        return None if missing else survey

    def _problems(self, row: int, problems: Mapping[str, str]) -> None:
        for name, code in problems.items():
            self._wrong(row, name.removeprefix("answer-"), code)

    def _wrong(self, row: int, column: str, code: str, value: str = "") -> None:
        self.plan.problems.append(Problem(row, column, code, value))


def _days(person: FilePerson) -> Iterator[date]:
    """When they were referred, and when they answered."""
    for episode in person.episodes.values():
        dated = [episode.values.get("referred_on")]
        dated += [survey.values.get("completed_on") for survey in episode.surveys.values()]
        yield from filter(None, dated)


BEYOND_DETAILS = ("closed_on", "closing_reason", "closing_note", "follow_up_ended", "follow_up_ended_on")
NOT_DETAILS = frozenset({"advisor", "team", *BEYOND_DETAILS, *(one.name for one in BESIDE_EPISODE)})


def _given(survey: FileSurvey) -> SurveyAnswers:
    values = survey.values
    respondent = values.get("respondent", Respondent.SELF)
    helped = respondent is not Respondent.SELF
    missing = (key for key in INSTRUMENT.keys if key not in survey.scores)
    return SurveyAnswers(
        scores=survey.scores,
        unanswered={key: survey.unanswered.get(key, NOT_ASKED) for key in missing},
        completed_on=values["completed_on"],
        mode=values.get("mode", Mode.IN_PERSON),
        respondent=respondent,
        prompts=survey.prompts,
        notes=survey.notes,
        date_reason=values.get("date_reason", ""),
        helper=values.get("helper") or (NOT_RECORDED if helped else ""),
        with_interpreter=values.get("with_interpreter", False),
        language=values.get("language", "en"),
    )
