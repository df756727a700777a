"""What a report is to be about, asked by the address: so that it can be kept, sent and printed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from wellbeing_app.evaluation.social_value import PUBLISHED, Assumptions, Scale
from wellbeing_app.forms.base import Unmarked
from wellbeing_app.forms.days import DayField
from wellbeing_app.forms.labels import label
from wellbeing_app.forms.messages import Messages
from wellbeing_app.model import Pathway
from wellbeing_app.services.reporting import Choices, Dated, FollowUp, Period

HUNDRED: Final = Decimal(100)
DATED: Final = {
    Dated.BASELINE: _l("the day of the baseline"),
    Dated.REFERRAL: _l("the day of the referral"),
    Dated.FOLLOW_UP: _l("the day of the follow-up"),
}
FOLLOW_UPS: Final = {
    FollowUp.FIRST: _l("the first after the baseline"),
    FollowUp.LATEST: _l("the latest"),
    FollowUp.NEAREST: _l("the one nearest the time it was meant for"),
}
SCALES: Final = {
    Scale.ENGAGED: _l("everybody who took up a service"),
    Scale.MEASURED: _l("only those with both surveys"),
}


def _amount(text: Any, most: int, places: int = 0, **options: Any) -> DecimalField:
    range_of = NumberRange(0, most, _l("Please write a number from %(min)s to %(max)s."))
    return DecimalField(text, [Unmarked(), Optional(), range_of], places=places, **options)


def _select(text: Any, words: dict[Any, Any]) -> SelectField:
    return SelectField(
        text, [Unmarked()], choices=[SelectChoice(key.value, said) for key, said in words.items()]
    )


class ReportForm(wtforms.Form):
    """Every choice has a default; shares are asked in percent."""

    form_errors: list[Any]

    class Meta(wtforms.Form.Meta):
        def get_translations(self, _form: object) -> Messages:
            return Messages()

    since = DayField(_l("From"), [Unmarked(), Optional()])
    until = DayField(_l("To"), [Unmarked(), Optional()])
    dated = _select(_l("What has to be in the period"), DATED)
    pathway = SelectField(_l("Pathway"), [Unmarked()])
    team = SelectField(_l("Team"), [Unmarked()])
    follow_up = _select(_l("Which follow-up makes the pair"), FOLLOW_UPS)
    alike = BooleanField(_l("Only pairs whose two surveys were taken the same way"), [Unmarked()])
    with_proxies = BooleanField(_l("Count what somebody else answered, too"), [Unmarked()])
    shared = BooleanField(_l("To share outside: keep small numbers back"), [Unmarked()])
    cost = _amount(_l("What the service cost, in pounds"), 100_000_000)
    cost_years = _amount(_l("Over how many years"), 20, 2)
    share_per_point = _amount(_l("A point is worth, in percent of a measure"), 100)
    scale = _select(_l("Scaled to"), SCALES)
    years = IntegerField(
        _l("Years that a change lasts"),
        [Unmarked(), Optional(), NumberRange(1, 20, _l("Please write a number from %(min)s to %(max)s."))],
    )
    drop_off = _amount(_l("Lost of it each year, in percent"), 100)
    deadweight = _amount(_l("Would have come without the service, in percent"), 100)
    qaly_loss = _amount(_l("QALYs lost by a severe problem in a year"), 1, 3)
    qaly_value = _amount(_l("Pounds for a QALY"), 1_000_000)
    per_discharge = _amount(_l("Pounds for a discharge that holds for a year"), 1_000_000)

    def __init__(self, teams: Sequence[tuple[str, str]], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.pathway.choices = [
            SelectChoice("", _l("both")),
            *(SelectChoice(one.value, label(one)) for one in Pathway),
        ]
        self.team.choices = [SelectChoice("", _l("all")), *(SelectChoice(*team) for team in teams)]

    def validate_until(self, field: DayField) -> None:
        """A period ends after it begins."""
        if field.data and self.since.data and field.data < self.since.data:
            raise wtforms.ValidationError(
                _l("The period ends before it begins. Please change one of the days.")
            )

    def choices(self) -> Choices:
        """Whose pairs. Ask only when it is valid."""
        return Choices(
            period=Period(self.since.data, self.until.data),
            dated=Dated(self.dated.data),
            pathway=Pathway(self.pathway.data) if self.pathway.data else None,
            team_id=uuid.UUID(self.team.data) if self.team.data else None,
            follow_up=FollowUp(self.follow_up.data),
            alike=self.alike.data,
            with_proxies=self.with_proxies.data,
        )

    def assumptions(self) -> Assumptions:
        """What is assumed for the pounds; whatever is blank is as published."""
        return Assumptions(
            qaly_loss=_or(self.qaly_loss.data, PUBLISHED.qaly_loss),
            qaly_value=_or(self.qaly_value.data, PUBLISHED.qaly_value),
            share_per_point=_share(self.share_per_point.data, PUBLISHED.share_per_point),
            scale=Scale(self.scale.data),
            years=self.years.data or PUBLISHED.years,
            drop_off=_share(self.drop_off.data, PUBLISHED.drop_off),
            deadweight=_share(self.deadweight.data, PUBLISHED.deadweight),
            cost=self.cost.data or None,
            cost_years=self.cost_years.data or PUBLISHED.cost_years,
            per_discharge=_or(self.per_discharge.data, PUBLISHED.per_discharge),
        )


def usual() -> dict[str, Any]:
    """The form's fields before anybody chose anything: all time, and the published assumptions."""
    return {
        **{name: getattr(PUBLISHED, name) for name in ("qaly_loss", "qaly_value", "per_discharge", "years")},
        **{
            name: _percent(getattr(PUBLISHED, name)) for name in ("share_per_point", "drop_off", "deadweight")
        },
        "cost_years": PUBLISHED.cost_years,
        "dated": Dated.BASELINE.value,
        "follow_up": FollowUp.FIRST.value,
        "scale": PUBLISHED.scale.value,
        "pathway": "",
        "team": "",
    }


def _percent(share: Decimal) -> Decimal:
    return (share * HUNDRED).to_integral_value()


def _or(given: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if given is None else given


def _share(percent: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if percent is None else percent / HUNDRED
