"""Each command has two doors, `python -m wellbeing_app` and `flask`, also where nothing is ready."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.support.server import PROJECT
from wellbeing_app import create_app, for_wsgi
from wellbeing_app.cli import COMMANDS, commands
from wellbeing_app.config import Settings, UnsafeSettings

PATIENCE = 60


def test_both_doors_have_every_command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    named = {command.name for command in COMMANDS}
    assert named == set(commands.commands) == set(create_app(settings).cli.commands)


def test_a_server_is_spared_the_weight_of_the_commands(own_app: Flask) -> None:
    assert own_app.cli.commands == {}


def test_a_server_does_not_get_an_app_without_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELLBEING_INSTANCE", str(tmp_path))
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    with pytest.raises(UnsafeSettings, match=r"no secret\.key"):
        for_wsgi()
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    answer = for_wsgi().test_client().get("/")
    assert answer.status_code == 503
    assert "no secret.key" in answer.text


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code alone: no instance, no key, nothing compiled."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copy(PROJECT / "wsgi.py", folder)
    for name in ("wellbeing_app", "translations"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    return folder


def call(clone: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=clone,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("door", ["flask", "wellbeing_app"])
def test_a_fresh_clone_answers_at_both_doors(clone: Path, door: str) -> None:
    assert call(clone, door, "demo-wipe").stdout == "There is no demo data.\n"
    unready = call(clone, door, "settings")
    assert unready.returncode == 1
    assert unready.stderr.startswith("Error: There is no secret.key in")
