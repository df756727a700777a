"""The report: whose pairs are counted, by which choices, and that the packed copy never lags behind."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.support import source_report as source
from tests.support.people import Crew, answers, days_ago, record_survey, refer
from tests.support.reporting import ACTIVITIES, OUTCOMES, write_ledger, write_source
from wellbeing_app.evaluation.figures import Number
from wellbeing_app.evaluation.sharing import HIDDEN
from wellbeing_app.evaluation.social_value import PUBLISHED, Variant
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Episode, Mode, Occasion, OutcomeKind, Pathway, Purpose, Respondent, Team
from wellbeing_app.services import agreements, merging, pairing, report, surveys, tickets
from wellbeing_app.services import pathway as episodes
from wellbeing_app.services.errors import NotAllowed
from wellbeing_app.services.reporting import Choices, Dated, FollowUp, Period, measured, this_year

KEY = INSTRUMENT.keys[0]
BOTH_YEARS = Period(date(2015, 4, 1), date(2017, 3, 31))
AT_COST = replace(PUBLISHED, cost=Decimal(source.COST), cost_years=Decimal(2))


def agreed(db: Session, crew: Crew, **details: object) -> Episode:
    episode = refer(db, crew.asha, **{"referred_on": days_ago(300), **details})
    agreements.give(db, crew.asha, episode.service_user.reference, Purpose.EVALUATION, "Yes.", days_ago(200))
    return episode


def survey(db: Session, crew: Crew, episode: Episode, score: int, days: int, **details: object) -> None:
    occasion = Occasion.FOLLOW_UP if any(episode.surveys) else Occasion.BASELINE
    record_survey(db, crew.asha, episode, occasion, {KEY: score}, completed_on=days_ago(days), **details)
    db.flush()
    db.refresh(episode)


def measured_people(db: Session, **choices: object) -> tuple[int, int, float | None]:
    """How many are eligible, how many pairs, and the first measure's mean at follow-up."""
    told = measured(db, Choices(**choices))  # type: ignore[arg-type]
    return told.eligible, told.pairs, told.cohort.measures[KEY].mean_after


def values(made: report.Report) -> dict[str, Number]:
    return {key: one.value for key, one in made.figures.items()}


def test_the_source_reports_figures_come_back(db: Session, crew: Crew) -> None:
    write_source(db, crew)
    told = values(report.make(db, Choices(period=BOTH_YEARS), AT_COST))
    assert (told["people.eligible"], told["people.pairs"], told["people.took_up"]) == (161, 161, 246)
    for key, row in source.TABLE_4_2.items():
        ways = [f"value.chosen.{key}.{way}" for way in ("every_change", "low_to_high")]
        assert tuple(told[f"{way}.{kind}"] for way in ways for kind in ("per_person", "total")) == row
    totals = [f"value.published.total.{way}" for way in ("every_change", "low_to_high")]
    assert tuple(told[f"{way}.{kind}"] for way in totals for kind in ("per_person", "total")) == (
        source.TABLE_4_2_TOTALS
    )
    assert [told[f"{way}.per_pound"] for way in totals] == [Decimal("0.79"), Decimal("1.84")]
    shares = (
        "headline.one_or_more.share",
        "headline.scores.share_up",
        "change.all.pooled",
        "change.low.pooled",
    )
    assert [round(float(told[key] or 0), 2) for key in shares] == [0.93, 0.48, 0.60, 0.99]
    assert (told["break_even.over_the_period"], told["break_even.a_year"]) == (93, 47)


def test_tables_2_2_and_3_1_come_back_with_what_is_right(db: Session, crew: Crew) -> None:
    write_source(db, crew)
    told = values(report.make(db, Choices(period=BOTH_YEARS)))
    for year, numbers in {
        "2015_16": (156, 141, 136),
        "2016_17": (161, 119, 110),
        "total": (317, 260, 246),
    }.items():
        assert tuple(told[f"referrals.{year}.{name}"] for name in ("referred", "met", "took_up")) == numbers
    percents = [
        round(100 * float(told[f"referrals.{year}.share_took_up"] or 0)) for year in ("2015_16", "2016_17")
    ]
    assert percents == [87, 68]  # the source prints 69, which is of the 160 in its text
    reviews = {"2015_16": (72, 39, 54), "2016_17": (84, 46, 55), "total": (156, 85, 54)}
    for year, (reviewed, discharged, percent) in reviews.items():
        assert (told[f"discharge.{year}.reviewed"], told[f"discharge.{year}.discharged"]) == (
            reviewed,
            discharged,
        )
        assert round(100 * float(told[f"discharge.{year}.share"] or 0)) == percent
    assert (told["discharge.held.observed_a_year"], told["discharge.held.a_year"]) == (85, 85)


def test_tables_2_1_and_3_2_come_back(db: Session, crew: Crew) -> None:
    write_source(db, crew)
    write_ledger(db, crew)
    made = report.make(db, Choices(period=BOTH_YEARS))
    told = values(made)
    rows = [
        (
            one.provider,
            one.theme,
            one.setting,
            told[f"activities.{number}.people"],
            told[f"activities.{number}.hours"],
        )
        for number, one in enumerate(made.offers, 1)
    ]
    assert sorted(rows) == sorted(ACTIVITIES)
    assert (told["activities.individual.places"], told["activities.individual.hours"]) == (299, 2_757)
    assert (told["activities.group.places"], told["activities.group.hours"]) == (103, 1_564)
    for kind, (first, second) in OUTCOMES.items():
        years = ("2015_16", "2016_17", "total")
        assert [told[f"outcomes.{year}.{kind}.people"] for year in years] == [first, second, first + second]
    assert round(100 * float(told["outcomes.2015_16.voluntary_sector.share"] or 0), 1) == 42.6


def test_the_first_the_latest_or_the_nearest_follow_up(db: Session, crew: Crew) -> None:
    episode = agreed(db, crew)
    for score, days in ((1, 290), (2, 280), (4, 190), (5, 20)):  # window: 3 to 4 months after the baseline
        survey(db, crew, episode, score, days)
    assert measured_people(db) == (1, 1, 2)
    assert measured_people(db, follow_up=FollowUp.LATEST) == (1, 1, 5)
    assert measured_people(db, follow_up=FollowUp.NEAREST) == (1, 1, 4)


def test_the_day_that_lies_in_the_period_is_a_choice(db: Session, crew: Crew) -> None:
    episode = agreed(db, crew)
    survey(db, crew, episode, 2, 250)
    survey(db, crew, episode, 4, 20)
    for dated, day in ((Dated.REFERRAL, 300), (Dated.BASELINE, 250), (Dated.FOLLOW_UP, 20)):
        on, after = Period(days_ago(day), days_ago(day)), Period(days_ago(day - 1), None)
        assert measured_people(db, dated=dated, period=on)[1] == 1
        assert measured_people(db, dated=dated, period=after)[1] == 0


def test_pathway_team_and_like_for_like(db: Session, crew: Crew) -> None:
    for later in (Mode.IN_PERSON, Mode.TELEPHONE):
        episode = agreed(db, crew)
        survey(db, crew, episode, 2, 150)
        survey(db, crew, episode, 4, 20, mode=later)
    assert measured_people(db, pathway=Pathway.LONG_TERM_CONDITIONS)[1] == 2
    assert measured_people(db, pathway=Pathway.MENTAL_HEALTH) == (0, 0, None)
    assert measured_people(db, alike=True)[1] == 1
    assert measured(db, Choices(alike=True)).not_alike == 1
    north, south = (report.team_named(db, name) for name in ("North", "South"))
    assert isinstance(db.get(Team, north), Team)
    assert [measured_people(db, team_id=one)[1] for one in (north, south)] == [2, 0]


def test_proxies_and_who_has_not_agreed_are_left_out_and_counted(db: Session, crew: Crew) -> None:
    by_proxy, unasked = agreed(db, crew), refer(db, crew.asha, referred_on=days_ago(200))
    survey(db, crew, by_proxy, 2, 150)
    survey(db, crew, by_proxy, 4, 20, respondent=Respondent.PROXY, helper="her son")
    survey(db, crew, unasked, 2, 150)
    told = measured(db, Choices())
    assert (told.eligible, told.pairs, told.by_proxy, told.not_agreed) == (0, 0, 1, 1)
    everybody = measured(db, Choices(with_proxies=True, with_not_agreed=True))
    assert (everybody.eligible, everybody.pairs, everybody.by_proxy, everybody.not_agreed) == (2, 1, 0, 0)


def test_the_packed_copy_follows_every_change(db: Session, crew: Crew) -> None:
    episode = agreed(db, crew)
    assert measured_people(db) == (0, 0, None)
    for score, days, told in ((2, 150, (1, 0, None)), (4, 20, (1, 1, 4))):
        survey(db, crew, episode, score, days)
        assert measured_people(db) == told
    last = episode.surveys[-1]
    corrected = answers({KEY: 5}, completed_on=days_ago(20))
    surveys.correct(db, crew.asha, last.id, corrected, "A slip", last.revision)
    assert measured_people(db) == (1, 1, 5)
    ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, days_ago(10), another=True)
    second = surveys.record(db, crew.asha, ticket.id, answers({KEY: 3}, completed_on=days_ago(10)))
    assert measured_people(db) == (1, 1, 5)
    surveys.decide_counting(db, crew.asha, second.survey_id)
    assert measured_people(db) == (1, 0, None)
    db.refresh(episode)
    details = episodes.EpisodeDetails(
        Pathway.MENTAL_HEALTH, episode.referred_on, crew.asha.id, care_cluster=7
    )
    episodes.edit(db, crew.asha, episode.id, details, episode.version)
    assert measured_people(db, pathway=Pathway.MENTAL_HEALTH) == (1, 0, None)
    reference = episode.service_user.reference
    agreements.withdraw(db, crew.asha, reference, Purpose.EVALUATION, days_ago(1))
    assert measured_people(db) == (0, 0, None)
    assert pairing.freshen(db) == 0
    before = measured(db, Choices(with_not_agreed=True))
    assert pairing.rebuild(db) == 1
    assert measured(db, Choices(with_not_agreed=True)) == before


def test_two_joined_records_share_what_was_agreed(db: Session, crew: Crew) -> None:
    kept, double = refer(db, crew.asha, referred_on=days_ago(300)), agreed(db, crew)
    survey(db, crew, kept, 2, 150)
    assert measured_people(db) == (0, 0, None)
    merging.merge(db, crew.asha, kept.service_user.reference, double.service_user.reference)
    assert measured_people(db) == (1, 0, None)


def test_only_the_manager_has_exact_figures(db: Session, crew: Crew) -> None:
    survey(db, crew, agreed(db, crew), 2, 150)
    assert values(report.for_actor(db, crew.mandy, Choices()))["people.eligible"] == 1
    assert values(report.for_actor(db, crew.mandy, Choices(), shared=True))["people.eligible"] == HIDDEN
    assert values(report.for_actor(db, crew.eve, Choices()))["people.eligible"] == HIDDEN
    for nobody in (crew.asha, crew.ben, crew.dev, crew.adam):
        with pytest.raises(NotAllowed):
            report.for_actor(db, nobody, Choices())


def test_an_empty_service_has_a_report_too(db: Session, crew: Crew) -> None:
    told = values(report.make(db, Choices(), AT_COST, shared=True))
    assert (told["people.eligible"], told["headline.one_or_more.share"]) == (0, None)


def test_every_key_is_documented_and_every_documented_key_is_there(db: Session, crew: Crew) -> None:
    write_source(db, crew)
    write_ledger(db, crew)
    told = {_pattern(key) for key in report.make(db, Choices(period=BOTH_YEARS)).figures}
    page = (Path(__file__).resolve().parents[2] / "docs" / "report-keys.md").read_text(encoding="utf-8")
    assert told == set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))


def _pattern(key: str) -> str:
    """A key as the page writes it."""
    words = {
        "measure": "|".join(INSTRUMENT.keys),
        "variant": "|".join(Variant) if ".total." in key else "(?!)",
        "way": "every_change|low_to_high",
        "year": r"\d{4}_\d{2}|(?<=referrals\.)total|(?<=discharge\.)total|(?<=outcomes\.)total",
        "outcome": "|".join(OutcomeKind),
        "number": r"\d+",
    }
    for name, pattern in words.items():
        key = re.sub(rf"(?<=\.)({pattern})(?=\.)", f"<{name}>", key)
    both = not key.endswith(("at_ceiling", "mean_before_of_lost"))
    return re.sub(r"(?<=\.)(all|low)(?=\.)", "<who>", key) if both else key


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ((date(2016, 4, 1), date(2017, 3, 31)), (date(2015, 4, 1), date(2016, 3, 31))),
        ((date(2024, 3, 1), date(2024, 3, 31)), (date(2024, 2, 1), date(2024, 2, 29))),
        ((date(2026, 4, 1), date(2026, 4, 10)), (date(2026, 3, 22), date(2026, 3, 31))),
    ],
)
def test_the_period_before_is_as_long(period: tuple[date, date], before: tuple[date, date]) -> None:
    assert Period(*period).before() == Period(*before)


def test_the_financial_year_so_far() -> None:
    assert this_year(date(2026, 3, 31)).since == date(2025, 4, 1)
    assert this_year(date(2026, 4, 1)).since == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("since", "until", "names"),
    [
        (date(2015, 4, 1), date(2017, 3, 31), ["2015_16", "2016_17"]),
        (date(2015, 3, 31), date(2015, 4, 1), ["2014_15", "2015_16"]),
        (date(2099, 12, 1), date(2100, 1, 1), ["2099_00"]),
    ],
)
def test_financial_years_begin_in_april(since: date, until: date, names: list[str]) -> None:
    years = Period(since, until).years(since, until)
    assert [name for name, _year in years] == names
    assert (years[0][1].since, years[-1][1].until) == (since, until)
