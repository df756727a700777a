"""The evaluation's figures for other programs, and for those who check them with data of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click
from sqlalchemy.orm import Session

from wellbeing_app.cli.setting import database, read_settings
from wellbeing_app.evaluation.figures import Number
from wellbeing_app.evaluation.social_value import PUBLISHED, Assumptions, Scale
from wellbeing_app.model import Pathway
from wellbeing_app.services import report as reports
from wellbeing_app.services.report import Report
from wellbeing_app.services.reporting import Choices, Dated, FollowUp, Period
from wellbeing_app.services.tallies import Offer

SEPARATOR = ".."


class PeriodType(click.ParamType):
    name = "FROM..TO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        if isinstance(value, Period):
            return value
        since, dots, until = value.partition(SEPARATOR)
        try:
            period = Period(*(date.fromisoformat(day) if day else None for day in (since, until)))
        except ValueError:
            dots = ""
        if not dots:
            self.fail(f"{value} is no period. Write two days, such as 2025-04-01..2026-03-31.", param, ctx)
        if period.since and period.until and period.since > period.until:
            self.fail("The period ends before it begins.", param, ctx)
        return period


class AmountType(click.ParamType):
    name = "NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal(-1)
        if not amount.is_finite() or amount < 0:
            self.fail(f"{value} is no number from nought up, such as 0.25.", param, ctx)
        return amount


AMOUNT = AmountType()


def _words(kind: Any) -> click.Choice[str]:
    return click.Choice([one.value for one in kind])


OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a line for each figure."),
    click.option("--period", type=PeriodType(), default=Period(), help="Two days; without, all there is."),
    click.option("--dated", type=_words(Dated), default=Dated.BASELINE.value, help="Whose day lies in it."),
    click.option("--pathway", type=_words(Pathway), help="Only this pathway."),
    click.option("--team", help="Only this team, by its name."),
    click.option(
        "--follow-up", type=_words(FollowUp), default=FollowUp.FIRST.value, help="Which one makes a pair."
    ),
    click.option("--alike", is_flag=True, help="Only pairs whose two surveys were taken the same way."),
    click.option("--with-proxies", is_flag=True, help="Count too what somebody else answered."),
    click.option("--with-not-agreed", is_flag=True, help="Count too who has not agreed to evaluation."),
    click.option("--shared", is_flag=True, help="Keep small counts back, as for those outside."),
    click.option("--threshold", type=click.IntRange(2), help="With --shared: the smallest count told."),
    click.option("--qaly-loss", type=AMOUNT, default=PUBLISHED.qaly_loss, show_default=True),
    click.option("--qaly-value", type=AMOUNT, default=PUBLISHED.qaly_value, show_default=True),
    click.option("--share-per-point", type=AMOUNT, default=PUBLISHED.share_per_point, show_default=True),
    click.option("--scale", type=_words(Scale), default=PUBLISHED.scale.value, show_default=True),
    click.option("--engaged", type=click.IntRange(0), help="To scale to; without, who took up a service."),
    click.option("--years", type=click.IntRange(1), default=PUBLISHED.years, show_default=True),
    click.option("--drop-off", type=AMOUNT, default=PUBLISHED.drop_off, show_default=True),
    click.option("--deadweight", type=AMOUNT, default=PUBLISHED.deadweight, show_default=True),
    click.option("--cost", type=AMOUNT, help="What the service cost, in pounds."),
    click.option("--cost-years", type=AMOUNT, default=PUBLISHED.cost_years, help="Over how many years."),
    click.option("--per-discharge", type=AMOUNT, default=PUBLISHED.per_discharge, show_default=True),
)


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command()
@_with_options
def report(*, as_json: bool, shared: bool, threshold: int | None, team: str | None, **asked: Any) -> None:
    """Print the evaluation's figures.

    Each under a key that stays the same; docs/report-keys.md has them all. Figures are exact, unless
    --shared keeps small counts back.
    """
    assumed = {one.name: asked.pop(one.name) for one in fields(Assumptions)}
    assumptions = Assumptions(**{**assumed, "scale": Scale(assumed["scale"])})
    if not assumptions.cost_years:
        raise click.ClickException("The cost has to be over more than no years: --cost-years 2, or 0.25.")
    with database(read_settings()) as db:
        choices = _choices(db, team, asked)
        floor = threshold or reports.floor_of(db)
        made = reports.make(db, choices, assumptions, shared=shared, floor=floor)
    click.echo(_as_json(made, team) if as_json else _as_lines(made))


def _choices(db: Session, team: str | None, asked: dict[str, Any]) -> Choices:
    words = {"dated": Dated(asked["dated"]), "follow_up": FollowUp(asked["follow_up"])}
    pathway = Pathway(asked["pathway"]) if asked["pathway"] else None
    return Choices(**{**asked, **words, "pathway": pathway, "team_id": _team(db, team) if team else None})


def _team(db: Session, name: str) -> Any:
    found = reports.team_named(db, name)
    if found is None:
        raise click.ClickException(f"There is no team {name}.")
    return found


def _as_json(made: Report, team: str | None) -> str:
    choices = {**asdict(made.choices), "period": _period(made.choices.period), "team": team}
    del choices["team_id"]
    about = {
        "on": made.on,
        "shared": made.shared,
        "threshold": made.floor if made.shared else None,
        "choices": choices,
        "assumptions": asdict(made.assumptions),
        "activities": {number: _named(one) for number, one in enumerate(made.offers, 1)},
    }
    figures = {key: _plain(one.value) for key, one in made.figures.items()}
    return json.dumps({"about": about, "figures": figures}, indent=1, default=_word)


def _named(offer: Offer) -> dict[str, str]:
    """What an activity is; its people and hours are figures."""
    return {name: str(getattr(offer, name)) for name in ("provider", "name", "theme", "setting")}


def _as_lines(made: Report) -> str:
    return "\n".join(f"{key:58} {_plain(one.value)}" for key, one in made.figures.items())


def _period(period: Period) -> dict[str, str | None]:
    return {name: day.isoformat() if day else None for name, day in vars(period).items()}


def _plain(value: Number) -> int | float | str | None:
    return float(value) if isinstance(value, Decimal) else value


def _word(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
