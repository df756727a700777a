"""Deciding about what a tablet sent: whose it is, and why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from wellbeing_app.forms.base import Form, at_most, required

PROBLEMS = {
    "cannot_accept": _l("This cannot be saved as it is. Look at what is wrong with it below."),
    "cannot_match": _l("This belongs to a visit already."),
    "nothing_stands": _l("Nothing is saved for this visit yet."),
    "decided": _l("Somebody has decided this meanwhile."),
    "not_kept": _l("This cannot be taken back: what was sent is not kept any more."),
    "form_begun": _l("Somebody has begun this visit’s form already. Finish that first, or let go of it."),
    "no_episode": _l("This person has no episode yet. Begin one on their record first."),
    "baseline_first": _l("This person has no baseline yet, and this is a follow-up."),
    "episode_closed": _l("This person’s episode is closed. Open it again first."),
    "not_found": _l("There is nobody with this reference whom you may see."),
    "reason_missing": _l("Say why, in a few words."),
    "reason_too_long": _l("Please say it in 500 characters or fewer."),
}
OTHERWISE = _l("This cannot be saved as it is. Look at what is wrong with it below.")

# Why something is held, and what can be done about it.
REASONS = {
    "unknown_device": _l("It came from a device that is not set up here, or that lost its cookie."),
    "device_revoked": _l("It came from a tablet that was revoked."),
    "unknown_author": _l("It names an advisor whom nobody knows here."),
    "account_disabled": _l("The advisor’s account is no longer in use."),
    "not_on_this_device": _l("The advisor is not among those who use the tablet that it came from."),
    "not_allowed": _l("The advisor’s role does not record surveys any more."),
    "unknown_person": _l("It is about somebody who was not packed. Say who it is."),
    "unknown_ticket": _l("The visit that it was for is no longer there. The record may have been erased."),
    "not_packed": _l("The person is not on the advisor’s caseload, and was not packed."),
    "reassigned": _l("The person has another advisor now, and the visit was taken after the packing ended."),
    "withdrawn": _l("The planned survey was cancelled meanwhile."),
    "two_surveys": _l("This visit has a saved survey already, and its answers differ."),
    "answers": _l("Something is missing from the answers, or cannot be right."),
    "other_form": _l("It was answered on another edition of the questionnaire."),
    "other_schema": _l("The tablet’s app is of a version that is not read here. Update the server."),
    "not_understood": _l("It could be opened, but not understood."),
    "unreadable": _l("It could not be opened: it was sealed to a key that is not here, or it is not a box."),
    "damaged": _l("It was damaged on its way. The tablet still has it, and sends it again."),
    "conflict": _l("Something else came under the same number before."),
    "unwritable": _l("The database could not take it."),
}


class MatchForm(Form):
    """Whose it is."""

    reference = StringField(
        _l("Reference of the person"),
        [required(_l("Enter the reference, such as R-7QK2P.")), at_most(40)],
    )


class CorrectForm(Form):
    """Why a saved survey is corrected."""

    reason = TextAreaField(
        _l("Why these answers are right"), [required(PROBLEMS["reason_missing"]), at_most(500)]
    )


class DestroyForm(Form):
    """Why answers are destroyed."""

    why = TextAreaField(_l("Why it is destroyed"), [required(PROBLEMS["reason_missing"]), at_most(500)])
