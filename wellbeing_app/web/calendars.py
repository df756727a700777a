"""Calendar files of a person, and an advisor's own feed: its secret made, shown once, and revoked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from wellbeing_app.model import CalendarTitles
from wellbeing_app.services import calendars, clock, ics
from wellbeing_app.services.calendars import Entry, Kind
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db, house, service
from wellbeing_app.web.guard import guard, public

blueprint = Blueprint("calendars", __name__)

View = str | Response | tuple[str, int]
TITLES: dict[Kind, Any] = {
    Kind.FOLLOW_UP: _l("Follow-up: %(who)s"),
    Kind.RING: _l("Ring: %(who)s"),
    Kind.JOINT_MEETING: _l("Joint meeting: %(who)s"),
    Kind.REVIEW: _l("Discharge review: %(who)s"),
}


@blueprint.get("/episodes/<uuid:episode_id>/follow-up.ics")
@guard(Action.SEE_PERSON)
def of_person(episode_id: uuid.UUID) -> Response:
    """One person's days, to be put into a calendar. No name stands in it."""
    feed = calendars.standing(db, actor)
    titles = feed.titles if feed else CalendarTitles.INITIALS
    return _file(calendars.of_episode(db, actor, episode_id), titles, "follow-up.ics")


@blueprint.get("/calendar")
@guard(Action.SEE_CASELOAD)
def overview() -> str:
    """Whether there is a feed, and how to make one."""
    return _overview(None)


@blueprint.post("/calendar")
@guard(Action.SEE_CASELOAD)
def change() -> View:
    """Make a new secret address, shown this once; or revoke the one there is."""
    if "revoke" in request.form:
        if calendars.revoke(db, actor):
            flash(_("The calendar’s address works no more."))
        return redirect(url_for("calendars.overview"))
    chosen = request.form.get("titles", "")
    titles = CalendarTitles(chosen) if chosen in set(CalendarTitles) else CalendarTitles.INITIALS
    token = calendars.make(db, actor, titles)
    path = url_for("calendars.feed", token=token)
    return _overview(f"{house().settings.public_url}{path}"), 201


@blueprint.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Response:
    """An advisor's own days, for whoever holds the secret: their calendar."""
    found = calendars.read(db, token)
    return _file(found.entries, found.titles, "follow-ups.ics")


def _overview(address: str | None) -> str:
    return render_template(
        "followups/calendar.html",
        feed=calendars.standing(db, actor),
        address=address,
        titles=tuple(CalendarTitles),
    )


def _file(entries: Iterable[Entry], titles: CalendarTitles, name: str) -> Response:
    events = [_event(entry, calendars.called(entry.person, titles)) for entry in entries]
    text = ics.calendar(service.name or _("Well-being survey"), events, clock.now())
    response = make_response(text)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _event(entry: Entry, who: str) -> ics.Event:
    title = str(TITLES[entry.kind]) % {"who": who}
    return ics.Event(f"{entry.episode_id}-{entry.kind}", title, entry.begins, entry.ends)
