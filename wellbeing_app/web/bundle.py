"""What is packed, as the tablet wants it: all that leaves the server, in one place to read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wellbeing_app.model import ServiceUser
from wellbeing_app.services.access import Actor
from wellbeing_app.services.packing import Bundle, Earlier, Visit
from wellbeing_app.services.settings import ServiceSettings
from wellbeing_app.web.wording import help_lines, help_text


def bundle_of(bundle: Bundle, actor: Actor, service: ServiceSettings) -> dict[str, Any]:
    """The answer to packing."""
    return {
        "packed_at": bundle.packed_at.isoformat(),
        "expires_at": bundle.expires_at.isoformat(),
        "staff": str(actor.id),
        "service": _service(service),
        "visits": [{**_visit(visit), "advisor": actor.name} for visit in bundle.visits],
        "left_out": [str(ticket) for ticket in bundle.left_out],
    }


def _service(service: ServiceSettings) -> dict[str, Any]:
    return {
        "name": service.name,
        "help_text": list(help_text()),
        "help_lines": [asdict(line) for line in help_lines()],
        "hide_earlier": service.hide_earlier_scores,
        "first_name_at_handover": service.first_name_at_handover,
    }


def _visit(visit: Visit) -> dict[str, Any]:
    ticket, episode = visit.ticket, visit.ticket.episode
    return {
        "ticket": str(ticket.id),
        "code": ticket.code,
        "occasion": ticket.occasion.value,
        "planned_for": ticket.planned_for.isoformat(),
        "pathway": episode.pathway.value,
        "referred_on": episode.referred_on.isoformat(),
        "not_before": visit.not_before.isoformat(),
        "earlier": _earlier(visit.earlier),
        "forms": [{"code": copy.human_id, "token": copy.token_hash or ""} for copy in visit.forms],
        **_person(visit),
    }


def _person(visit: Visit) -> dict[str, Any]:
    """What is needed to find and ring somebody, and to meet them well."""
    person = visit.person
    return {
        "reference": person.reference,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "date_of_birth": _to_check(person),
        "telephone": person.telephone,
        "address": person.address,
        "safe_times": person.safe_times,
        "may_telephone": person.may_telephone,
        "may_leave_message": person.may_leave_message,
        "language": person.language,
        "needs_interpreter": person.needs_interpreter,
        "needs_bsl": person.needs_bsl,
        "needs_large_print": person.needs_large_print,
        "access_notes": person.access_notes,
    }


def _to_check(person: ServiceUser) -> str | None:
    """The date of birth, for whoever is rung: it says whether the right person answers."""
    rung = person.may_telephone and person.telephone
    return person.date_of_birth.isoformat() if rung and person.date_of_birth else None


def _earlier(earlier: Earlier | None) -> dict[str, Any] | None:
    if earlier is None:
        return None
    return {
        "on": earlier.on.isoformat(),
        "scores": dict(earlier.scores),
        "reasons": dict(earlier.reasons),
    }
