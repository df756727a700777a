"""The lists of packages agree with each other, and name nothing but packages."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LISTS = ["requirements", "requirements-reader", "requirements-dev"]
PIN = re.compile(r"^([a-z0-9.-]+)(?:\[[a-z]+\])?==([^ \\\n;]+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    return dict(PIN.findall((PROJECT / file).read_text()))


@pytest.mark.parametrize("name", LISTS)
def test_every_direct_pin_stands_in_its_lock(name: str) -> None:
    direct = pins(f"{name}.txt")
    assert direct
    assert direct.items() <= pins(f"{name}.lock").items()


def test_tests_run_with_the_versions_that_the_app_runs_with() -> None:
    for name in ("requirements", "requirements-reader"):
        assert pins(f"{name}.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("name", LISTS)
def test_every_package_in_a_lock_has_its_hashes(name: str) -> None:
    packages = (PROJECT / f"{name}.lock").read_text().split("\n    # via")
    assert all("--hash=sha256:" in package for package in packages[:-1])


@pytest.mark.parametrize("name", LISTS)
def test_a_lock_names_no_server_and_no_folder(name: str) -> None:
    assert not re.search(
        r"https?:|file:|--index|--find-links|^/", (PROJECT / f"{name}.lock").read_text(), re.MULTILINE
    )
