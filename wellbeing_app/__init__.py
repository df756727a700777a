"""Eight parts of a person's life, asked twice, and what changed between."""

from __future__ import annotations

import os

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from wellbeing_app.config import Settings


def create_app(settings: Settings | None = None, sessions: sessionmaker[Session] | None = None) -> Flask:
    """The app. `sessions` lets tests bring a database of their own.

    Raises `UnsafeSettings` when it must not start like this.
    """
    from wellbeing_app import web

    settings = settings or Settings.from_environment(os.environ)
    app = Flask(__name__, static_url_path="/static")
    app.secret_key = settings.secret_key
    web.init_app(app, settings, sessions)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
