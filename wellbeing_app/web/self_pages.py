"""What the person's own pages show, and which of them a slip leads back to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import render_template, request, session, url_for

from wellbeing_app.forms.handover import HelpedForm
from wellbeing_app.forms.messages import STALE
from wellbeing_app.forms.survey import Fields, states
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Ticket
from wellbeing_app.web import drawn
from wellbeing_app.web.i18n import LANGUAGES, PERSONS_LANGUAGE, current_language, words
from wellbeing_app.web.survey_pages import Blamed, problem

LAST = len(INSTRUMENT.measures)


def begin(kept: Mapping[str, Any], spoken: str) -> None:
    """Choose the language to begin in: the one used before; else the person's own, if it was reviewed.

    Changes the browser's cookie too, so that it forgets the advisor's pages and "back" does not show them.
    """
    before = kept.get("language") if kept.get("mode") == Mode.SELF_TABLET else None
    own = spoken if spoken in LANGUAGES and not LANGUAGES[spoken].is_draft else None
    session[PERSONS_LANGUAGE] = before or own or current_language().code
    forget_pages_before()


def forget_pages_before() -> None:
    """Browsers drop the pages they keep for "back" when a cookie changes that scripts cannot read."""
    session["turn"] = uuid.uuid4().hex


def own_page(ticket: Ticket, asked: str) -> str:
    """The page that a choice was made on, if it is one of those that are open to the person."""
    own = url_for("self_completion.start", ticket_id=ticket.id)
    return asked.rstrip("?") if asked.startswith((own, url_for("help.panel"))) else own


def of_measure(number: int, problems: Mapping[str, str]) -> dict[str, str]:
    """What is wrong on one page. To leave a question out is a choice of its own, and the words say so."""
    key = INSTRUMENT.keys[number - 1]
    own = {name: problems[name] for name in (f"answer-{key}", f"note-{key}") if name in problems}
    return {name: "left_out" if code == "missing" else code for name, code in own.items()}


def first_wrong(problems: Mapping[str, str]) -> int | None:
    """The number of the first measure with something wrong."""
    return next((number for number in range(1, LAST + 1) if of_measure(number, problems)), None)


def measure_page(
    ticket: Ticket,
    number: int,
    fields: Fields,
    problems: Mapping[str, str] | None = None,
    *,
    stale: bool = False,
) -> str:
    """One measure, with what was answered and what is wrong with it."""
    measure, state = states(fields, problems)[number - 1]
    return page(
        "measure",
        ticket,
        number=number,
        last=LAST,
        title=words(measure.title),
        drawn=drawn.measures([(measure, state)], "self")[0],
        from_check="check" in request.args,
        errors=measure_errors(problems or {}, stale=stale),
    )


def measure_errors(problems: Mapping[str, str], *, stale: bool) -> Blamed:
    """What is wrong with one measure, as the list of errors wants it."""
    errors: Blamed = [(STALE, None)] if stale else []
    for name, code in problems.items():
        errors.append((problem(code), name if name.startswith("note-") else f"{name}-1"))
    return errors


def check_page(ticket: Ticket, fields: Fields, form: HelpedForm) -> str:
    """All the answers in words."""
    changes = {
        key: url_for("self_completion.measure", ticket_id=ticket.id, number=number, check=1)
        for number, key in enumerate(INSTRUMENT.keys, 1)
    }
    return page("check", ticket, measures=states(fields), changes=changes, form=form)


def page(name: str, ticket: Ticket, **values: Any) -> str:
    """One of the templates in `self/`."""
    return render_template(f"self/{name}.html", ticket=ticket, **values)
