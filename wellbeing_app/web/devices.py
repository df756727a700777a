"""The tablets: who uses them, when they were last seen, what they still hold; revoking and wiping them."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.services import devices, held, packing
from wellbeing_app.services.policy import Action
from wellbeing_app.web.context import actor, db
from wellbeing_app.web.guard import guard

blueprint = Blueprint("devices", __name__, url_prefix="/devices")


@blueprint.get("")
@guard(Action.SEE_DEVICES)
def everyone() -> str:
    """All of them; and for a manager the visits that were packed and never came."""
    expected = packing.expected(db, actor) if actor.may(Action.PACK) else ()
    return render_template(
        "devices/devices.html",
        devices=devices.everyone(db, actor),
        expected=expected,
        held=held.count(db, actor),
    )


@blueprint.post("/<uuid:device_id>/revoke")
@guard(Action.MANAGE_DEVICES)
def revoke(device_id: uuid.UUID) -> Response:
    """It is lost, or handed back."""
    devices.revoke(db, actor, device_id)
    return _done(_("The tablet is revoked. What it still sends is kept, and held until somebody decides."))


@blueprint.post("/<uuid:device_id>/restore")
@guard(Action.MANAGE_DEVICES)
def restore(device_id: uuid.UUID) -> Response:
    """It was found."""
    devices.restore(db, actor, device_id)
    return _done(_("The tablet can be used again."))


@blueprint.post("/<uuid:device_id>/wipe")
@guard(Action.MANAGE_DEVICES)
def wipe(device_id: uuid.UUID) -> Response:
    """Erase what is packed on it."""
    devices.ask_for_wipe(db, actor, device_id)
    return _done(
        _("At its next contact the tablet sends what waits there, then erases the visits packed on it.")
    )


@blueprint.post("/<uuid:device_id>/keep")
@guard(Action.MANAGE_DEVICES)
def call_off_wipe(device_id: uuid.UUID) -> Response:
    """Leave it as it is, after all."""
    devices.call_off_wipe(db, actor, device_id)
    return _done(_("Called off, unless the tablet has heard of it already."))


@blueprint.post("/<uuid:device_id>/seen")
@guard(Action.SEE_DEVICES)
def note_loss_seen(device_id: uuid.UUID) -> Response:
    """Somebody has looked into a loss."""
    devices.note_loss_seen(db, actor, device_id)
    return _done(_("Noted."))


def _done(sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for("devices.everyone"))
