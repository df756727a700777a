"""tools/environment.py: what it takes as ready, and what it says when something is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment
from tools.environment import NotReady, Part


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two locks and an environment in which nothing is installed yet."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(environment, "PROJECT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "installed.json")
    environment.python().parent.mkdir(parents=True)
    environment.python().touch()
    return tmp_path


def installed(*locks: str) -> None:
    stamp = {"place": str(environment.VENV), "locks": [environment.digest(lock) for lock in locks]}
    environment.STAMP.write_text(json.dumps(stamp))


def test_an_environment_without_a_stamp_is_made_again(project: Path) -> None:
    assert not environment.environment_is_ready("run")


def test_what_is_installed_for_tests_serves_to_run(project: Path) -> None:
    installed("requirements.lock", "requirements-dev.lock")
    assert environment.environment_is_ready("run")
    assert environment.environment_is_ready("test")


def test_what_is_installed_to_run_does_not_serve_for_tests(project: Path) -> None:
    installed("requirements.lock")
    assert environment.environment_is_ready("run")
    assert not environment.environment_is_ready("test")


def test_a_changed_lock_is_installed_again(project: Path) -> None:
    installed("requirements.lock")
    (project / "requirements.lock").write_text("another version")
    assert not environment.environment_is_ready("run")


def test_an_environment_that_was_moved_is_made_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed("requirements.lock")
    moved = project / "elsewhere"
    (project / ".venv").rename(moved)
    monkeypatch.setattr(environment, "VENV", moved)
    monkeypatch.setattr(environment, "STAMP", moved / "installed.json")
    assert not environment.environment_is_ready("run")


def test_an_environment_that_was_lent_by_a_link_is_never_cleared(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.VENV.rename(project / "lent")
    environment.VENV.symlink_to(project / "lent")
    kept = sorted((project / "lent").rglob("*"))
    monkeypatch.setattr(environment, "do", pytest.fail)
    environment.prepare_environment("test")
    assert kept
    assert sorted((project / "lent").rglob("*")) == kept


def test_an_environment_whose_python_went_is_made_again(project: Path) -> None:
    installed("requirements.lock")
    environment.python().unlink()
    assert not environment.environment_is_ready("run")


def test_a_failed_installation_leaves_no_stamp(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed("requirements.lock")
    environment.python().unlink()
    environment.python().symlink_to("/bin/false")
    with pytest.raises(NotReady, match="network"):
        environment.prepare_environment("test")
    assert environment.installed_locks() == set()


MISSING = Part("a-package", "no music", lambda: False)


@pytest.fixture
def nothing_to_install_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.mark.usefixtures("project", "nothing_to_install_with")
def test_the_app_starts_without_a_part_and_says_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "PARTS_TO_RUN", [MISSING])
    environment.prepare_system("run")
    assert "apt-get install a-package" in capsys.readouterr().out


@pytest.mark.usefixtures("project", "nothing_to_install_with")
def test_the_tests_do_not_start_without_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "PARTS_TO_TEST", [MISSING])
    with pytest.raises(NotReady, match="apt-get install a-package"):
        environment.prepare_system("test")


def test_an_old_python_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST_PYTHON", (9, 0))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotReady, match="apt-get install python3"):
        environment.continue_with_a_newer_python()


def test_it_needs_nothing_but_python() -> None:
    script = Path(environment.__file__)
    asked = subprocess.run([sys.executable, "-I", "-S", script], capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert "run     what the app needs" in asked.stdout
