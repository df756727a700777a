"""Tables only. Queries live in `services`."""

from wellbeing_app.model.audit import AuditEntry
from wellbeing_app.model.base import Base, Word
from wellbeing_app.model.devices import (
    Custody,
    Device,
    DeviceUser,
    IntakeKey,
    ItemKind,
    Outcome,
    Packing,
    SyncItem,
)
from wellbeing_app.model.pathway import CARE_CLUSTERS, ClosingReason, Episode, Pathway
from wellbeing_app.model.people import Agreement, Purpose, SafetyAction, SafetyFlag, ServiceUser
from wellbeing_app.model.service import ServiceRecord
from wellbeing_app.model.staff import (
    BreakGlass,
    FormOpening,
    LinkKind,
    OneTimeLink,
    Role,
    SignInAttempt,
    Staff,
    StaffSession,
    Team,
)
from wellbeing_app.model.surveys import (
    SCORE_COLUMNS,
    Answers,
    Draft,
    Mode,
    Occasion,
    Respondent,
    Survey,
    SurveyRevision,
    Ticket,
)

__all__ = [
    "CARE_CLUSTERS",
    "SCORE_COLUMNS",
    "Agreement",
    "Answers",
    "AuditEntry",
    "Base",
    "BreakGlass",
    "ClosingReason",
    "Custody",
    "Device",
    "DeviceUser",
    "Draft",
    "Episode",
    "FormOpening",
    "IntakeKey",
    "ItemKind",
    "LinkKind",
    "Mode",
    "Occasion",
    "OneTimeLink",
    "Outcome",
    "Packing",
    "Pathway",
    "Purpose",
    "Respondent",
    "Role",
    "SafetyAction",
    "SafetyFlag",
    "ServiceRecord",
    "ServiceUser",
    "SignInAttempt",
    "Staff",
    "StaffSession",
    "Survey",
    "SurveyRevision",
    "SyncItem",
    "Team",
    "Ticket",
    "Word",
]
