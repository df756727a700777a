"""What the tests of this folder share: a world that is made once for a file."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from tests.house.world import World, make_world
from tests.support.people import CHEAP
from wellbeing_app.config import Settings
from wellbeing_app.model.database import session_factory


@pytest.fixture(scope="module")
def house_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        instance=tmp_path_factory.mktemp("instance"),
        database_url="sqlite://",
        secret_key="a key that is only for tests, and long enough",
        password_cost=CHEAP,
        testing=True,
    )


@pytest.fixture(scope="module")
def world(engine: Engine, house_settings: Settings) -> Iterator[World]:
    """A service with everybody in it, on a transaction that is never committed."""
    from wellbeing_app import create_app

    with engine.connect() as connection:
        transaction = connection.begin()
        factory = session_factory(engine)
        factory.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield make_world(create_app(house_settings, factory), connection, factory)
        transaction.rollback()


@pytest.fixture(scope="module")
def secure_world(world: World, house_settings: Settings) -> World:
    """The same service, reached by https."""
    from wellbeing_app import create_app

    settings = replace(house_settings, public_url="https://wellbeing.example")
    return replace(world, app=create_app(settings, world.sessions))
