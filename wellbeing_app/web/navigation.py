"""What stands around every page: the service's name, where one can go, and who is signed in."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.model import Role
from wellbeing_app.services.policy import Action, Scope, scope
from wellbeing_app.web.context import house, service, signed_in
from wellbeing_app.web.i18n import A_YEAR

TEXT_SIZE_COOKIE = "text_size"
TEXT_SIZES = ("normal", "large", "larger")


def init_app(app: Flask) -> None:
    """Give the templates what `base.html` needs."""
    app.context_processor(_around_the_page)
    app.jinja_env.globals["Action"] = Action


@dataclass(frozen=True)
class Masthead:
    """How the service presents itself on every page."""

    name: str
    logo_url: str | None
    is_demo: bool


def kind_of_visitor() -> tuple[Hashable, ...]:
    """All that decides what stands around a page, below."""
    asking = signed_in()
    return (
        asking and (asking.role, asking.handed_over_ticket_id),
        (request.endpoint, request.script_root, str(get_locale()), text_size()),
        (service.name, service.version, service.has_logo, house().settings.is_demo),
    )


def _around_the_page() -> dict[str, Any]:
    asking = signed_in()
    if asking and asking.handed_over_ticket_id:
        return {**_around_every_page(), **_around_the_persons_page(asking.handed_over_ticket_id)}
    return {
        **_around_every_page(),
        "frame": "base.html",
        "nav": navigation(),
        "home_url": url_for("caseload.home"),
        "account_url": url_for("account.overview") if asking else None,
        "preferences_url": url_for("help.preferences"),
    }


def _around_the_persons_page(ticket_id: UUID) -> dict[str, Any]:
    """While the person has the tablet there is nowhere else to go, whatever page it is."""
    return {
        "frame": "base_self.html",
        "home_url": url_for("self_completion.start", ticket_id=ticket_id),
        "preferences_url": url_for("self_completion.preferences", ticket_id=ticket_id),
    }


def _around_every_page() -> dict[str, Any]:
    return {
        "service": _masthead(),
        "actor": signed_in(),
        "help_url": url_for("help.panel"),
        "text_size": text_size(),
    }


def text_size() -> str:
    """The size of text chosen on this browser."""
    chosen = request.cookies.get(TEXT_SIZE_COOKIE)
    return chosen if chosen in TEXT_SIZES else TEXT_SIZES[0]


def remember_text_size(response: Response, size: str | None) -> None:
    """Keep the choice on this browser for a year; anything but a known size is ignored."""
    if size in TEXT_SIZES:
        response.set_cookie(
            TEXT_SIZE_COOKIE,
            size,
            max_age=A_YEAR,
            secure=house().settings.secure,
            httponly=True,
            samesite="Lax",
        )


def _masthead() -> Masthead:
    logo = url_for("settings.logo", version=service.version) if service.has_logo else None
    return Masthead(service.name or _("Well-being survey"), logo, house().settings.is_demo)


def navigation() -> list[tuple[str, str, bool]]:
    """The label, address and "you are here" of each place this actor can go."""
    asking = signed_in()
    if asking is None or asking.handed_over_ticket_id:
        return []
    places = _places(asking.role, str(get_locale()), request.script_root)
    return [(label, address, request.endpoint == endpoint) for label, address, endpoint in places]


@cache
def _places(role: Role, _locale: str, _where_the_app_is: str) -> list[tuple[str, str, str]]:
    """The label, address and endpoint of each place this role can go, in the page's language."""
    places = (
        (_("Caseload"), "caseload.caseload", Action.SEE_CASELOAD),
        (_("Visits"), "packing.choose", Action.PACK),
        (_("Follow-ups"), "followups.listed", Action.SEE_CASELOAD),
        (_("Find"), "caseload.find", Action.SEE_PERSON),
        (_("Add a person"), "people.add", Action.ADD_PERSON),
        (_("Paper form"), "entry.open_form", Action.OPEN_FORM_BY_CODE),
        (_("Figures"), "figures.overview", Action.SEE_FIGURES),
        (_("Tablets"), "devices.everyone", Action.SEE_DEVICES),
        (_("Data"), "data.overview", Action.EXPORT_PSEUDONYMS),
        (_("Staff"), "staff.everybody", Action.MANAGE_STAFF),
        (_("Settings"), "settings.service", Action.MANAGE_SERVICE),
    )
    return [
        (label, url_for(endpoint), endpoint)
        for label, endpoint, action in places
        if scope(role, action) is not Scope.NOBODY
    ]
