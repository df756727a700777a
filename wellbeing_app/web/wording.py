"""The app's own wording where a service has not chosen its own, and what each closed list is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wellbeing_app.forms.labels import choices, label
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Purpose
from wellbeing_app.services.settings import HelpLine
from wellbeing_app.web.context import service
from wellbeing_app.web.i18n import sentences
from wellbeing_app.web.telephone import dialled

__all__ = [
    "AGREEMENTS",
    "agreement_wording",
    "choices",
    "default_help_lines",
    "default_help_text",
    "help_lines",
    "help_text",
    "label",
]

EMERGENCY = "999"
AGREEMENTS: Mapping[Purpose, Any] = {
    Purpose.TAKE_PART: _l(
        "I am happy to answer questions about eight parts of my life, now and again later. "
        "I can skip any question, and I can stop at any time. It will not change the help I get."
    ),
    Purpose.SHARE_WITH_GP: _l("My advisor may tell my GP practice what I answered and how I am getting on."),
    Purpose.EVALUATION: _l("My answers may be used, without my name, to see how well the service works."),
    Purpose.BE_CONTACTED: _l("The service may contact me later to ask how things are going."),
}


def init_app(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals.update(
        label=label,
        help_lines=help_lines,
        help_text=help_text,
        default_help_lines=default_help_lines,
        default_help_text=default_help_text,
        agreement_wording=agreement_wording,
    )
    app.jinja_env.filters["label"] = label


def agreement_wording(purpose: Purpose) -> str:
    """What a person agrees to, in the service's words or else in the app's own, in the page's language."""
    return service.agreement(purpose) or str(AGREEMENTS[purpose])


def help_text() -> Sequence[str]:
    """The paragraphs above the telephone lines: the service's own, else the questionnaire's."""
    return service.help_text.splitlines() if service.help_text else default_help_text()


def help_lines() -> Sequence[HelpLine]:
    """Whom to ring: the service's own lines, else those for everybody; one is always for emergencies."""
    usual = default_help_lines()
    lines = service.help_lines or usual
    return lines if EMERGENCY in {dialled(line.number) for line in lines} else (usual[0], *lines)


def default_help_text() -> Sequence[str]:
    """What is said above the lines while the service has chosen nothing."""
    # The questionnaire goes on to name the lines, which stand below anyway.
    return sentences(INSTRUMENT.words["safety"])[:2]


def default_help_lines() -> tuple[HelpLine, ...]:
    """The lines shown while the service has chosen none."""
    return (
        HelpLine(_("Emergency"), EMERGENCY, _("If somebody is in danger now")),
        HelpLine(_("Samaritans"), "116 123", _("Free, day or night, about anything that troubles you")),
        HelpLine(_("NHS 111"), "111", _("Choose the mental health option, day or night")),
    )
