"""What tests of the pages share."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew


@pytest.fixture
def elsewhere(app: Flask, client: Client, db: Session) -> Client:
    """A second browser."""
    return app.test_client(db=db)  # type: ignore[return-value]


@pytest.fixture
def asha(client: Client, crew: Crew) -> Client:
    """Asha at her browser."""
    client.sign_in(crew.asha)
    return client
