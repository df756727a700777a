"""The addresses that a tablet's scripts talk to; docs/sync-api.yaml describes them."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from wellbeing_app.services import clock, devices, intake, packing, sync, throttle
from wellbeing_app.services.contents import as_id
from wellbeing_app.services.devices import TOKEN_LASTS, Contact
from wellbeing_app.services.intake import PublicKey
from wellbeing_app.services.packing import PACK_DAYS
from wellbeing_app.services.policy import Action
from wellbeing_app.services.sync import MOST_ITEMS, Item, Reply
from wellbeing_app.services.text import readable
from wellbeing_app.web import api, browsers
from wellbeing_app.web.bundle import bundle_of
from wellbeing_app.web.context import actor, db, house, service
from wellbeing_app.web.guard import guard, public

blueprint = Blueprint("sync", __name__, url_prefix="/sync")
Answer = Response | api.Answer

STRANGERS_PER_ADDRESS = 60
FURTHEST_CLOCK = timedelta(days=3650)
MOST_UNSENT = 100_000
MOST_USERS = 1000
LONGEST_ID = 64
MOST_TICKETS = 500


@blueprint.post("/enrol")
@guard(Action.PACK)
def enrol() -> Answer:
    """Make this browser a device of this advisor's, or this advisor one of its users."""
    sent = _object()
    name = _text(sent, "name") or browsers.in_words(request.user_agent.string)
    device, token = devices.enrol(db, actor, _token(), name, _text(sent, "version"))
    answer = {
        "device": str(device.id),
        "staff": str(actor.id),
        "initials": "".join(part[0] for part in actor.name.split()[:3]).upper(),
        "intake": [_key(key) for key in intake.public_keys(db)],
        "pack_days": PACK_DAYS,
    }
    return _with_cookie(jsonify(answer), token)


@blueprint.post("/pack")
@guard(Action.PACK)
def pack() -> Answer:
    """What leaves the server of the visits that were chosen."""
    wanted = _object().get("tickets")
    if not isinstance(wanted, list) or len(wanted) > MOST_TICKETS:
        raise BadRequest
    device = devices.find(db, _token())
    if device is None or not devices.is_user(db, device, actor.id):
        return api.refuse("not_enrolled", 403)
    tickets = {ticket for one in wanted if (ticket := as_id(one)) is not None}
    return jsonify(bundle_of(packing.pack(db, actor, device, tickets), actor, service))


@blueprint.post("")
@public
def deliver() -> Answer:
    """Take custody of what a device sends. Who is signed in makes no difference."""
    contact, items = _delivery(_object())
    token = _token()
    device = devices.find(db, token)
    if device is None and _too_many_from_here():
        return api.refuse("slow_down", 429)
    answer = jsonify(_reply(sync.receive(db, device, contact, items)))
    return _with_cookie(answer, token) if device is not None and token else answer


def _delivery(sent: Mapping[str, Any]) -> tuple[Contact, list[Item]]:
    items = sent.get("items")
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise BadRequest
    unsent = sent.get("unsent")
    count = min(max(unsent, 0), MOST_UNSENT) if isinstance(unsent, int) else len(items)
    now, vaults = _moment(_text(sent, "now")), _vaults(sent.get("vaults"))
    contact = Contact(_text(sent, "version"), count, now, len(items), vaults)
    return contact, [_item(one) for one in items]


def _vaults(sent: object) -> set[uuid.UUID] | None:
    if not isinstance(sent, list):
        return None
    return {staff for one in sent[:MOST_USERS] if (staff := as_id(one)) is not None}


def _item(sent: object) -> Item:
    """One item; whatever it is that should be a sealed box, somebody can look at it."""
    if not isinstance(sent, dict):
        raise BadRequest
    item_id, sha256, sealed = (_text(sent, name) for name in ("id", "sha256", "sealed"))
    if not 0 < len(item_id) <= LONGEST_ID or not item_id.isprintable():
        raise BadRequest
    return Item(item_id, sha256.lower(), intake.bytes_of(sealed))


def _reply(reply: Reply) -> dict[str, Any]:
    answer = {
        "now": _iso(clock.now()),
        "receipts": [
            {"id": one.id, "sha256": one.sha256, "state": one.state.value, "say": one.say}
            for one in reply.receipts
        ],
        "intake": [_key(key) for key in reply.intake],
        "wipe": [str(staff) for staff in reply.wipe],
        "revoked": reply.revoked,
    }
    return {**answer, "lost": reply.lost} if reply.lost else answer


def _key(key: PublicKey) -> dict[str, str]:
    return {"id": key.id, "public": base64.urlsafe_b64encode(key.raw).rstrip(b"=").decode()}


def _object() -> Mapping[str, Any]:
    sent = request.get_json(silent=False)
    if not isinstance(sent, dict):
        raise BadRequest
    return sent


def _text(sent: Mapping[str, Any], name: str) -> str:
    value = sent.get(name)
    return readable(value) if isinstance(value, str) else ""


def _moment(text: str) -> datetime | None:
    """What a device's clock said; None if no clock could be so wrong."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    moment = moment.astimezone(UTC)
    return moment if abs(moment - clock.now()) < FURTHEST_CLOCK else None


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cookie_name() -> str:
    """The device's cookie. It is sent to these addresses only, so it can't be a `__Host-` one."""
    return "__Secure-device" if house().settings.secure else "device"


def _token() -> str | None:
    return request.cookies.get(cookie_name())


def _with_cookie(response: Response, token: str) -> Response:
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(TOKEN_LASTS.total_seconds()),
        path=api.PREFIX,
        secure=house().settings.secure,
        httponly=True,
        samesite="Strict",
    )
    return response


def _too_many_from_here() -> bool:
    """What comes without a device is held too; but not without end from one address."""
    address = throttle.network(request.remote_addr or "")
    target = throttle.target(house().settings.secret_key, "delivery", address)
    return throttle.too_many(db, {target: STRANGERS_PER_ADDRESS})
