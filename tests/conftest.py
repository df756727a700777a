"""What every test may ask for. Tests that take `db`, `app` or `client` run on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
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

pytest_plugins = ["tests.support.timing"]

hypothesis_settings.register_profile("house", deadline=None, derandomize=True)
hypothesis_settings.register_profile("soak", deadline=None, max_examples=10_000)
hypothesis_settings.load_profile("house")


KEY = "a key that is only for tests, and long enough"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=10, help="how often the server is killed in tests/faults")
    parser.addoption("--boxes", type=int, default=300, help="how many sealed boxes go there and back")
    parser.addoption(
        "--surveys", type=int, default=300, help="how many surveys a tablet sends in tests/faults"
    )
    parser.addoption("--reports", type=int, default=6, help="how many shared reports are read with a solver")
    parser.addoption("--cells", type=int, default=4000, help="how many hostile texts become cells")
    parser.addoption("--tablet-runs", type=int, default=25, help="how many visits something happens to")
    parser.addoption("--mutations", type=int, default=20_000, help="how many slips in codes on paper")
    parser.addoption("--scans", type=int, default=6, help="how many pages of each journey are read")
    parser.addoption("--forms", type=int, default=3, help="how many paper forms are typed in")
    parser.addoption("--seed", type=int, help="the seed of those visits, to have the same again")
    parser.addoption("--first-run", type=int, default=1, help="the number of the first of them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that wants a whole database of its own is slow."""
    for item in items:
        if "own_database" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def no_process_for_piles() -> Iterator[None]:
    """What an app under test asks to have printed is not in any database that another process could see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wellbeing_app.paper.piles.start", lambda *_what: None)
        yield


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """How often to kill the server: ten times, or as `make soak` says."""
    return int(request.config.getoption("--kills"))


@pytest.fixture(scope="session")
def tablet_runs(request: pytest.FixtureRequest) -> int:
    """To how many visits something happens: 25, or as `make soak` says."""
    return int(request.config.getoption("--tablet-runs"))


@pytest.fixture(scope="session")
def mutations(request: pytest.FixtureRequest) -> int:
    """How many slips in codes: twenty thousand, or as `make soak` says."""
    return int(request.config.getoption("--mutations"))


@pytest.fixture(scope="session")
def forms_to_type(request: pytest.FixtureRequest) -> int:
    """How many paper forms are typed in: three, or as `make soak` says."""
    return int(request.config.getoption("--forms"))


@pytest.fixture(scope="session")
def boxes(request: pytest.FixtureRequest) -> int:
    """How many sealed boxes: a few hundred, or as `make soak` says."""
    return int(request.config.getoption("--boxes"))


@pytest.fixture(scope="session")
def surveys_sent(request: pytest.FixtureRequest) -> int:
    """How many surveys are sent over a line that breaks: or as `make soak` says."""
    return int(request.config.getoption("--surveys"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server that lives as long as this run."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """The address of an empty PostgreSQL database, for a test that needs its own."""
    return new_database(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database with the crew in it, that only this test uses and commits to."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
    else:
        url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    engine = create_engine_for(url)
    migrate(engine)
    with session_factory(engine).begin() as db:
        hire(db)
    engine.dispose()
    return url


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
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Start servers, each with a folder of its own: `start_server()`, `start_server(database_url=…)`."""
    with contextlib.ExitStack() as at_the_end:

        def start(**options: Any) -> LiveServer:
            server = LiveServer(tmp_path_factory.mktemp("server") / "instance", **options)
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
