"""The service in numbers, without names."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import format_number
from flask_babel import gettext as _

from wellbeing_app.evaluation.disclosure import FLOOR, Count, Withheld
from wellbeing_app.services import figures
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard

blueprint = Blueprint("figures", __name__, url_prefix="/figures")


@blueprint.get("")
@guard(Action.SEE_FIGURES)
def overview() -> str:
    """The whole service today."""
    return render_template("figures/overview.html", figures=figures.overview(db, actor))


@blueprint.app_template_filter()
def told(count: Count) -> str:
    """A count in words where it is kept back."""
    match count:
        case Withheld.FEW:
            return _("fewer than %(least)s", least=FLOOR)
        case Withheld.TELLING:
            return _("not shown")
        case number:
            return format_number(number)
