"""The service's own choices, made by an administrator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from wellbeing_app.forms.labels import label
from wellbeing_app.forms.settings import LOGO_PROBLEMS, LogoForm, SettingsForm, of_settings
from wellbeing_app.model import Pathway, Purpose
from wellbeing_app.services import settings
from wellbeing_app.services.errors import Invalid, Superseded
from wellbeing_app.services.policy import Action
from wellbeing_app.services.settings import ServiceSettings
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard, public
from wellbeing_app.web.i18n import LANGUAGES, language_choices, name_of
from wellbeing_app.web.wording import AGREEMENTS, default_help_lines, default_help_text

blueprint = Blueprint("settings", __name__)
View = str | Response | tuple[str, int] | tuple[bytes, int, dict[str, str]]
A_DAY = 24 * 60 * 60


@blueprint.route("/settings", methods=["GET", "POST"])
@guard(Action.MANAGE_SERVICE)
def service() -> View:
    """All choices on one page."""
    form = SettingsForm(language_choices(), data=of_settings(settings.read(db), default_help_lines()))
    if not form.validate_on_submit():
        return _page(form, 422 if form.errors else 200)
    try:
        settings.change(db, actor, _chosen(form))
    except Superseded as race:
        return _lost_race(form, race.theirs)
    flash(_("Saved."), "success")
    return redirect(url_for("settings.service"))


@blueprint.route("/settings/logo", methods=["GET", "POST"])
@guard(Action.MANAGE_SERVICE)
def set_logo() -> View:
    """A picture for the top of every page, or none."""
    form = LogoForm()
    if not form.validate_on_submit():
        return _logo_page(form)
    try:
        settings.set_logo(db, actor, None if "remove" in request.form else _content(form.logo.data))
    except Invalid as refusal:
        form.blame(refusal.problems, LOGO_PROBLEMS)
        return _logo_page(form)
    flash(_("Saved."), "success")
    return redirect(url_for("settings.service"))


@blueprint.get("/logo")
@public
def logo() -> View:
    """The picture itself. Its address changes with the settings' version."""
    found = settings.logo(db)
    if found is None:
        raise NotFound
    content, media_type = found
    return content, 200, {"Content-Type": media_type, "Cache-Control": f"private, max-age={A_DAY}"}


def _chosen(form: SettingsForm) -> ServiceSettings:
    """What was filled in. The usual lines left as they are stay the app's own, in everybody's language."""
    choices = form.choices()
    return replace(choices, help_lines=()) if choices.help_lines == default_help_lines() else choices


def _content(picture: Any) -> bytes:
    """One byte more than allowed is enough to know that it is too much."""
    return picture.read(settings.LARGEST_LOGO + 1) if picture else b""


def _lost_race(form: SettingsForm, theirs: object) -> View:
    """Both versions: what stands now in words, what was typed in the form; saving once more decides."""
    assert isinstance(theirs, ServiceSettings)
    form.version.data = str(theirs.version)
    both = zip(_in_words(theirs), _in_words(_chosen(form)), strict=True)
    return _page(form, 409, [now for now, typed in both if now != typed])


def _page(form: SettingsForm, status: int, theirs: list[tuple[str, Any]] | None = None) -> View:
    page = render_template(
        "settings/service.html",
        form=form,
        theirs=theirs,
        agreements=AGREEMENTS,
        usual_lines=default_help_lines(),
        usual_text=" ".join(default_help_text()),
    )
    return page, status


def _logo_page(form: LogoForm) -> View:
    page = render_template("settings/logo.html", form=form)
    return (page, 422) if form.errors else page


def _window(chosen: ServiceSettings, pathway: Pathway) -> str:
    first, last = chosen.schedule.months[pathway]
    return _("Follow-up in months %(first)s to %(last)s", first=first, last=last)


def _in_words(chosen: ServiceSettings) -> list[tuple[str, Any]]:
    lines = [f"{line.who} {line.number} {line.note}" for line in chosen.help_lines]
    language = LANGUAGES.get(chosen.default_language)
    return [
        (_("Name of the service"), chosen.name),
        (_("What the help page says first"), chosen.help_text),
        (_("Telephone lines"), "; ".join(lines)),
        *((label(purpose), chosen.agreement(purpose)) for purpose in Purpose),
        (_("Whom to tell of a safety flag"), chosen.safety_contact),
        (_("Hide the earlier answers at a follow-up"), _("Yes") if chosen.hide_earlier_scores else _("No")),
        *((label(pathway), _window(chosen, pathway)) for pathway in Pathway),
        (_("Months from one follow-up to the next"), str(chosen.repeat_after)),
        (_("Each paper form is typed in twice"), _("Yes") if chosen.type_twice else _("No")),
        (_("Of a hundred others, typed again"), str(chosen.typed_again)),
        (_("Language of the app"), name_of(language) if language else chosen.default_language),
        (_("The smallest number of people told outside the service"), chosen.smallest_shared),
        (_("Terms for the GP’s record"), "; ".join(chosen.referral_terms.splitlines())),
    ]
