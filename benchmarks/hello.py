"""The yardstick: the smallest page Flask can serve, and the same server around it as around the app."""

from __future__ import annotations

import os

from flask import Flask

from wellbeing_app.cli import server
from wellbeing_app.config import Settings


def hello_app() -> Flask:
    """An app with one page; the other address is where one asks whether it is up."""
    app = Flask("hello")

    @app.get("/health")
    @app.get("/")
    def hello() -> str:
        return "Hello"

    return app


def main() -> None:
    """Serve it where the settings say."""
    settings = Settings.from_environment(os.environ)
    with server.listening(settings) as socket:
        server.run(hello_app(), socket, settings)


if __name__ == "__main__":
    main()
