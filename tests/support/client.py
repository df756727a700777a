"""A client without a browser, that works on the same transaction as the test."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse


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
