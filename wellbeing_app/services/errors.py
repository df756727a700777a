"""Why a service did not do as asked. `web.errors` turns each into a page, once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping


class ServiceError(Exception):
    """The base of all of them."""


class NotFound(ServiceError):
    """There is no such thing, or none that may be known of."""


class NotYours(NotFound):
    """It exists, and the actor may not know it. Looks like `NotFound` from outside, and is audited."""

    def __init__(self, service_user_id: uuid.UUID, action: str) -> None:
        super().__init__(action)
        self.service_user_id = service_user_id
        self.action = action


class NotAllowed(ServiceError):
    """The actor's role never does this, to anybody's record."""


class Merged(ServiceError):
    """The record became part of another; `reference` is the one to open."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class Invalid(ServiceError):
    """The input breaks a rule. `problems` maps a field to the code of what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in problems.items()))
        self.problems = dict(problems)


class Superseded(ServiceError):
    """Somebody else saved first: `theirs` is what stands now. Nothing was overwritten."""

    def __init__(self, theirs: object) -> None:
        super().__init__("changed by somebody else")
        self.theirs = theirs


class TicketVoid(ServiceError):
    """The ticket was withdrawn; its form must not be filled in."""


class AlreadyRecorded(ServiceError):
    """The ticket was redeemed with other answers; `survey_id` names the survey that stands."""

    def __init__(self, survey_id: uuid.UUID) -> None:
        super().__init__(str(survey_id))
        self.survey_id = survey_id


class LinkSpent(ServiceError):
    """The one-time link is unknown, used or too old; which of these is not told."""
