"""The report: every figure by its key, for a choice of period, pathway, team and way of pairing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.evaluation import telling
from wellbeing_app.evaluation.disclosure import FLOOR
from wellbeing_app.evaluation.figures import Book, Figure, Kind, to_share
from wellbeing_app.evaluation.social_value import PUBLISHED, Assumptions
from wellbeing_app.model import Setting, Team
from wellbeing_app.services import access, clock, counting, reporting, settings, tallies
from wellbeing_app.services.access import Actor
from wellbeing_app.services.counting import TOTAL, Held, Steps
from wellbeing_app.services.policy import Action
from wellbeing_app.services.reporting import Choices, Measured
from wellbeing_app.services.tallies import Closed, Offer


@dataclass(frozen=True)
class Report:
    """What was asked, and the figures. `shared`: small counts are kept back, for those outside."""

    choices: Choices
    assumptions: Assumptions
    on: date
    shared: bool
    floor: int
    figures: Mapping[str, Figure]
    years: tuple[str, ...]
    offers: tuple[Offer, ...]


def for_actor(
    db: Session, actor: Actor, choices: Choices, assumptions: Assumptions = PUBLISHED, *, shared: bool = False
) -> Report:
    """The report for somebody who may see figures; exact for the manager only. Raises `NotAllowed`."""
    access.require(actor, Action.SEE_FIGURES)
    shared = shared or not actor.may(Action.SEE_EXACT_FIGURES)
    return make(db, choices, assumptions, shared=shared, floor=floor_of(db))


def make(
    db: Session,
    choices: Choices,
    assumptions: Assumptions = PUBLISHED,
    *,
    shared: bool = False,
    floor: int = FLOOR,
) -> Report:
    """The report for whoever has the database already."""
    counted = Counted(
        reporting.measured(db, choices),
        counting.steps(db, choices),
        counting.held(db, choices),
        tuple(tallies.offers(db, choices)),
        tallies.closed(db, choices),
    )
    book = told(counted, assumptions)
    figures = to_share(book, floor) if shared else book.figures
    years = tuple(counted.by_year)
    return Report(choices, assumptions, clock.today(), shared, floor, figures, years, counted.offers)


@dataclass(frozen=True)
class Counted:
    """All that was counted for a report; `by_year` and `closed` by financial year and in `TOTAL`."""

    measured: Measured
    by_year: Mapping[str, Steps]
    held: Held
    offers: tuple[Offer, ...]
    closed: Mapping[str, Closed]


def told(counted: Counted, assumptions: Assumptions) -> Book:
    """Every figure of it, exactly."""
    book, took_up = Book(), counted.by_year[TOTAL].took_up
    _people(book, counted.measured, counted.by_year[TOTAL])
    telling.wellbeing(book, counted.measured.cohort)
    telling.worth(book, counted.measured.cohort, assumptions, took_up)
    _record(book, counted.by_year, counted.held)
    _offers(book, counted.offers)
    _outcomes(book, counted.closed)
    return book


def team_named(db: Session, name: str) -> uuid.UUID | None:
    """The team of this name, if there is one."""
    return db.scalar(select(Team.id).where(Team.name == name))


def teams(db: Session) -> Sequence[tuple[uuid.UUID, str]]:
    """Every team, by name."""
    return [(team_id, name) for team_id, name in db.execute(select(Team.id, Team.name).order_by(Team.name))]


def floor_of(db: Session) -> int:
    """The smallest count that is told outside, as the service chose it."""
    return settings.read(db).smallest_shared


def _people(book: Book, counted: Measured, all_years: Steps) -> None:
    """Who the scores are of, and who is missing: `people.…` and `left_out.…`."""
    book.count("people.referred", all_years.referred)
    book.count("people.took_up", all_years.took_up)
    for name in ("referred", "took_up"):
        book.follow(f"people.{name}", f"referrals.{TOTAL}.{name}")
    for part in telling.MOVES:
        book.follow(f"headline.scores.{part}", "people.pairs")
    book.count("people.eligible", counted.eligible)
    book.count("people.pairs", counted.pairs)
    book.count("people.without_follow_up", counted.eligible - counted.pairs)
    book.parts("people.eligible", ("people.pairs", "people.without_follow_up"))
    for whole in ("eligible", "took_up", "referred"):
        book.share(f"people.share_of_{whole}", "people.pairs", f"people.{whole}")
    for reason in ("not_agreed", "by_proxy", "not_alike"):
        book.count(f"left_out.{reason}", getattr(counted, reason))


def _record(book: Book, by_year: Mapping[str, Steps], held: Held) -> None:
    """Tables 2.2 and 3.1: `referrals.<year>.…`, `discharge.<year>.…`, `discharge.held.…`."""
    for year, one in by_year.items():
        for name in ("referred", "met", "took_up"):
            book.count(f"referrals.{year}.{name}", getattr(one, name))
        book.share(f"referrals.{year}.share_met", f"referrals.{year}.met", f"referrals.{year}.referred")
        book.share(
            f"referrals.{year}.share_took_up", f"referrals.{year}.took_up", f"referrals.{year}.referred"
        )
        for name in ("reviewed", "discharged", "re_referred"):
            book.count(f"discharge.{year}.{name}", getattr(one, name))
        book.share(f"discharge.{year}.share", f"discharge.{year}.discharged", f"discharge.{year}.reviewed")
    years = [year for year in by_year if year != TOTAL]
    for table, names in (
        ("referrals", ("referred", "met", "took_up")),
        ("discharge", ("reviewed", "discharged", "re_referred")),
    ):
        for name in names:
            book.parts(f"{table}.{TOTAL}.{name}", [f"{table}.{year}.{name}" for year in years])
    book.count("discharge.held.observed_a_year", held.observed_a_year)
    book.count("discharge.held.a_year", held.a_year)
    book.share("discharge.held.share", "discharge.held.a_year", "discharge.held.observed_a_year")


def _offers(book: Book, offers: Sequence[Offer]) -> None:
    """Table 2.1: `activities.<number>.…` in the order of `Report.offers`, and together by setting."""
    for number, one in enumerate(offers, 1):
        book.count(f"activities.{number}.people", one.people)
        book.tell(f"activities.{number}.hours", one.hours, Kind.AMOUNT, one.people)
    for setting in Setting:
        of_it = {number: one for number, one in enumerate(offers, 1) if one.setting is setting}
        people, hours = (sum(getattr(one, name) for one in of_it.values()) for name in ("people", "hours"))
        book.count(f"activities.{setting}.places", people)
        book.tell(f"activities.{setting}.hours", hours, Kind.AMOUNT, people)
        book.parts(f"activities.{setting}.places", [f"activities.{number}.people" for number in of_it])


def _outcomes(book: Book, by_year: Mapping[str, Closed]) -> None:
    """Table 3.2: `outcomes.<year>.closed` and `outcomes.<year>.<outcome>.…`."""
    years = [year for year in by_year if year != TOTAL]
    for year, one in by_year.items():
        book.count(f"outcomes.{year}.closed", one.episodes)
        for kind, number in one.outcomes.items():
            book.count(f"outcomes.{year}.{kind}.people", number)
            book.share(
                f"outcomes.{year}.{kind}.share", f"outcomes.{year}.{kind}.people", f"outcomes.{year}.closed"
            )
            if year == TOTAL:
                book.parts(
                    f"outcomes.{year}.{kind}.people", [f"outcomes.{one}.{kind}.people" for one in years]
                )
    book.parts(f"outcomes.{TOTAL}.closed", [f"outcomes.{year}.closed" for year in years])
