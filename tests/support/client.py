"""A client without a browser, that works on the same transaction as the test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.people import staff_of
from wellbeing_app.services import sessions
from wellbeing_app.services.access import Actor
from wellbeing_app.web.guard import cookie_name

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Client(FlaskClient):
    """What the test wrote through its own session is there for the request, and the other way round."""

    def __init__(self, application: Flask, *arguments: Any, db: Session, **options: Any) -> None:
        super().__init__(application, *arguments, **options)
        self.db = db

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        self.db.commit()
        response = super().open(*arguments, **options)
        self.db.expire_all()
        return response

    def sign_in(self, actor: Actor) -> None:
        """From now on the requests are the actor's. (That the sign-in form works is tested elsewhere.)"""
        token = sessions.start(self.db, staff_of(self.db, actor), "A browser in the tests")
        with self.application.app_context():
            self.set_cookie(cookie_name(), token)

    def submit(
        self, path: str, fields: Mapping[str, Any] | None = None, page: str | None = None, **options: Any
    ) -> TestResponse:
        """Post a form as a browser does: open its page (`path`, unless told), then send its token along."""
        found = TOKEN.search(self.get(page or path).text)
        assert found, f"No form on {page or path}"
        return self.post(path, data={"csrf_token": found[1], **(fields or {})}, **options)
