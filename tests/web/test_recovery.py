"""When the machine is lost: a backup starts the service again on another, which has nothing yet."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.people import record_survey, refer, staff_of
from tests.support.server import OUR_OWN, PROJECT, LiveServer
from wellbeing_app.services import backup, sessions

pytestmark = pytest.mark.slow

PATIENCE = 60


def run(instance: Path, *command: str) -> str:
    """What a command says; it must end well."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OUR_OWN)}
    return subprocess.run(
        [sys.executable, "-m", "wellbeing_app", *command],
        cwd=PROJECT,
        env={**inherited, "WELLBEING_INSTANCE": str(instance)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=True,
    ).stdout


@pytest.fixture
def carried_over(live_server: LiveServer, tmp_path: Path) -> Path:
    """A copy of a service at work, on the way to another machine."""
    crew = live_server.hire()
    with live_server.database() as db:
        record_survey(db, crew.asha, refer(db, crew.asha))
    copy = tmp_path / "carried-over.sqlite"
    run(live_server.instance, "backup", "--to", str(copy))
    return copy


def test_a_backup_is_all_that_a_fresh_machine_needs(carried_over: Path, tmp_path: Path) -> None:
    instance = tmp_path / "another machine"
    assert f"Restored {instance / 'wellbeing.sqlite'}." in run(instance, "restore", str(carried_over))
    assert stat.S_IMODE((instance / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((instance / "wellbeing.sqlite").stat().st_mode) == 0o600
    contents = backup.verify(instance / "wellbeing.sqlite")
    assert (contents.people, contents.surveys) == (1, 1)
    run(instance, "doctor")  # ends with 0
    server = LiveServer(instance)
    server.start()
    server.stop()
    assert "welcome#" not in server.output()  # its administrator came along


def test_nobody_is_signed_in_after_a_restore(tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "instance")
    server.start()
    crew = server.hire()
    with server.database() as db:
        token = sessions.start(db, staff_of(db, crew.asha), "A tablet")
    copy = tmp_path / "copy.sqlite"
    run(server.instance, "backup", "--to", str(copy))
    server.stop()
    run(server.instance, "restore", str(copy), "--replace")
    with server.database() as db:
        assert sessions.find(db, token) is None
