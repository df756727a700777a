"""What a fault of ours leaves behind: a page, and a log that names nobody."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, request

from tests.support.client import Client
from wellbeing_app.web.guard import public


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """The app with a page that fails over somebody's name."""

    @public
    def fail() -> str:
        raise RuntimeError("Failing row contains " + request.args["name"])

    own_app.add_url_rule("/fault", "fault", fail)
    return own_app


def test_the_log_says_what_failed_and_where_but_not_whose_row(
    app: Flask, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.DEBUG):
        response = client.get("/fault?name=Grace")
    assert response.status_code == 500
    assert "RuntimeError in fault" in caplog.text
    assert "test_errors.py" in caplog.text
    assert "Grace" not in caplog.text
