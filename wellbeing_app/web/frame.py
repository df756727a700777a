"""What stands around every page: drawn once for each kind of visitor, and kept.

Only two things in it are this page's own: the token of its forms, and the address to come back to. They are
put in afterwards.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request
from flask_babel import get_locale
from jinja2 import Template, pass_context
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from wellbeing_app.web import blanks
from wellbeing_app.web.blanks import HERE, TOKEN, Kept

KEPT = 500  # of some 3 kB
DIFFERS_BY = (
    "service",
    "text_size",
    "help_url",
    "home_url",
    "account_url",
    "preferences_url",
)

Values = tuple[tuple[str, Any], ...]


class HouseTemplate(Template):
    """A template whose macros are made once.

    Jinja looks at every import whether the page was given globals of its own; here none ever is, and the
    looking took a tenth of a page's time.
    """

    def _get_default_module(self, _ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    """Give the templates `kept`."""
    app.jinja_env.template_class = HouseTemplate
    app.jinja_env.globals["kept"] = kept


@pass_context
def kept(context: Context, name: str, keeps_form: str = "") -> Markup:
    """This part of the frame. `keeps_form`: the id of a form whose fields come along to another language."""
    values = tuple((value, context.get(value)) for value in DIFFERS_BY)
    nav = tuple(context.get("nav") or ())
    drawn = _drawn(name, str(get_locale()), request.script_root, nav, keeps_form, values)
    return Markup(blanks.fill(drawn, {}))  # noqa: S704


@lru_cache(KEPT)
def _drawn(
    name: str, _locale: str, _root: str, nav: tuple[Any, ...], keeps_form: str, values: Values
) -> Kept:
    template = current_app.jinja_env.get_template(name)
    own = {"token": blanks.blank(TOKEN), "here": blanks.blank(HERE)}
    return blanks.keep(template.render(**dict(values), **own, nav=nav, keeps_form=keeps_form))
