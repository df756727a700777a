"""Eight parts of a person's life, asked twice, and what changed between."""

from __future__ import annotations

import os

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from wellbeing_app.config import Settings, UnsafeSettings


def create_app(settings: Settings | None = None, sessions: sessionmaker[Session] | None = None) -> Flask:
    """The app. `sessions` lets tests bring a database of their own.

    Raises `UnsafeSettings` when it must not start like this.
    """
    from wellbeing_app import web

    settings = settings or Settings.from_environment(os.environ)
    app = Flask(__name__, static_url_path="/static")
    app.secret_key = settings.secret_key
    web.init_app(app, settings, sessions)
    if _asked_by_flask():
        _give_commands(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def for_wsgi() -> Flask:
    """The app, for whatever looks for it in `wsgi.py`.

    On a machine that is not ready, the command `flask` gets one with the commands and no pages: some of them
    need nothing, and others make the machine ready. A server gets `UnsafeSettings`.
    """
    try:
        return create_app()
    except UnsafeSettings as problem:
        if not _asked_by_flask():
            raise
        why = str(problem)
    app = Flask(__name__, static_folder=None)
    _give_commands(app)
    app.before_request(lambda: (why, 503))
    return app


def _asked_by_flask() -> bool:
    """Whether the command `flask` asks. It wants the commands; a server is spared their weight."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true"


def _give_commands(app: Flask) -> None:
    from wellbeing_app import cli

    cli.join(app.cli, create_app)
