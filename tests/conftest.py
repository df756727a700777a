"""What every test may ask for. Tests that take `db`, `app` or `client` run on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

pytest.register_assert_rewrite("tests.support")

from tests.support.browser import open_page, running_browser  # noqa: E402 - after the line above
from tests.support.client import Client  # noqa: E402
from tests.support.people import CHEAP, Crew, hire  # noqa: E402
from tests.support.postgres import new_database, postgres_server  # noqa: E402
from tests.support.server import LiveServer  # noqa: E402
from wellbeing_app.config import Settings  # noqa: E402
from wellbeing_app.migrations import migrate  # noqa: E402
from wellbeing_app.model.database import create_engine_for, session_factory  # noqa: E402

pytest_plugins = ["tests.support.how_often", "tests.support.timing"]

hypothesis_settings.register_profile("house", deadline=None, derandomize=True)
hypothesis_settings.register_profile("soak", deadline=None, max_examples=10_000)
hypothesis_settings.load_profile("house")


KEY = "a key that is only for tests, and long enough"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is slow: a whole database of a test's own, and PostgreSQL: there, what passed on SQLite first."""
    for item in items:
        asks_for, chosen = getattr(item, "fixturenames", ()), getattr(item, "callspec", None)
        on_postgres = "postgres" in asks_for or "postgresql" in (chosen.params.values() if chosen else ())
        if on_postgres or "own_database" in asks_for:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def no_process_for_piles() -> Iterator[None]:
    """What an app under test asks to have printed is not in any database that another process could see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wellbeing_app.paper.piles.start", lambda *_what: None)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server that lives as long as this run."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """The address of an empty PostgreSQL database, for a test that needs its own."""
    return new_database(postgres)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database of today's version with nobody in it, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "wellbeing.sqlite"
    _make(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def file_with_crew(migrated_file: Path) -> Path:
    """The same with the crew in it."""
    file = migrated_file.with_name("crew.sqlite")
    shutil.copy(migrated_file, file)
    _make(f"sqlite:///{file}", hire)
    return file


@pytest.fixture(scope="session")
def postgres_with_crew(postgres: str) -> str:
    """The same on PostgreSQL."""
    url = new_database(postgres)
    _make(url, hire)
    return url


def _make(url: str, fill: Callable[[Session], object] | None = None) -> None:
    engine = create_engine_for(url)
    migrate(engine)
    if fill:
        with session_factory(engine).begin() as db:
            fill(db)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database with the crew in it, that only this test uses and commits to."""
    if request.param == "postgresql":
        made = request.getfixturevalue("postgres_with_crew")
        return new_database(request.getfixturevalue("postgres"), like=made)
    file = shutil.copy(request.getfixturevalue("file_with_crew"), tmp_path / "own.sqlite")
    return f"sqlite:///{file}"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database of each kind. What is committed here stays for the next test: prefer `db`."""
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres"))
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite'}"
    engine = create_engine_for(url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Iterator[sessionmaker[Session]]:
    """Sessions that commit into one transaction, which is rolled back after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield _bound_to(connection, engine)
        transaction.rollback()


def _bound_to(connection: Connection, engine: Engine) -> sessionmaker[Session]:
    factory = session_factory(engine)
    factory.configure(bind=connection, join_transaction_mode="create_savepoint")
    return factory


@pytest.fixture
def db(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session for the test itself."""
    with sessions() as session:
        yield session


@pytest.fixture
def crew(db: Session) -> Crew:
    """Asha, Ben, Carol, Mandy, Dev, Eve and Adam, each with an account."""
    return hire(db)


@pytest.fixture
def settings(tmp_path: Path, engine: Engine) -> Settings:
    """Settings for an app under test: a folder of its own, and cheap passwords."""
    return make_settings(engine, tmp_path)


def make_settings(engine: Engine, instance: Path) -> Settings:
    return Settings(
        instance=instance,
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key=KEY,
        password_cost=CHEAP,
        testing=True,
    )


class Borrowed:
    """Stands in for a session factory, and hands every question on to the one of the test that is running."""

    def __init__(self) -> None:
        self.factory: sessionmaker[Session] | None = None

    def __call__(self) -> Session:
        assert self.factory is not None
        return self.factory()


@pytest.fixture(scope="session")
def standing_app(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Borrowed]:
    """One app for all tests on one database: its templates are compiled once."""
    from wellbeing_app import create_app

    borrowed = Borrowed()
    settings = make_settings(engine, tmp_path_factory.mktemp("instance"))
    return create_app(settings, cast("sessionmaker[Session]", borrowed)), borrowed


@pytest.fixture
def app(standing_app: tuple[Flask, Borrowed], sessions: sessionmaker[Session]) -> Flask:
    """The app, working on the same transaction as `db`. A test that changes it wants `own_app`."""
    app, borrowed = standing_app
    borrowed.factory = sessions
    return app


@pytest.fixture
def own_app(settings: Settings, sessions: sessionmaker[Session]) -> Flask:
    """An app of the test's own, to be changed at will."""
    from wellbeing_app import create_app

    return create_app(settings, sessions)


@pytest.fixture
def client(app: Flask, db: Session) -> Client:
    """A client that keeps cookies. It commits `db` before each request and reads afresh after it."""
    app.test_client_class = Client
    return app.test_client(db=db)  # type: ignore[return-value]


StartServer = Callable[..., LiveServer]


@pytest.fixture(scope="module")
def start_server(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[StartServer]:
    """Start servers, each with a folder of its own: `start_server()`, `start_server(database_url=…)`.

    There is nobody in it yet, and its tables are made already, unless it is `fresh`.
    """
    with contextlib.ExitStack() as at_the_end:

        def start(fresh: bool = False, **options: Any) -> LiveServer:
            server = LiveServer(tmp_path_factory.mktemp("server") / "instance", **options)
            if not fresh and "database_url" not in options:
                server.instance.mkdir(mode=0o700)
                shutil.copy(migrated_file, server.instance)
            at_the_end.callback(server.stop)
            server.start()
            return server

        yield start


@pytest.fixture(scope="module")
def live_server(start_server: StartServer) -> LiveServer:
    """One server for the tests of a file, on SQLite, with nobody in it yet."""
    return start_server()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page on the live server, in a fresh context: a tablet held upright."""
    with open_page(browser, live_server.url) as page:
        yield page


@pytest.fixture
def page_without_scripts(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a browser with JavaScript switched off."""
    with open_page(browser, live_server.url, java_script_enabled=False) as page:
        yield page
