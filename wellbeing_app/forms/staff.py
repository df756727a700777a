"""The forms for the people who work for the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, RadioField, StringField

from wellbeing_app.forms.account import ADDRESSED, NAMED
from wellbeing_app.forms.base import Form, at_most, required
from wellbeing_app.forms.labels import label
from wellbeing_app.model import Role, Staff
from wellbeing_app.services.accounts import Details

TEAM_LIST = "teams"

MAY_DO: Final[Mapping[Role, Any]] = {
    Role.ADVISOR: _l("works with the people on their own caseload"),
    Role.MANAGER: _l("sees every person, the figures, and who opened which record"),
    Role.DATA_ENTRY: _l("types in paper forms by their code, and sees nothing else"),
    Role.EVALUATOR: _l("sees figures and data without names"),
    Role.ADMINISTRATOR: _l("looks after accounts and settings, and sees nothing about people"),
}
PROBLEMS: Final[Mapping[str, Any]] = {
    "taken": _l("Somebody else already has an account with this email address."),
    "last_administrator": _l(
        "This is the only administrator who can sign in. Make somebody else an administrator first."
    ),
}
NOT_ACTIVE = _l("This person does not work here at present, so they cannot have a link.")


class StaffForm(Form):
    """Who somebody is and what they may do."""

    name = StringField(_l("Name"), NAMED)
    email = EmailField(_l("Email address"), ADDRESSED, description=_l("They sign in with it."))
    role = RadioField(_l("What they do here"), [required(_l("Please choose what they do here."))])
    team = StringField(
        _l("Team"),
        [at_most(200)],
        description=_l("Choose one, or write the name of a new one."),
        render_kw={"list": TEAM_LIST},
    )
    sees_team = BooleanField(
        _l("Also works with the people of the whole team"),
        description=_l("For advisors: the team’s caseload opens to them as well as their own."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.role.choices = [(role.value, _in_words(role)) for role in Role]

    def details(self) -> Details:
        """What was filled in. Ask only when it is valid."""
        return Details(
            name=self.name.data or "",
            email=self.email.data or "",
            role=Role(self.role.data),
            team=self.team.data or "",
            sees_team=self.sees_team.data,
        )


class EditForm(StaffForm):
    """The same for somebody who is here already. `version` is the one that was read."""

    active = BooleanField(
        _l("Works here and may sign in"),
        description=_l("Take the tick away when somebody leaves: they are signed out at once."),
    )
    version = HiddenField()

    def details(self) -> Details:
        """What was filled in. Ask only when it is valid."""
        version = self.version.data or ""
        number = int(version) if version.isdecimal() else 0
        return replace(super().details(), active=self.active.data, version=number)


def of_staff(staff: Staff) -> dict[str, Any]:
    """A member of staff as the fields of the form."""
    return {
        "name": staff.name,
        "email": staff.email,
        "role": staff.role.value,
        "team": staff.team.name if staff.team else "",
        "sees_team": staff.sees_team,
        "active": staff.active,
        "version": str(staff.version),
    }


def _in_words(role: Role) -> str:
    return _("%(role)s: %(may)s", role=label(role), may=MAY_DO[role])
