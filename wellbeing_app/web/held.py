"""An expired sign-in loses nothing: what was being sent is held, sealed, in the sign-in page."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import g, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from wellbeing_app.forms.account import SignInForm
from wellbeing_app.services.sessions import LeftBehind
from wellbeing_app.web.context import house
from wellbeing_app.web.i18n import PERSONS_LANGUAGE, current_language, use_language

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

LASTS_SECONDS = 12 * 60 * 60
PASSWORDS = ("password", "old", "new")
NEVER_HELD = ("csrf_token", "held", *PASSWORDS)


@dataclass(frozen=True)
class HeldPost:
    """A form that was sent too late: where to, what, and by whom."""

    path: str
    fields: list[tuple[str, str]]
    staff_id: uuid.UUID


def ask_to_sign_in() -> Response | tuple[str, int]:
    """To the sign-in page; with the form that was being sent, if its session ended under it."""
    before = _left_behind()
    if before is not None and before.handed_over:
        return _ask_for_the_advisor(), 401
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("account.sign_in", next=_here()))
    from wellbeing_app.web.account import sign_in_page

    return sign_in_page(SignInForm(formdata=None, held=_seal() if _is_worth_holding() else "")), 401


def _ask_for_the_advisor() -> str:
    """In the person's language, with the advisor's sign-in folded away in the one that staff see."""
    form = SignInForm(formdata=None, held=_seal() if _is_worth_holding() else "", next=_here())
    fragment = render_template("account/_for_the_advisor.html", form=form)
    with use_language(session.get(PERSONS_LANGUAGE, current_language().code)):
        return render_template(
            "account/give_back.html",
            staff=Markup(fragment),  # noqa: S704
            preferences_url=None,
        )


def open_held(sealed: str, staff_id: uuid.UUID) -> HeldPost | None:
    """What was held, if this is the person who was sending it."""
    from cryptography.fernet import InvalidToken

    try:
        kept = json.loads(_box().decrypt(sealed.encode(), ttl=LASTS_SECONDS))
    except (InvalidToken, ValueError):
        return None
    held = HeldPost(kept["path"], [(name, value) for name, value in kept["fields"]], uuid.UUID(kept["staff"]))
    return held if held.staff_id == staff_id else None


def _is_worth_holding() -> bool:
    """A form of somebody we knew a moment ago; but a password is never kept, not even sealed."""
    return bool(_left_behind() and request.form) and not any(name in request.form for name in PASSWORDS)


def _seal() -> str:
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_HELD]
    content = {"path": _address(), "fields": fields, "staff": str(g.left_behind.staff_id)}
    return _box().encrypt(json.dumps(content).encode()).decode()


def _left_behind() -> LeftBehind | None:
    return cast("LeftBehind | None", g.get("left_behind"))


def _box() -> Fernet:
    from cryptography.fernet import Fernet  # takes 7 MB of memory, and few requests seal anything

    material = hashlib.sha256(b"held post:" + house().settings.secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(material))


def _here() -> str | None:
    return _address() if request.path != url_for("caseload.home") else None


def _address() -> str:
    return request.full_path if request.query_string else request.path
