"""From the text of a cell to a value, or to the code of what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, cast

from sqlalchemy import String, Table

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import (
    CARE_CLUSTERS,
    ClosingReason,
    Episode,
    FollowUpEnd,
    Mode,
    Occasion,
    Pathway,
    Respondent,
    ServiceUser,
    Survey,
    Team,
    Word,
)
from wellbeing_app.services.dataset import MODE_BEFORE, OUTCOMES
from wellbeing_app.services.importing import beside
from wellbeing_app.services.importing.wrong import Wrong
from wellbeing_app.services.text import readable

SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})( .*)?")
YES = frozenset({"yes", "y", "true", "1", "1.0"})
NO = frozenset({"no", "n", "false", "0", "0.0"})
LONGEST_NAME = 200
_POINTS = {str(value): value for value in INSTRUMENT.values}


Parser = Callable[[str], Any]


def day(text: str) -> date:
    """2026-11-21, also with a time behind it, or 21/11/2026: days before months, as in the UK."""
    try:
        if slashed := SLASHED.fullmatch(text):
            dd, mm, yyyy = (int(part) for part in slashed.groups()[:3])
            return date(yyyy, mm, dd)
        return (
            date.fromisoformat(text)
            if len(text) == len("2026-11-21")
            else datetime.fromisoformat(text).date()
        )
    except ValueError as problem:
        raise Wrong("not_a_day") from problem


def moment(text: str) -> time:
    """09:00, with or without seconds."""
    try:
        return time.fromisoformat(text)
    except ValueError as problem:
        raise Wrong("not_a_time") from problem


def ring_days(text: str) -> str:
    """Days of the week as "12345", Monday being 1."""
    if not text or set(text) - set("1234567") or list(text) != sorted(set(text)):
        raise Wrong("not_days_of_the_week")
    return text


def truth(text: str) -> bool:
    said = text.casefold()
    if said in YES or said in NO:
        return said in YES
    raise Wrong("not_yes_or_no")


def whole(text: str) -> int:
    try:
        number = float(text)
    except ValueError as problem:
        raise Wrong("not_a_number") from problem
    if not number.is_integer():
        raise Wrong("not_a_number")
    return int(number)


def word(kind: type[Word]) -> Parser:
    """One of a closed list's words, however it is written: `follow_up`, `Follow-up`, `FOLLOW UP`."""
    known = {re.sub(r"[\W_]+", "", member.value): member for member in kind}

    def parse(text: str) -> Word:
        found = known.get(re.sub(r"[\W_]+", "", text.casefold()))
        if found is None:
            raise Wrong("unknown_word")
        return found

    return parse


def short(table: type, name: str) -> Parser:
    """A text no longer than its column."""
    kind = cast(Table, table.__dict__["__table__"]).c[name].type
    most = kind.length if isinstance(kind, String) else None

    def parse(text: str) -> str:
        if most is not None and len(text) > most:
            raise Wrong("too_long")
        return readable(text)

    return parse


def cluster(text: str) -> int:
    number = whole(text)
    if number not in CARE_CLUSTERS:
        raise Wrong("unknown_cluster")
    return number


def score(text: str) -> int:
    """A point of the scale."""
    if text in _POINTS:
        return _POINTS[text]
    number = whole(text)
    if number not in INSTRUMENT.values:
        raise Wrong("not_a_score")
    return number


OF_PERSON: Mapping[str, Parser] = {
    **{
        name: short(ServiceUser, name)
        for name in ("first_name", "last_name", "telephone", "address", "earlier_reference")
    },
    **{name: short(ServiceUser, name) for name in ("access_notes", "safe_times")},
    "date_of_birth": day,
    "ring_days": ring_days,
    **dict.fromkeys(("ring_from", "ring_until"), moment),
    "person_language": short(ServiceUser, "language"),
    **dict.fromkeys(("needs_interpreter", "needs_bsl", "needs_large_print"), truth),
    **dict.fromkeys(("may_telephone", "may_leave_message", "may_post"), truth),
}
OF_EPISODE: Mapping[str, Parser] = {
    "pathway": word(Pathway),
    "care_cluster": cluster,
    "referred_by": short(Episode, "referred_by"),
    **dict.fromkeys(("referred_on", "joint_meeting_on", "took_up_on", "discharge_review_on"), day),
    **dict.fromkeys(("discharged_on", "re_referred_on", "closed_on"), day),
    "closing_reason": word(ClosingReason),
    "follow_up_ended": word(FollowUpEnd),
    "follow_up_ended_on": day,
    "closing_note": short(Episode, "closing_note"),
    "advisor": str.casefold,
    "team": short(Team, "name"),
    **{column.name: day for column in OUTCOMES.values()},
    "activities": beside.activities,
}
OF_SURVEY: Mapping[str, Parser] = {
    "occasion": word(Occasion),
    "counts": truth,
    "completed_on": day,
    "date_reason": readable,
    "mode": word(Mode),
    "respondent": word(Respondent),
    "helper": readable,
    "with_interpreter": truth,
    "language": readable,
    "instrument_version": short(Survey, "instrument_version"),
    MODE_BEFORE.name: beside.modes,
}
