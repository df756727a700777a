"""One's own account: signing in and out, a password, and where else one is signed in."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.account import NOT_RIGHT, PROBLEMS, PasswordForm, SignInForm
from wellbeing_app.services import accounts, authentication, sessions, throttle
from wellbeing_app.services.authentication import Refused, SignedIn
from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.policy import Action
from wellbeing_app.web import browsers, session_cookie, welcome
from wellbeing_app.web.addresses import next_or_home
from wellbeing_app.web.context import actor, db, house, signed_in
from wellbeing_app.web.guard import guard, public
from wellbeing_app.web.held import HeldPost, open_held

blueprint = Blueprint("account", __name__)
blueprint.add_url_rule("/welcome", "welcome", welcome.ask_for_code)
blueprint.add_url_rule("/welcome", "choose_password", welcome.choose_password, methods=["POST"])
View = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("/sign-in")
@public
def sign_in() -> View:
    """Ask who it is."""
    going_on = request.args.get("next", "")
    if signed_in():
        return redirect(next_or_home(going_on))
    return sign_in_page(SignInForm(formdata=None, next=going_on))


@blueprint.post("/sign-in")
@public
def check_sign_in() -> View:
    """Let in whoever has the right password, and give them back what they were sending."""
    form = SignInForm()
    if not form.validate():
        return sign_in_page(form), 422
    result = _try(form)
    if isinstance(result, Refused):
        return _not_let_in(form, result.why)
    response = make_response(_go_on(form, result))
    session_cookie.give(response, result.token)
    return response


@blueprint.post("/sign-out")
@guard(Action.OWN_ACCOUNT)
def sign_out() -> Response:
    """End this sign-in."""
    authentication.sign_out(db, actor)
    session_cookie.begin_afresh()
    flash(_("You are signed out."), "success")
    response = redirect(url_for("account.sign_in"))
    session_cookie.take(response)
    return response


@blueprint.get("/account")
@guard(Action.OWN_ACCOUNT)
def overview() -> str:
    """Who one is here, and where one is signed in."""
    places = [(place, browsers.in_words(place.browser)) for place in sessions.open_sessions(db, actor)]
    return render_template("account/overview.html", staff=accounts.myself(db, actor), places=places)


@blueprint.route("/account/password", methods=["GET", "POST"])
@guard(Action.OWN_ACCOUNT)
def change_password() -> View:
    """Choose another password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form)
    kept, key = house().passwords, house().settings.secret_key
    try:
        authentication.change_password(db, actor, kept, key, form.old.data or "", form.new.data or "")
    except Invalid as refusal:
        form.blame(refusal.problems, PROBLEMS)
        return _password_page(form)
    flash(_("Your password is changed. You are signed out everywhere else."), "success")
    return redirect(url_for("account.overview"))


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@guard(Action.OWN_ACCOUNT)
def end_session(session_id: uuid.UUID) -> View:
    """End one of one's own sign-ins, perhaps this very one."""
    if session_id == actor.session_id:
        return sign_out()
    sessions.end(db, actor, session_id)
    flash(_("That sign-in is ended."), "success")
    return redirect(url_for("account.overview"))


@blueprint.post("/account/sessions/end-others")
@guard(Action.OWN_ACCOUNT)
def end_other_sessions() -> Response:
    """End all of one's own sign-ins but this one."""
    sessions.end_others(db, actor)
    flash(_("You are signed out everywhere else."), "success")
    return redirect(url_for("account.overview"))


def _try(form: SignInForm) -> SignedIn | Refused:
    return authentication.sign_in(
        db,
        house().passwords,
        house().settings.secret_key,
        form.email.data or "",
        form.password.data or "",
        request.remote_addr or "",
        request.user_agent.string,
    )


def _not_let_in(form: SignInForm, why: str) -> View:
    if why == "too_many":
        form.form_errors = [PROBLEMS["too_many"]]
        return sign_in_page(form), 429, {"Retry-After": str(int(throttle.WINDOW.total_seconds()))}
    form.form_errors = [NOT_RIGHT]
    return sign_in_page(form), 422


def _go_on(form: SignInForm, result: SignedIn) -> View:
    session_cookie.begin_afresh()
    held = open_held(form.held.data or "", result.staff.id)
    if held is not None:
        return _held_page(held)
    if form.held.data:
        flash(_("Somebody else had typed something on this browser. It was not shown to you."), "info")
    return redirect(next_or_home(form.next.data))


def sign_in_page(form: SignInForm) -> str:
    """The page that asks who it is, with what is held in its form if anything is."""
    held = bool(form.held.data)
    # Choosing a language sends another form, and what is held in this one would be lost.
    around = {"preferences_url": None} if held else {}
    return render_template("account/sign_in.html", form=form, held=held, **around)


def _held_page(held: HeldPost) -> str:
    return render_template("account/held.html", held=held, preferences_url=None)


def _password_page(form: PasswordForm) -> View:
    page = render_template("account/password.html", form=form, email=accounts.myself(db, actor).email)
    return (page, 422) if form.errors else page
