"""Who may do what: one table. What is not in it is not allowed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from wellbeing_app.model import Role


class Action(StrEnum):
    """Something that can be asked of the app."""

    SEE_CASELOAD = "see_caseload"
    SEE_PERSON = "see_person"
    ADD_PERSON = "add_person"
    EDIT_PERSON = "edit_person"
    HAND_ON = "hand_on"
    MERGE_PEOPLE = "merge_people"
    PLAN_SURVEY = "plan_survey"
    FILL_SURVEY = "fill_survey"
    CORRECT_SURVEY = "correct_survey"
    OPEN_FORM_BY_CODE = "open_form_by_code"
    PACK = "pack"
    DECIDE_HELD = "decide_held"
    PRINT_FORMS = "print_forms"
    SETTLE_PAPER = "settle_paper"
    SEE_TYPING_ERRORS = "see_typing_errors"
    DESTROY_HELD = "destroy_held"
    BREAK_GLASS = "break_glass"
    SEE_ACCESS_LOG = "see_access_log"
    SEE_FIGURES = "see_figures"
    SEE_DEVICES = "see_devices"
    MANAGE_DEVICES = "manage_devices"
    SEE_EXACT_FIGURES = "see_exact_figures"
    EXPORT_RECORDS = "export_records"
    EXPORT_PSEUDONYMS = "export_pseudonyms"
    IMPORT_RECORDS = "import_records"
    MANAGE_ACTIVITIES = "manage_activities"
    MANAGE_STAFF = "manage_staff"
    MANAGE_SERVICE = "manage_service"
    OWN_ACCOUNT = "own_account"


class Scope(StrEnum):
    """Whose records an action reaches."""

    NOBODY = "nobody"
    OPENED_FORMS = "opened_forms"
    CASELOAD = "caseload"
    SERVICE = "service"


_EVERY_ROLE = dict.fromkeys(Role, Scope.SERVICE)
_CARE = {Role.ADVISOR: Scope.CASELOAD, Role.MANAGER: Scope.SERVICE}

POLICY: Mapping[Action, Mapping[Role, Scope]] = {
    Action.SEE_CASELOAD: _CARE,
    Action.SEE_PERSON: _CARE,
    Action.ADD_PERSON: _CARE,
    Action.EDIT_PERSON: _CARE,
    Action.HAND_ON: _CARE,
    Action.MERGE_PEOPLE: _CARE,
    Action.PLAN_SURVEY: _CARE,
    Action.FILL_SURVEY: {**_CARE, Role.DATA_ENTRY: Scope.OPENED_FORMS},
    Action.CORRECT_SURVEY: _CARE,
    Action.OPEN_FORM_BY_CODE: {**_CARE, Role.DATA_ENTRY: Scope.SERVICE},
    Action.PACK: _CARE,
    Action.DECIDE_HELD: _CARE,
    Action.PRINT_FORMS: _CARE,
    Action.SETTLE_PAPER: _CARE,
    Action.SEE_TYPING_ERRORS: {Role.MANAGER: Scope.SERVICE},
    Action.DESTROY_HELD: {Role.MANAGER: Scope.SERVICE},
    Action.BREAK_GLASS: {Role.ADVISOR: Scope.SERVICE},
    Action.SEE_ACCESS_LOG: {Role.MANAGER: Scope.SERVICE},
    Action.SEE_FIGURES: {Role.MANAGER: Scope.SERVICE, Role.EVALUATOR: Scope.SERVICE},
    Action.SEE_DEVICES: {Role.MANAGER: Scope.SERVICE, Role.ADMINISTRATOR: Scope.SERVICE},
    Action.MANAGE_DEVICES: {Role.ADMINISTRATOR: Scope.SERVICE},
    Action.SEE_EXACT_FIGURES: {Role.MANAGER: Scope.SERVICE},
    Action.EXPORT_RECORDS: {Role.MANAGER: Scope.SERVICE},
    Action.EXPORT_PSEUDONYMS: {Role.MANAGER: Scope.SERVICE, Role.EVALUATOR: Scope.SERVICE},
    Action.IMPORT_RECORDS: {Role.MANAGER: Scope.SERVICE},
    Action.MANAGE_ACTIVITIES: {Role.MANAGER: Scope.SERVICE},
    Action.MANAGE_STAFF: {Role.ADMINISTRATOR: Scope.SERVICE},
    Action.MANAGE_SERVICE: {Role.ADMINISTRATOR: Scope.SERVICE},
    Action.OWN_ACCOUNT: _EVERY_ROLE,
}

# What would outlast the few hours: to choose who works with a person (a change of advisor, an episode begun),
# to join two records, and to take somebody's details along on a tablet.
NOT_THROUGH_BROKEN_GLASS = frozenset({Action.HAND_ON, Action.MERGE_PEOPLE, Action.PACK})


def scope(role: Role, action: Action) -> Scope:
    """How far `action` reaches for `role`."""
    return POLICY.get(action, {}).get(role, Scope.NOBODY)
