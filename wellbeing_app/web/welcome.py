"""The way in with a one-time link. Its secret stands behind the #: the first step hands it over in a form."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.account import (
    PROBLEMS,
    SPENT,
    CodeForm,
    FirstAdministratorForm,
    WelcomeForm,
    code_of,
)
from wellbeing_app.services import accounts, authentication
from wellbeing_app.services.accounts import Welcomed
from wellbeing_app.services.errors import Invalid, LinkSpent
from wellbeing_app.web import session_cookie
from wellbeing_app.web.context import db, house
from wellbeing_app.web.guard import public

View = str | Response | tuple[str, int]


def address(token: str) -> str:
    """The whole link to hand over."""
    return f"{house().settings.public_url}{url_for('account.welcome')}#{token}"


@public
def ask_for_code() -> str:
    """The first step. The script on the page sends the code on its way; without it, it can be pasted."""
    return _code_page(CodeForm(formdata=None))


@public
def choose_password() -> View:
    """From the code to the password, and from there into the app."""
    try:
        return _second_step() if "password" in request.form else _first_step()
    except LinkSpent:
        form = CodeForm(formdata=None)
        form.code.errors = [SPENT]
        return _code_page(form), 422


def _first_step() -> View:
    form = CodeForm()
    if not form.validate():
        return _code_page(form), 422
    code = code_of(form.code.data or "")
    welcomed = accounts.whom_link_is_for(db, code)
    return _password_page(_form_for(welcomed)(formdata=None, code=code), welcomed)


def _second_step() -> View:
    code = request.form.get("code", "")
    welcomed = accounts.whom_link_is_for(db, code)
    form = _form_for(welcomed)()
    if not form.validate():
        return _password_page(form, welcomed), 422
    try:
        return _let_in(form, code)
    except Invalid as refusal:
        form.blame(refusal.problems, PROBLEMS)
        return _password_page(form, welcomed), 422


def _let_in(form: WelcomeForm, code: str) -> Response:
    who = {name: form[name].data for name in ("name", "email") if name in form}
    staff = accounts.use_link(db, house().passwords, code, form.password.data or "", **who)
    token = authentication.begin(db, staff, request.user_agent.string)
    session_cookie.begin_afresh()
    flash(_("Your password is saved, and you are signed in."), "success")
    response = make_response(redirect(url_for("caseload.home")))
    session_cookie.give(response, token)
    return response


def _form_for(welcomed: Welcomed) -> type[WelcomeForm]:
    return FirstAdministratorForm if welcomed.is_first else WelcomeForm


def _code_page(form: CodeForm) -> str:
    return render_template("account/link.html", form=form)


def _password_page(form: WelcomeForm, welcomed: Welcomed) -> str:
    return render_template("account/welcome.html", form=form, welcomed=welcomed, preferences_url=None)
