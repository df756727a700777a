"""The engine and its sessions: SQLite with settings that keep what was acknowledged, or PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from wellbeing_app.model import sqlite

BUSY_MILLISECONDS = 10_000
# SQLite lets one transaction write at a time. Threads that queue for one connection get their turns in order;
# those that find the file locked try again now and then, and some wait for seconds.
ONE_AT_A_TIME: dict[str, Any] = {
    "poolclass": QueuePool,
    "pool_size": 1,
    "max_overflow": 0,
    "pool_timeout": BUSY_MILLISECONDS / 1000,
    "module": sqlite.driver,
}


def create_engine_for(url: str) -> Engine:
    """An engine for `url`; a bare `postgresql://` means the driver this project pins."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    is_sqlite = parsed.get_backend_name() == "sqlite"
    # Parameters are names and answers: they must not get into a log with an error.
    engine = create_engine(
        parsed, hide_parameters=True, **(ONE_AT_A_TIME if is_sqlite else {"pool_pre_ping": True})
    )
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediately)
    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after the commit, so a page can be drawn from them."""
    return sessionmaker(engine, expire_on_commit=False)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling leaves DDL and savepoints outside; we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute(f"PRAGMA journal_mode = {sqlite.journal_mode()}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA trusted_schema = OFF")
    cursor.close()


def _begin_immediately(connection: Connection) -> None:
    # Nearly every page writes an audit row; a read that turns into a write could lose that race and fail.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
