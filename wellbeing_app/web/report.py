"""The report of the evaluation: its page, its PDF, two periods beside each other, and in plain words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import format_decimal, format_number, format_percent
from flask_babel import gettext as _

from wellbeing_app import charts
from wellbeing_app.evaluation.figures import Figure, Kind
from wellbeing_app.forms.report import DATED, FOLLOW_UPS, ReportForm, usual
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import OutcomeKind
from wellbeing_app.services import clock
from wellbeing_app.services import report as reports
from wellbeing_app.services.policy import Action
from wellbeing_app.services.report import Report
from wellbeing_app.services.reporting import Period, this_year
from wellbeing_app.web import printing
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.guard import guard

blueprint = Blueprint("report", __name__, url_prefix="/report")
Page = str | tuple[str, int]
TWO_PLACES = "0.00;−0.00"
P_LIMIT = 0.001
BELOW, MINUS_POUNDS = "<\u00a0", "−\u2060£"  # a line never breaks within a figure
WHOLE_POUNDS = (Kind.POUNDS, Kind.EACH, Kind.OWN_POUNDS, Kind.UNIT)
IN_POUNDS = {**dict.fromkeys(WHOLE_POUNDS, "#,##0"), Kind.RATIO: "0.00"}


@blueprint.get("")
@guard(Action.SEE_FIGURES)
def show() -> Page:
    """Every figure, for what was chosen."""
    form = _form()
    if not form.validate():
        return render_template("report/show.html", form=form, report=None), 422
    return render_template("report/show.html", form=form, **_drawn(_made(form)))


@blueprint.get("/pdf")
@guard(Action.SEE_FIGURES)
def as_pdf() -> Page | Response:
    """The same on paper."""
    form = _form()
    if not form.validate():
        return render_template("report/show.html", form=form, report=None), 422
    made = _made(form)
    drawn = printing.Drawn((render_template("printable/report/page.html", **_drawn(made)),))
    db.commit()
    return printing.as_file(drawn.pdf(), f"report-{made.on.isoformat()}.pdf")


@blueprint.get("/plain")
@guard(Action.SEE_FIGURES)
def plain() -> Page:
    """The few figures that matter, in sentences, for the steering group."""
    form = _form()
    if not form.validate():
        return render_template("report/show.html", form=form, report=None), 422
    return render_template("report/plain.html", form=form, **_drawn(_made(form)))


@blueprint.get("/compare")
@guard(Action.SEE_FIGURES)
def compare() -> Page:
    """This period and the one before it, of the same length, or any other that was chosen."""
    form, other = _form(), _form("other-")
    if not (form.validate() and other.validate()):
        broken = form if form.errors else other
        return render_template("report/show.html", form=broken, report=None), 422
    _fill_in(form, other)
    made = _made(form)
    earlier = replace(form.choices(), period=other.choices().period)
    before = reports.for_actor(db, actor, earlier, form.assumptions(), shared=made.shared)
    return render_template("report/compare.html", form=form, other=other, before=before, **_drawn(made))


blueprint.add_app_template_global(charts.bar, "bar")


@blueprint.app_template_filter()
def figure(one: Figure) -> str:
    """A figure as it is written, with `*` where it is kept back."""
    value = one.value
    if value is None:
        return _("none")
    if isinstance(value, str):
        return value
    return _number(one.kind, value)


def _number(kind: Kind, value: float | Decimal) -> str:
    if kind is Kind.SHARE:
        return format_percent(value)
    if kind is Kind.P:
        return BELOW + format_decimal(P_LIMIT) if value <= P_LIMIT else format_decimal(value, "0.000")
    if kind in IN_POUNDS:
        return (MINUS_POUNDS if value < 0 else "£") + format_decimal(abs(value), IN_POUNDS[kind])
    return format_decimal(value, TWO_PLACES) if kind in (Kind.MEAN, Kind.EFFECT) else format_number(value)


def _form(prefix: str = "") -> ReportForm:
    """As the address has it; where it says nothing, as usual."""
    teams = [(str(team_id), name) for team_id, name in reports.teams(db)]
    asked = request.args if any(name.startswith(prefix) for name in request.args) else None
    return ReportForm(teams, _completed(asked, prefix) if asked else None, data=usual(), prefix=prefix)


def _completed(asked: Any, prefix: str) -> Any:
    """An address that names a few choices leaves the others as usual: ticks that are not named are off."""
    full = asked.copy()
    for name, value in usual().items():
        full.setdefault(prefix + name, str(value))
    return full


def _fill_in(form: ReportForm, other: ReportForm) -> None:
    """Without a day chosen: this financial year. Without another period: the one before."""
    _fill(form, this_year(clock.today()))
    _fill(other, form.choices().period.before())


def _fill(form: ReportForm, period: Period) -> None:
    if form.since.data is None and form.until.data is None:
        form.since.data, form.until.data = period.since, period.until


def _made(form: ReportForm) -> Report:
    return reports.for_actor(db, actor, form.choices(), form.assumptions(), shared=bool(form.shared.data))


def _drawn(made: Report) -> dict[str, Any]:
    return {
        "report": made,
        "f": made.figures,
        "scale": charts.scale(len(INSTRUMENT.points)),
        "dated": DATED[made.choices.dated],
        "paired": FOLLOW_UPS[made.choices.follow_up],
        "service_name": service.name or _("Well-being survey"),
        "asked": request.args.to_dict(),
        "outcome_kinds": list(OutcomeKind),
    }
