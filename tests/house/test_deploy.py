"""What is in deploy/ fits the app: its commands, its settings, and one another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wellbeing_app import cli
from wellbeing_app.config import Settings
from wellbeing_app.services import instance

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def said(name: str, key: str) -> list[str]:
    """The values of a key in a file of `key=value` lines."""
    return re.findall(rf"^{key}=(.*)$", text(name), re.MULTILINE)


def example() -> dict[str, str]:
    """The example's settings; those that are commented out too."""
    lines = re.findall(r"^#?([A-Z_]+)=(.+)$", text("wellbeing.env.example"), re.MULTILINE)
    return {name: value.strip('"') for name, value in lines}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    instance.prepare(tmp_path)
    return Settings.from_environment({**example(), "WELLBEING_INSTANCE": str(tmp_path)})


def test_the_example_makes_a_safe_start_behind_one_proxy(settings: Settings) -> None:
    assert settings.secure
    assert settings.trusted_proxies == 1
    assert settings.database_url.startswith("postgresql://")


def test_caddy_asks_where_the_app_listens_for_the_name_that_people_type(settings: Settings) -> None:
    caddyfile = text("Caddyfile")
    assert f"reverse_proxy {settings.host}:{settings.port}\n" in caddyfile
    assert f"\n{settings.public_url.removeprefix('https://')} {{\n" in caddyfile


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_calls_a_command_that_there_is_and_writes_to_its_own_folder_only(unit: Path) -> None:
    (start,) = said(unit.name, "ExecStart")
    (folder,) = said(unit.name, "WorkingDirectory")
    program, command = start.rsplit(" -m wellbeing_app ")
    assert program == f"{folder}/.venv/bin/python"
    assert command in cli.commands.commands
    assert said(unit.name, "ProtectSystem") == ["strict"]
    assert example()["WELLBEING_INSTANCE"] == f"/var/lib/{said(unit.name, 'StateDirectory')[0]}"


def test_the_backup_is_made_by_the_timer() -> None:
    assert said("wellbeing-backup.timer", "OnCalendar")
    assert DEPLOY / "wellbeing-backup.service" in UNITS


def test_the_command_for_root_has_the_settings_and_the_user_of_the_unit() -> None:
    (user,), (file,) = said("wellbeing.service", "User"), said("wellbeing.service", "EnvironmentFile")
    assert f". {file}\n" in text("wellbeing")
    assert f"runuser -u {user} -- " in text("wellbeing")
